using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;

namespace EcrBuildTasks.Core.Tests;

/// <summary>Whatever comes of a push, the report says as whom it was made, and where the credentials came from.</summary>
public sealed class CallerReportTests : IAsyncLifetime
{
    private const string Account = "444455556666";
    private const string Stranger = "111122223333";
    private const string Owner = $"arn:aws:iam::{Account}:user/owner";
    private const string Other = $"arn:aws:iam::{Stranger}:user/other";

    private static readonly IamPolicy All = new(
        "all",
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""
    );

    private static readonly EmulatorOptions Options = new()
    {
        Accounts =
        [
            new(Stranger) { Users = [new("other") { AccessKeys = [new("AKIAOTHER", "o")], IdentityPolicies = [All] }] },
            new(Account)
            {
                Users = [new("owner") { AccessKeys = [new("AKIAOWNER", "s")], IdentityPolicies = [All] }],
                Registries =
                [
                    new("eu-west-1")
                    {
                        Repositories = [new("hello-api"), new("fixed") { ImageTagMutability = "IMMUTABLE" }],
                    },
                ],
            },
        ],
    };

    private EcrEmulator _emulator = null!;
    private AwsEnvironment _environment = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EcrEmulator.StartAsync(Options, Cancellation);
        _environment = new(
            """
            [profile owner]
            aws_access_key_id = AKIAOWNER
            aws_secret_access_key = s
            [profile other]
            aws_access_key_id = AKIAOTHER
            aws_secret_access_key = o
            """,
            ("AWS_ENDPOINT_URL", _emulator.Endpoint.ToString()),
            // Faults that last need no patience.
            ("AWS_MAX_ATTEMPTS", "1")
        );
    }

    public async ValueTask DisposeAsync()
    {
        _environment.Dispose();
        await _emulator.DisposeAsync();
    }

    [Theory]
    [InlineData("other", "hello-api", "ECR2001")]
    [InlineData("owner", "no-such", "ECR3001")]
    [InlineData("owner", "hello-api", "ECR2007")]
    public async Task What_a_preflight_finds_wrong(string profile, string repository, string code)
    {
        if (code == "ECR2007")
        {
            _emulator.Faults.Add(new RefusalFault("PutImage", 500) { Code = "ServerException" });
        }

        var outcome = await Pipeline().PreflightAsync(Request(profile, repository), Cancellation);

        ShouldName(outcome.Diagnostics.ShouldHaveSingleItem(), code, profile);
    }

    [Theory]
    [InlineData("other", "hello-api", "ECR2001")]
    [InlineData("owner", "no-such", "ECR3001")]
    [InlineData("owner", "fixed", "ECR3002")]
    [InlineData("owner", "hello-api", "ECR4003")]
    public async Task What_keeps_a_push_that_nobody_has_checked_before(string profile, string repository, string code)
    {
        if (code == "ECR3002")
        {
            (await PushAsync(Request(profile, repository))).Result.ShouldNotBeNull();
        }

        var outcome = await PushAsync(Request(profile, repository), isWhole: code != "ECR4003");

        ShouldName(outcome.Diagnostics.ShouldHaveSingleItem(), code, profile);
    }

    [Fact]
    public async Task A_push_that_succeeds_of_two_profiles_at_once_in_one_process()
    {
        await using var mine = await EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    Options.Accounts[0] with
                    {
                        Registries = [new("eu-west-1") { Repositories = [new("hello-api")] }],
                    },
                    Options.Accounts[1],
                ],
            },
            Cancellation
        );
        _environment.Set("AWS_ENDPOINT_URL", mine.Endpoint.ToString());
        var pipeline = Pipeline();

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(index =>
                    PushAsync(
                        Request(index % 2 == 0 ? "owner" : "other", "hello-api") with
                        {
                            Registry = null,
                            Region = "eu-west-1",
                            Tags = [$"1.{index}"],
                        },
                        pipeline
                    )
                )
        );

        outcomes
            .Select(outcome =>
                (outcome.Result!.Caller.Arn, outcome.Result.CredentialsSource, outcome.Result.Pushed.Tags[0])
            )
            .ShouldBe(
                Enumerable
                    .Range(0, 20)
                    .Select(index =>
                        index % 2 == 0 ? (Owner, "profile owner", $"1.{index}") : (Other, "profile other", $"1.{index}")
                    )
            );
        mine.Calls.Where(call => call is { Service: "registry", Method: "PUT", Action: "PutImage" })
            .Select(call =>
                (
                    int.Parse(call.Path.Split('.')[^1], System.Globalization.CultureInfo.InvariantCulture) % 2,
                    call.Principal
                )
            )
            .Distinct()
            .ShouldBe([(0, Owner), (1, Other)], ignoreOrder: true);
        // Asked once for each identity, however many push.
        mine.Calls.Count(call => call.Action == "GetCallerIdentity").ShouldBe(2);
    }

    [Fact]
    public async Task An_STS_that_does_not_answer_costs_the_name_and_not_the_push()
    {
        _emulator.Faults.Add(new StallFault("GetCallerIdentity"));

        var outcome = await PushAsync(Request("owner", "hello-api"));

        var result = outcome.Result.ShouldNotBeNull();
        result.Caller.ShouldBe(CallerIdentity.NotKnown);
        result.CredentialsSource.ShouldBe("profile owner");
    }

    [Fact]
    public async Task Who_asks_for_somebody_else_is_not_taken_for_that_one()
    {
        const string Role = "arn:aws:iam::111122223333:role/ci";

        var outcome = await Pipeline()
            .PreflightAsync(
                Request("owner", "hello-api") with
                {
                    Principal = CallerIdentity.ForPrincipal(Role),
                },
                Cancellation
            );

        PreflightLines
            .Describe(outcome.Report!)
            .ShouldContain(line => line.Contains($"{Role} (") && line.Contains("profile owner"));
    }

    private static void ShouldName(EcrDiagnostic diagnostic, string code, string profile)
    {
        diagnostic.Code.Id.ShouldBe(code, diagnostic.ToString());
        var arn = profile == "owner" ? Owner : Other;
        var caller = diagnostic.Caller.ShouldNotBeNull();
        caller.ShouldContain(arn);
        caller.ShouldContain($"profile {profile}");
        diagnostic
            .Details.Prepend(diagnostic.Message)
            .Count(line => line.Contains(arn) && line.Contains($"profile {profile}"))
            .ShouldBe(1, diagnostic.ToString());
    }

    private async Task<PushOutcome> PushAsync(PushRequest request, PushPipeline? pipeline = null, bool isWhole = true)
    {
        using var archive = TestArchive.Create(omitLayer: !isWhole);
        var outcomes = await (pipeline ?? Pipeline()).PushAsync(
            [request with { Source = archive.Source(), Preflight = PreflightMode.Off }],
            _ => new Progress<PushProgress>(),
            Cancellation
        );
        return outcomes.ShouldHaveSingleItem();
    }

    private PushPipeline Pipeline() => new(new AwsIdentities(_environment.Variables));

    private static PushRequest Request(string profile, string repository) =>
        new()
        {
            Registry = $"{Account}.dkr.ecr.eu-west-1.amazonaws.com",
            Profile = profile,
            Repository = repository,
            Tags = ["1.0"],
            Mode = PushMode.Registry,
        };
}
