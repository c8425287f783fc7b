using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>A push to a repository that is somewhere else.</summary>
public sealed class RepositorySearchTests : IAsyncLifetime
{
    private const string Own = "111122223333";
    private const string Other = "444455556666";
    private const string Closed = "777788889999";

    private const string Open =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:*","Resource":"*"}]}""";

    private const string Config = """
        [default]
        region = ap-south-1
        """;

    private EcrEmulator _emulator = null!;
    private AwsEnvironment _environment = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var ci = new IamRole("ci")
        {
            IdentityPolicies = [new("push", Open.Replace("\"Principal\":\"*\",", "", StringComparison.Ordinal))],
            Sessions = [new("run-7", new("ASIASEARCH", "search-secret", "search-token"))],
        };
        _emulator = await EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new(Own)
                    {
                        Roles = [ci],
                        Registries =
                        [
                            new("eu-west-1") { Repositories = [new("hello-api"), new("team/web")] },
                            new("eu-central-1") { Repositories = [new("central")] },
                            new("ap-south-1") { Repositories = [new("central"), new("south")] },
                        ],
                    },
                    new(Other) { Registries = [new("eu-west-1") { Policy = Open }] },
                    new(Closed)
                    {
                        Registries = [new("eu-west-1") { Repositories = [new("hello-api"), new("theirs")] }],
                    },
                ],
            },
            Cancellation
        );
        _environment = new AwsEnvironment(
            Config,
            ("AWS_ENDPOINT_URL", _emulator.Endpoint.ToString()),
            ("AWS_ACCESS_KEY_ID", "ASIASEARCH"),
            ("AWS_SECRET_ACCESS_KEY", "search-secret"),
            ("AWS_SESSION_TOKEN", "search-token"),
            ("AWS_REGION", "eu-central-1")
        );
    }

    public async ValueTask DisposeAsync()
    {
        _environment.Dispose();
        await _emulator.DisposeAsync();
    }

    [Theory]
    [InlineData(Own, "south", "111122223333.dkr.ecr.ap-south-1.amazonaws.com")]
    [InlineData(
        Own,
        "central",
        "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
        "111122223333.dkr.ecr.ap-south-1.amazonaws.com"
    )]
    [InlineData(Other, "hello-api", "111122223333.dkr.ecr.eu-west-1.amazonaws.com")]
    [InlineData(Other, "south", "111122223333.dkr.ecr.ap-south-1.amazonaws.com")]
    public async Task A_repository_of_another_region_or_account_is_found(
        string account,
        string repository,
        params string[] hosts
    )
    {
        var outcome = await PreflightAsync(Request(account, repository));

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryMissing);
        error.Message.ShouldContain(account);
        hosts.ShouldAllBe(host => error.Message.Contains(host));
        _emulator.Calls.Count(call => call.Action == "DescribeRepositories").ShouldBeLessThanOrEqualTo(1 + 3);
    }

    [Fact]
    public async Task A_denial_in_another_account_tells_that_the_callers_own_has_the_repository_too()
    {
        var outcome = await PreflightAsync(Request(Closed, "hello-api"));

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        error.Details.ShouldContain(line => line.Contains("111122223333.dkr.ecr.eu-west-1.amazonaws.com"));
        outcome.Fixes.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_denial_in_another_account_says_nothing_of_the_callers_own_that_has_no_such_repository()
    {
        var outcome = await PreflightAsync(Request(Closed, "theirs"));

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        error.Details.ShouldNotContain(line => line.Contains("111122223333.dkr.ecr."));
    }

    [Fact]
    public async Task The_region_that_was_said_besides_the_host_is_looked_at_first()
    {
        var outcome = await PreflightAsync(Request(Own, "south") with { Region = "ap-south-1" });

        outcome.Diagnostics[0].Message.ShouldContain("ap-south-1");
    }

    [Theory]
    [InlineData("helo-api", "hello-api?")]
    [InlineData("web", "team/web?")]
    [InlineData("platform/hello-api", " hello-api?")]
    [InlineData("nothing-like-it", "EcrCreateRepository")]
    public async Task The_nearest_name_in_the_registry_is_told(string repository, string words)
    {
        var outcome = await PreflightAsync(Request(Own, repository));

        outcome.Diagnostics.ShouldHaveSingleItem().Message.ShouldContain(words);
    }

    [Fact]
    public async Task Nobody_looks_for_a_repository_that_is_there_or_will_be_created()
    {
        (await PreflightAsync(Request(Own, "hello-api"))).Diagnostics.ShouldBeEmpty();
        (await PreflightAsync(Request(Own, "new") with { CreateRepository = true })).Diagnostics.ShouldBeEmpty();

        _emulator.Calls.Count(call => call.Action == "DescribeRepositories").ShouldBe(2);
    }

    [Fact]
    public async Task A_push_without_a_preflight_tells_the_same()
    {
        using var archive = TestArchive.Create();
        var request = Request(Own, "south") with { Preflight = PreflightMode.Off, Source = archive.Source() };

        var outcome = await new PushPipeline(new AwsIdentities(_environment.Variables)).PushAsync(
            [request],
            _ => new Progress<EcrBuildTasks.Push.PushProgress>(),
            Cancellation
        );

        var error = outcome.ShouldHaveSingleItem().Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryMissing);
        error.Message.ShouldContain("ap-south-1");
    }

    private static PushRequest Request(string account, string repository) =>
        new()
        {
            Registry = $"{account}.dkr.ecr.eu-west-1.amazonaws.com",
            Repository = repository,
            Tags = ["1.0"],
            Mode = PushMode.Registry,
        };

    private Task<PreflightOutcome> PreflightAsync(PushRequest request) =>
        new PushPipeline(new AwsIdentities(_environment.Variables)).PreflightAsync(request, Cancellation);
}
