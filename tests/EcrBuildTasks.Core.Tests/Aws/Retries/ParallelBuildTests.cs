using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Core.Tests.Aws.Retries;

public sealed class ParallelBuildTests
{
    private const string Owner = "444455556666";

    private static readonly AccessKey Key = new("AKIAPARALLEL", "parallel-secret");

    [Fact]
    public async Task Twenty_builds_that_share_one_rate_limit_all_get_through()
    {
        await using var emulator = await StartAsync(
            new("GetAuthorizationToken", PerSecond: 3, Burst: 4),
            new("PutImage", PerSecond: 8, Burst: 10)
        );
        using var environment = Environment(emulator);
        using var archive = TestArchive.Create();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(build => BuildAsync($"1.0.{build}", archive, environment)));

        emulator.Calls.Count(call => call is { Action: "GetAuthorizationToken", Status: 400 }).ShouldBeGreaterThan(0);
    }

    /// <summary>A build of its own: nothing is shared with another but the account.</summary>
    private static async Task BuildAsync(string tag, TestArchive archive, AwsEnvironment environment)
    {
        var pipeline = new PushPipeline(new AwsIdentities(environment.Variables));
        var request = new PushRequest
        {
            Registry = $"{Owner}.dkr.ecr.eu-west-1.amazonaws.com",
            Repository = "hello-api",
            Tags = [tag],
            Mode = PushMode.Registry,
            Source = archive.Source(),
        };

        var preflight = await pipeline.PreflightAsync(request, TestContext.Current.CancellationToken);
        // Throttled for too long, a probe is lost: a warning, and the build goes on.
        preflight.Diagnostics.ShouldAllBe(diagnostic => diagnostic.Code == EcrCode.Undecided);
        preflight.Succeeded.ShouldBeTrue();

        var outcomes = await pipeline.PushAsync([request], _ => new Recorder(), TestContext.Current.CancellationToken);
        outcomes.ShouldHaveSingleItem().Diagnostics.ShouldBeEmpty();
    }

    private static Task<EcrEmulator> StartAsync(params RateLimit[] limits) =>
        EcrEmulator.StartAsync(
            new()
            {
                RateLimits = limits,
                Accounts =
                [
                    new(Owner)
                    {
                        Users =
                        [
                            new("ci")
                            {
                                AccessKeys = [Key],
                                IdentityPolicies =
                                [
                                    new(
                                        "all",
                                        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""
                                    ),
                                ],
                            },
                        ],
                        Registries = [new("eu-west-1") { Repositories = [new("hello-api")] }],
                    },
                ],
            },
            TestContext.Current.CancellationToken
        );

    private static AwsEnvironment Environment(EcrEmulator emulator) =>
        new(
            "",
            ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString()),
            ("AWS_ACCESS_KEY_ID", Key.Id),
            ("AWS_SECRET_ACCESS_KEY", Key.Secret)
        );
}
