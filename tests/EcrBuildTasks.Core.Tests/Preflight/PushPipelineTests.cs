using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Preflight;

public sealed class PushPipelineTests
{
    private static string Policy(
        string principal,
        string effect = "Allow",
        string? actions = null,
        string sid = "Some"
    ) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Sid":"{{sid}}","Effect":"{{effect}}","Principal":{"AWS":"{{principal}}"},"Action":{{actions
            ?? PreflightScene.PushActions}}}]}""";

    private const string Root = $"arn:aws:iam::{PreflightScene.OtherAccount}:root";

    [Fact]
    public async Task A_push_to_a_repository_without_a_policy_names_the_missing_actions()
    {
        await using var scene = await PreflightScene.OpenAsync();

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        error.Message.ShouldStartWith($"{PreflightScene.Session}, ");
        error.Message.ShouldContain(" 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api: ");
        var fix = outcome.Fixes.ShouldHaveSingleItem();
        fix.Policy.ShouldBe(PolicyKind.Repository);
        fix.OwnerAccount.ShouldBe(PreflightScene.Owner);
        fix.Statement.Action.Patterns.ShouldBe(PushAction.OnRepository);
        error.Details.ShouldContain(line => line.EndsWith(fix.ToolCommand!));
    }

    [Fact]
    public async Task The_statement_of_the_fix_makes_the_same_push_allowed()
    {
        string statement;
        await using (var scene = await PreflightScene.OpenAsync())
        {
            statement = (await scene.PreflightAsync()).Fixes[0].ToJson();
        }

        await using var changed = await PreflightScene.OpenAsync(
            $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}"""
        );
        var outcome = await changed.PreflightAsync();

        outcome.Diagnostics.ShouldBeEmpty();
        outcome.Report!.Actions.ShouldAllBe(verdict => verdict.Permission == Permission.Allowed);
    }

    [Fact]
    public async Task A_policy_that_lacks_one_action_names_that_action_only()
    {
        var actions = PreflightScene.PushActions.Replace(",\"ecr:PutImage\"", "", StringComparison.Ordinal);
        await using var scene = await PreflightScene.OpenAsync(Policy(Root, actions: actions));

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Message.ShouldEndWith(" ecr:PutImage.");
        outcome.Fixes.ShouldHaveSingleItem().ToJson().ShouldNotContain("ecr:BatchGetImage");
    }

    [Fact]
    public async Task A_policy_that_names_the_session_of_another_caller_is_named_as_the_reason()
    {
        var alice = $"arn:aws:sts::{PreflightScene.OtherAccount}:assumed-role/ci/alice";
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[
              {"Sid":"Alice","Effect":"Allow","Principal":{"AWS":"{{alice}}"},"Action":{{PreflightScene.PushActions}}},
              {"Sid":"Read","Effect":"Allow","Principal":{"AWS":"{{Root}}"},"Action":"ecr:GetRepositoryPolicy"}]}
            """;
        await using var scene = await PreflightScene.OpenAsync(policy);

        var error = (await scene.PreflightAsync()).Diagnostics.ShouldHaveSingleItem();

        error.Details.ShouldContain(line => line.Contains("'Alice'") && line.Contains(alice));
    }

    [Fact]
    public async Task An_explicit_deny_is_named_and_no_statement_is_offered()
    {
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[
              {"Sid":"All","Effect":"Allow","Principal":{"AWS":"{{Root}}"},"Action":"ecr:*"},
              {"Sid":"NoPush","Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}]}
            """;
        await using var scene = await PreflightScene.OpenAsync(policy);

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.ExplicitlyDenied);
        error.Message.ShouldMatch("'NoPush'.* ecr:PutImage");
        outcome.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_control_policy_is_named_as_what_stands_in_the_way()
    {
        await using var scene = await PreflightScene.OpenAsync(
            Policy(Root),
            serviceControlPolicy: """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ecr:PutImage","Resource":"*"}]}"""
        );

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.GuardrailDenied);
        error.Message.ShouldContain("service control policy");
        outcome.Fixes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Within_one_account_the_identity_policy_is_fixed()
    {
        await using var scene = await PreflightScene.OpenAsync(
            identityActions: "ecr:GetAuthorizationToken",
            account: PreflightScene.Owner
        );

        var outcome = await scene.PreflightAsync();

        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.IdentityPolicySilent);
        var fix = outcome.Fixes[0];
        fix.Policy.ShouldBe(PolicyKind.Identity);
        fix.ToJson().ShouldContain("arn:aws:ecr:eu-west-1:444455556666:repository/hello-api");
    }

    [Fact]
    public async Task Across_accounts_a_silent_identity_policy_is_fixed_in_the_callers_account()
    {
        await using var scene = await PreflightScene.OpenAsync(
            Policy(Root),
            identityActions: "ecr:GetAuthorizationToken"
        );

        var outcome = await scene.PreflightAsync();

        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.IdentityPolicySilent);
        outcome.Fixes.ShouldHaveSingleItem().OwnerAccount.ShouldBe(PreflightScene.OtherAccount);
    }

    [Fact]
    public async Task A_caller_that_is_denied_a_token_gets_an_identity_statement()
    {
        await using var scene = await PreflightScene.OpenAsync(Policy(Root), identityActions: "ecr:*Image*");

        var outcome = await scene.PreflightAsync();

        outcome.Diagnostics.ShouldContain(diagnostic => diagnostic.Code == EcrCode.TokenDenied);
        outcome.Fixes.ShouldContain(fix => fix.ToJson().Contains("ecr:GetAuthorizationToken"));
    }

    [Fact]
    public async Task A_missing_repository_is_an_error_unless_it_will_be_created()
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);
        var request = PreflightScene.Request() with { Repository = "no-such" };

        (await scene.PreflightAsync(request))
            .Diagnostics.ShouldHaveSingleItem()
            .Code.ShouldBe(EcrCode.RepositoryMissing);
        (await scene.PreflightAsync(request with { CreateRepository = true })).Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_probe_changes_nothing_in_the_repository()
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);

        (await scene.PreflightAsync()).Diagnostics.ShouldBeEmpty();

        scene
            .Emulator.Calls.Where(call => call.Action is "PutImage" or "UploadLayerPart" or "CompleteLayerUpload")
            .ShouldAllBe(call => call.Status == 400);
    }

    [Fact]
    public async Task The_policy_mode_decides_from_the_policy_and_never_probes()
    {
        await using var scene = await PreflightScene.OpenAsync(
            Policy(Root, actions: """["ecr:GetRepositoryPolicy"]""")
        );

        var outcome = await scene.PreflightAsync(PreflightScene.Request() with { Preflight = PreflightMode.Policy });

        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        scene.Emulator.Calls.ShouldNotContain(call => call.Action == "PutImage");
    }

    [Fact]
    public async Task A_preflight_that_is_off_asks_nobody()
    {
        await using var scene = await PreflightScene.OpenAsync();

        var outcome = await scene.PreflightAsync(PreflightScene.Request() with { Preflight = PreflightMode.Off });

        outcome.Diagnostics.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_AWS_does_not_answer_costs_certainty_and_not_the_build()
    {
        await using var scene = await PreflightScene.OpenAsync();

        var outcome = await scene.PreflightAsync(PreflightScene.Request() with { Preflight = PreflightMode.Policy });

        outcome.Succeeded.ShouldBeTrue();
        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.Undecided);
    }

    [Fact]
    public async Task Where_an_engine_is_asked_for_and_none_answers_the_build_fails_before_it_begins()
    {
        await using var scene = await PreflightScene.OpenAsync(Policy(Root));
        var request = PreflightScene.Request() with { DockerHost = "unix:///nowhere/docker.sock" };

        (await scene.PreflightAsync(request)).Diagnostics.ShouldBeEmpty();
        var outcome = await scene.PreflightAsync(request with { Mode = PushMode.Engine });

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.EngineUnavailable);
        error.Message.ShouldContain("DOCKER_HOST");
    }
}
