using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Core.Tests.Preflight;

public sealed class PreflightFaultTests
{
    private const string Everything =
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{PreflightScene.OtherAccount}}:root"},"Action":"ecr:*"}]}""";

    private static readonly StubAnswer Throttled = StubAnswer.Error("ThrottlingException", "Rate exceeded");

    private static readonly StubAnswer Broken = StubAnswer.Error("ServerException", "Try again", 500);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cold_preflight_takes_four_round_trips_connection_and_TLS_included(bool isRegistryGiven)
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);
        // What the runtime compiles on first use must not look like waiting; 50 ms would drown in a busy machine's delays.
        (await scene.PreflightAsync()).Succeeded.ShouldBeTrue();
        await using var front = await AwsFront.StartAsync(scene.Emulator.Endpoint, TimeSpan.FromMilliseconds(250));
        scene.Route(front.Url);
        var request = PreflightScene.Request();

        var outcome = await scene.PreflightAsync(
            isRegistryGiven ? request : request with { Registry = null, Region = "eu-west-1" }
        );

        outcome.Diagnostics.ShouldBeEmpty();
        outcome.Report!.Image.Registry.Host.ShouldBe(request.Registry);
        front.Exchanges.Count.ShouldBe(13);
        // One each for TCP and TLS, which every connection opens by itself; then only the probes that write wait, for one answer.
        (2 + front.RoundTrips).ShouldBeLessThanOrEqualTo(4);
    }

    public static TheoryData<string, bool> SingleFaults()
    {
        var data = new TheoryData<string, bool>();
        foreach (
            var operation in PushAction
                .OnRepository.Select(action => action["ecr:".Length..])
                .Concat(["GetAuthorizationToken", "DescribeRepositories", "GetRepositoryPolicy"])
        )
        {
            data.Add(operation, true);
            data.Add(operation, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SingleFaults))]
    public async Task A_call_that_fails_costs_certainty_and_not_the_build(string operation, bool isThrottled)
    {
        await using var scene = await PreflightScene.OpenAsync(Everything);

        var outcome = await PreflightWithAsync(scene, operation, isThrottled ? Throttled : Broken);

        outcome.Succeeded.ShouldBeTrue();
        var report = outcome.Report.ShouldNotBeNull();
        if (report.Verdicts.FirstOrDefault(v => v.Action == $"ecr:{operation}") is { } verdict)
        {
            verdict.Permission.ShouldBe(Permission.Unknown);
            var warning = outcome.Diagnostics.ShouldHaveSingleItem();
            warning.Code.ShouldBe(EcrCode.Undecided);
            warning.Message.ShouldEndWith($": ecr:{operation}.");
        }
        else
        {
            report.NotSeen.ShouldHaveSingleItem().ShouldContain(isThrottled ? "Throttling" : "ServerException");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_STS_fails_a_denial_still_names_the_caller(bool isThrottled)
    {
        await using var scene = await PreflightScene.OpenAsync();

        var outcome = await PreflightWithAsync(
            scene,
            "GetCallerIdentity",
            isThrottled
                ? StubAnswer.StsError("Throttling", "Rate exceeded", 400)
                : StubAnswer.StsError("InternalFailure", "x", 500)
        );

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        error.Message.ShouldStartWith(PreflightScene.Session);
        outcome.Fixes.ShouldHaveSingleItem().ToJson().ShouldContain("role/ci");
        outcome.Report!.NotSeen.ShouldContain(what => what.StartsWith("the caller ("));
    }

    [Fact]
    public async Task Where_STS_fails_an_allowed_push_goes_on()
    {
        await using var scene = await PreflightScene.OpenAsync(Everything);

        var outcome = await PreflightWithAsync(
            scene,
            "GetCallerIdentity",
            StubAnswer.StsError("InternalFailure", "x", 500)
        );

        outcome.Diagnostics.ShouldBeEmpty();
        outcome.Report!.Permission.ShouldBe(Permission.Allowed);
    }

    [Theory]
    [InlineData("GetCallerIdentity")]
    [InlineData("GetAuthorizationToken")]
    [InlineData("GetRepositoryPolicy")]
    [InlineData("PutImage")]
    public async Task A_call_that_is_never_answered_holds_nothing_up(string operation)
    {
        await using var scene = await PreflightScene.OpenAsync(Everything);
        await using var front = await AwsFront.StartAsync(
            scene.Emulator.Endpoint,
            faults: new Dictionary<string, StubAnswer?> { [operation] = null }
        );
        scene.Route(front.Url);
        var target = await OpenAsync(scene, PreflightScene.Request());
        var preflight = new PushPreflight(
            target.Session,
            cancellation =>
                target.Session.GetAuthorizationAsync(target.Session.RegistryOf(PreflightScene.Owner), cancellation)
        )
        {
            Limit = new(TimeSpan.FromSeconds(3)),
        };

        var report = await RunAsync(preflight, target.Target);

        report.Denied.ShouldBeEmpty();
        report
            .NotSeen.Concat(report.Verdicts.Select(verdict => verdict.Reason))
            .ShouldContain(words => words.Contains("within 3 seconds"));
        report.Verdicts.Count(verdict => verdict.Permission is Permission.Unknown).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Where_only_the_caller_tells_whose_registry_is_meant_his_name_is_waited_for_longer()
    {
        await using var scene = await PreflightScene.OpenAsync(Everything);
        scene.Emulator.Faults.Add(new DelayFault("GetCallerIdentity", TimeSpan.FromSeconds(1.5)) { Times = 1 });
        var request = PreflightScene.Request() with { Registry = null, Region = "eu-west-1" };
        var target = await OpenAsync(scene, request);
        var preflight = new PushPreflight(
            target.Session,
            cancellation => target.Session.GetAuthorizationAsync(null, cancellation)
        )
        {
            Limit = new(TimeSpan.FromSeconds(1)),
        };

        var report = await RunAsync(preflight, target.Target);

        report.Image.Registry.Account.ShouldBe(report.Caller.Account);
    }

    [Fact]
    public async Task An_AWS_that_cannot_be_reached_at_all_fails_the_build_at_once()
    {
        await using var scene = await PreflightScene.OpenAsync(Everything);
        scene.Route(new("http://127.0.0.1:9"));

        var outcome = await scene.PreflightAsync();

        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.EndpointUnreachable);
    }

    private static Task<OpenTarget> OpenAsync(PreflightScene scene, PushRequest request) =>
        OpenTarget.OpenAsync(PushTarget.Resolve(request), scene.Identities(), TestContext.Current.CancellationToken);

    private static Task<PreflightReport> RunAsync(PushPreflight preflight, PushTarget target) =>
        preflight.RunAsync(new(target.Registry, target.Repository, target.Tags), TestContext.Current.CancellationToken);

    private static async Task<PreflightOutcome> PreflightWithAsync(
        PreflightScene scene,
        string operation,
        StubAnswer fault
    )
    {
        await using var front = await AwsFront.StartAsync(
            scene.Emulator.Endpoint,
            faults: new Dictionary<string, StubAnswer?> { [operation] = fault }
        );
        scene.Route(front.Url);
        return await scene.PreflightAsync();
    }
}
