using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>
/// The ARN of a session has lost the path of its role. A fix names the role exactly where the caller may ask IAM for it, and is as it
/// was where not.
/// </summary>
public sealed class RoleNameTests
{
    private const string Path = "/build/tools/";
    private const string Account = PreflightScene.OtherAccount;
    private const string Role = $"arn:aws:iam::{Account}:role{Path}ci";
    private const string MayAsk = "ecr:* iam:GetRole";

    private static readonly string[] Patterns =
    [
        $"arn:aws:iam::{Account}:role/ci",
        $"arn:aws:iam::{Account}:role/*/ci",
    ];

    private const string ReadByEverybody =
        """{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":"*","Action":"ecr:GetRepositoryPolicy"}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_that_may_ask_gets_a_fix_for_its_exact_role_in_every_form()
    {
        await using var scene = await PreflightScene.OpenAsync(
            ReadByEverybody,
            identityActions: MayAsk,
            rolePath: Path
        );

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        var fix = outcome.Fixes.ShouldHaveSingleItem();
        Named(fix).ShouldBe([Role]);
        foreach (var format in Enum.GetValues<FixFormat>())
        {
            var text = fix.Render(format).ShouldNotBeNull();
            text.ShouldContain(Role, customMessage: format.ToString());
            text.ShouldNotContain("role/*", customMessage: format.ToString());
            text.ShouldNotContain("role/ci", customMessage: format.ToString());
        }

        error.ToString().ShouldNotContain("role/*");
        scene.AskedForRole.ShouldBe(1);
    }

    [Fact]
    public async Task The_statement_for_the_exact_role_makes_the_same_push_allowed()
    {
        string statement;
        await using (var scene = await PreflightScene.OpenAsync(identityActions: MayAsk, rolePath: Path))
        {
            statement = (await scene.PreflightAsync()).Fixes.ShouldHaveSingleItem().ToJson();
            statement.ShouldContain(Role);
        }

        await using var mended = await PreflightScene.OpenAsync(
            $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""",
            rolePath: Path
        );

        (await mended.PreflightAsync()).Report!.Permission.ShouldBe(Permission.Allowed);
    }

    [Fact]
    public async Task Within_one_account_the_repository_policy_can_name_the_role_as_well()
    {
        const string ForToken = "ecr:GetAuthorizationToken iam:GetRole";
        string statement;
        await using (
            var scene = await PreflightScene.OpenAsync(
                identityActions: ForToken,
                account: PreflightScene.Owner,
                rolePath: Path
            )
        )
        {
            var outcome = await scene.PreflightAsync();

            outcome.Fixes.Select(fix => fix.Policy).ShouldBe([PolicyKind.Identity, PolicyKind.Repository]);
            outcome.Diagnostics.ShouldHaveSingleItem().Details.ShouldContain("Or, instead:");
            statement = outcome.Fixes[1].ToJson();
            statement.ShouldContain($"\"AWS\": \"arn:aws:iam::{PreflightScene.Owner}:role{Path}ci\"");
        }

        await using var mended = await PreflightScene.OpenAsync(
            $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""",
            identityActions: ForToken,
            account: PreflightScene.Owner,
            rolePath: Path
        );

        (await mended.PreflightAsync()).Report!.Permission.ShouldBe(Permission.Allowed);
    }

    [Fact]
    public async Task An_exception_from_a_deny_names_the_exact_role()
    {
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[
              {"Sid":"All","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Account}}:root"},"Action":"ecr:*"},
              {"Sid":"NoPush","Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}]}
            """;
        await using var scene = await PreflightScene.OpenAsync(policy, identityActions: MayAsk, rolePath: Path);

        var error = (await scene.PreflightAsync()).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.ExplicitlyDenied);
        error.ToString().ShouldContain(Role);
        error.ToString().ShouldNotContain("role/*");
    }

    [Fact]
    public async Task A_push_that_is_denied_later_gets_a_fix_for_the_exact_role_too()
    {
        await using var scene = await PreflightScene.OpenAsync(identityActions: MayAsk, rolePath: Path);
        using var archive = TestArchive.Create();
        var request = PreflightScene.Request() with { Source = archive.Source(), Mode = PushMode.Registry };

        var outcome = (
            await scene
                .Pipeline()
                .PushAsync([request], _ => new Progress<EcrBuildTasks.Push.PushProgress>(), Cancellation)
        ).ShouldHaveSingleItem();

        Named(outcome.Fixes.ShouldHaveSingleItem()).ShouldBe([Role]);
    }

    [Fact]
    public async Task A_caller_that_may_not_ask_gets_the_fix_for_any_path_and_hears_nothing_of_it()
    {
        await using var scene = await PreflightScene.OpenAsync(rolePath: Path);
        var pipeline = scene.Pipeline();

        var outcome = await pipeline.PreflightAsync(PreflightScene.Request(), Cancellation);
        var again = await pipeline.PreflightAsync(PreflightScene.Request(), Cancellation);

        ShouldBeForAnyPath(outcome);
        ShouldBeForAnyPath(again);
        var asked = scene.Emulator.Calls.Where(call => call.Action == "GetRole").ShouldHaveSingleItem();
        asked.Service.ShouldBe("iam");
        asked.Status.ShouldBe(403);
    }

    public static TheoryData<string> Faults =>
        ["silence", "throttled", "broken", "page", "captive portal", "other role", "pattern", "no role"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_IAM_that_gives_no_answer_of_use_is_asked_once_and_costs_nothing(string name)
    {
        StubAnswer? fault = name switch
        {
            "throttled" => StubAnswer.StsError("Throttling", "Rate exceeded", 400),
            "broken" => StubAnswer.StsError("ServiceFailure", "Try again", 500),
            "page" => new(502, "<!DOCTYPE html><p>Bad gateway", "text/html"),
            "captive portal" => new(200, "<!DOCTYPE html><p>Hello", "text/html"),
            "other role" => Answer($"arn:aws:iam::000000000000:role{Path}ci"),
            "pattern" => Answer($"arn:aws:iam::{Account}:role/a*/ci"),
            "no role" => StubAnswer.StsError("NoSuchEntity", "The role with name ci cannot be found.", 404),
            _ => null,
        };
        await using var scene = await PreflightScene.OpenAsync(identityActions: MayAsk, rolePath: Path);
        await using var front = await AwsFront.StartAsync(
            scene.Emulator.Endpoint,
            faults: new Dictionary<string, StubAnswer?> { ["GetRole"] = fault }
        );
        scene.Route(front.Url);

        ShouldBeForAnyPath(await scene.PreflightAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));

        // What is never answered is no exchange.
        front.Exchanges.Count(exchange => exchange.Operation == "GetRole").ShouldBe(fault is null ? 0 : 1);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9")]
    [InlineData("no URL")]
    public async Task An_IAM_that_cannot_be_reached_costs_nothing(string endpoint)
    {
        await using var scene = await PreflightScene.OpenAsync(identityActions: MayAsk, rolePath: Path);
        scene.RouteIam(endpoint);

        ShouldBeForAnyPath(await scene.PreflightAsync());
    }

    [Fact]
    public async Task A_push_that_is_allowed_asks_for_no_role()
    {
        await using var scene = await PreflightScene.OpenAsync(
            identityActions: MayAsk,
            account: PreflightScene.Owner,
            rolePath: Path
        );

        (await scene.PreflightAsync()).Report!.Permission.ShouldBe(Permission.Allowed);

        scene.AskedForRole.ShouldBe(0);
    }

    /// <summary>The role's name is enough for its own policy, and no fix is made against others' policies.</summary>
    [Theory]
    [InlineData("ecr:GetAuthorizationToken iam:GetRole", null)]
    [InlineData("ecr:*Image* iam:GetRole", null)]
    [InlineData(
        MayAsk,
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ecr:PutImage","Resource":"*"}]}"""
    )]
    public async Task A_denial_whose_fix_does_not_name_the_role_asks_for_none(string actions, string? controls)
    {
        var everything =
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Account}}:root"},"Action":"ecr:*"}]}""";
        await using var scene = await PreflightScene.OpenAsync(
            everything,
            actions,
            serviceControlPolicy: controls,
            rolePath: Path
        );

        (await scene.PreflightAsync()).Report!.Permission.ShouldBe(Permission.Denied);

        scene.AskedForRole.ShouldBe(0);
    }

    [Fact]
    public async Task A_role_of_IAM_Identity_Center_is_not_asked_for_and_keeps_its_pattern()
    {
        await using var scene = await PreflightScene.OpenAsync(
            identityActions: MayAsk,
            roleName: IdentityScene.PermissionSetRole,
            rolePath: "/aws-reserved/sso.amazonaws.com/eu-west-1/"
        );

        var outcome = await scene.PreflightAsync();

        Named(outcome.Fixes.ShouldHaveSingleItem())
            .ShouldBe([
                $"arn:aws:iam::{Account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_????????????????",
                $"arn:aws:iam::{Account}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Dev_????????????????",
            ]);
        scene.AskedForRole.ShouldBe(0);
    }

    [Theory]
    [InlineData(Account, 1, $"role{Path}ci")]
    [InlineData("999988887777", 0, "role/ci", "role/*/ci")]
    public async Task For_the_session_of_somebody_else_IAM_is_asked_if_its_account_is_the_callers_own(
        string account,
        int asked,
        params string[] roles
    )
    {
        await using var scene = await PreflightScene.OpenAsync(
            ReadByEverybody,
            identityActions: MayAsk,
            rolePath: Path
        );
        var request = PreflightScene.Request() with
        {
            Principal = OtherPrincipal.Parse($"arn:aws:sts::{account}:assumed-role/ci/run-8"),
        };

        var outcome = await scene.PreflightAsync(request);

        Named(outcome.Fixes.ShouldHaveSingleItem()).ShouldBe(roles.Select(role => $"arn:aws:iam::{account}:{role}"));
        scene.AskedForRole.ShouldBe(asked);
    }

    [Fact]
    public async Task For_a_role_whose_path_is_told_IAM_is_not_asked()
    {
        await using var scene = await PreflightScene.OpenAsync(ReadByEverybody, identityActions: MayAsk);
        var request = PreflightScene.Request() with { Principal = OtherPrincipal.Parse(Role) };

        var outcome = await scene.PreflightAsync(request);

        Named(outcome.Fixes.ShouldHaveSingleItem()).ShouldBe([Role]);
        scene.AskedForRole.ShouldBe(0);
    }

    private static StubAnswer Answer(string arn) =>
        new(
            200,
            $"""
            <GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Arn>{arn}</Arn></Role>
            </GetRoleResult></GetRoleResponse>
            """,
            "text/xml"
        );

    private static void ShouldBeForAnyPath(PreflightOutcome outcome)
    {
        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        error.ToString().ShouldNotContain("GetRole");
        error.ToString().ShouldNotContain(Path);
        outcome.Report!.NotSeen.ShouldAllBe(what => what.Contains("(the caller may not read it)"));
        Named(outcome.Fixes.ShouldHaveSingleItem()).ShouldBe(Patterns);
    }

    /// <summary>The roles that the condition of a fix names.</summary>
    private static IReadOnlyList<string> Named(PolicyFix fix)
    {
        var value = fix.Statement.Json.GetProperty("Condition").GetProperty("ArnLike").GetProperty("aws:PrincipalArn");
        return value.ValueKind is System.Text.Json.JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(role => role.GetString()!)]
            : [value.GetString()!];
    }
}
