using EcrBuildTasks.Core.Tests.Preflight;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Core.Tests.Push;

public sealed class PublicPushTests
{
    [Fact]
    public async Task An_image_goes_under_the_alias_with_a_token_of_the_registrys_own_service()
    {
        await using var scene = await PublicScene.OpenAsync();

        var outcome = await scene.PushAsync(PublicScene.Request());

        outcome.Diagnostics.ShouldBeEmpty();
        outcome.Result!.UriOf("1.0.0").ShouldBe($"{scene.Emulator.PublicEndpoint.Authority}/a1b2c3d4/hello-api:1.0.0");
        var calls = scene.Emulator.Calls.Where(call => call.Service == "registry").ToList();
        calls.Count(call => call.Action == "Token").ShouldBe(1);
        calls.ShouldContain(call =>
            call.Method == "PUT" && call.Path == "/v2/a1b2c3d4/hello-api/manifests/1.0.0" && call.Status == 201
        );
        calls.ShouldAllBe(call =>
            call.Status < 400 || call.Status == 401 && call.Action == "Ping" || call.Status == 404
        );
    }

    [Fact]
    public async Task A_missing_repository_is_created_in_the_callers_own_public_registry()
    {
        await using var scene = await PublicScene.OpenAsync();

        var outcome = await scene.PushAsync(
            PublicScene.Request() with
            {
                Repository = "team/new-api",
                CreateRepository = true,
            }
        );

        outcome.Diagnostics.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldContain(call => call.Service == "ecr-public" && call.Action == "CreateRepository");
    }

    [Fact]
    public async Task Who_may_not_create_a_public_repository_gets_the_statement_for_that()
    {
        await using var scene = await PublicScene.OpenAsync(
            """["ecr-public:*Layer*","ecr-public:PutImage","ecr-public:Describe*","ecr-public:GetAuthorizationToken","sts:GetServiceBearerToken"]"""
        );

        var outcome = await scene.PushAsync(
            PublicScene.Request() with
            {
                Repository = "team/new-api",
                CreateRepository = true,
            }
        );

        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.IdentityPolicySilent);
        outcome.Fixes.ShouldHaveSingleItem().ToJson().ShouldContain("\"ecr-public:CreateRepository\"");
    }

    [Fact]
    public async Task A_missing_repository_of_another_account_is_not_created_in_the_own()
    {
        await using var scene = await PublicScene.OpenAsync(account: PublicScene.OtherAccount);

        var outcome = await scene.PushAsync(PublicScene.Request() with { CreateRepository = true });

        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.PublicAliasOfAnother);
        scene.Emulator.Calls.ShouldNotContain(call => call.Action == "CreateRepository");
    }

    [Fact]
    public async Task A_password_that_has_expired_is_renewed_before_the_push()
    {
        await using var scene = await PublicScene.OpenAsync();
        var identities = scene.Identities();
        (await scene.PushAsync(PublicScene.Request(), identities)).Diagnostics.ShouldBeEmpty();
        scene.Emulator.ExpireTokens();

        var outcome = await scene.PushAsync(PublicScene.Request() with { Tags = ["1.0.1"] }, identities);

        outcome.Diagnostics.ShouldBeEmpty();
        scene.Emulator.Calls.Count(call => call.Action == "GetAuthorizationToken").ShouldBe(2);
    }

    [Fact]
    public async Task A_token_that_expires_in_the_middle_of_a_push_is_renewed_too()
    {
        await using var scene = await PublicScene.OpenAsync();
        scene.Emulator.Faults.Add(new ExpiredTokenFault(FaultStep.PutManifestByTag) { Times = 1 });

        var outcome = await scene.PushAsync(PublicScene.Request());

        outcome.Diagnostics.ShouldBeEmpty();
        scene.Emulator.Calls.Count(call => call.Action == "Token").ShouldBe(2);
    }

    [Fact]
    public async Task All_tokens_that_end_in_the_middle_of_a_push_are_renewed_though_the_answer_is_no_more_than_400()
    {
        PublicScene? scene = null;
        await using var opened = scene = await PublicScene.OpenAsync(onCall: call =>
        {
            // The first request that a token was good for.
            if (call is { Method: "POST", Service: "registry" } && scene!.Emulator.Calls.Count(IsToken) == 1)
            {
                scene.Emulator.ExpireTokens();
            }
        });

        var outcome = await scene.PushAsync(PublicScene.Request());

        outcome.Diagnostics.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldContain(call => call.Service == "registry" && call.Status == 400);
        scene.Emulator.Calls.Count(call => call.Action == "GetAuthorizationToken").ShouldBe(2);

        static bool IsToken(ReceivedCall call) => call.Action == "Token";
    }

    [Fact]
    public async Task A_denial_in_the_middle_of_a_push_gets_the_diagnosis_of_the_preflight()
    {
        await using var scene = await PublicScene.OpenAsync(account: PublicScene.OtherAccount);

        var outcome = await scene.PushAsync(PublicScene.Request());

        outcome.Diagnostics.ShouldContain(d => d.Code == EcrCode.RepositoryPolicySilent);
        outcome.Fixes.ShouldHaveSingleItem().Statement.Action.Patterns.ShouldBe(PublicScene.PushActions);
    }
}
