using EcrBuildTasks.Core.Tests.Preflight;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Push;

/// <summary>Pushes to ECR Public through a real engine, which finds the token service by itself.</summary>
[Collection(RealEngine.OneAtATime)]
public sealed class PublicEngineTests(RealEngine real)
{
    [Fact]
    public async Task An_engine_pushes_under_the_alias_with_a_token_of_the_registrys_own_service()
    {
        await using var scene = await PublicScene.OpenAsync();
        var before = await real.NamesAsync();

        var outcome = await scene.PushAsync(await RequestAsync());

        outcome.Diagnostics.ShouldBeEmpty();
        outcome.Result!.Route.ShouldContain("Docker");
        outcome.Result.UriOf("1.0.0").ShouldBe($"{scene.Emulator.PublicEndpoint.Authority}/a1b2c3d4/hello-api:1.0.0");
        scene.Emulator.Calls.ShouldContain(call => call.Action == "Token" && call.Status == 200);
        scene.Emulator.Calls.ShouldContain(call =>
            call.Method == "PUT" && call.Path == "/v2/a1b2c3d4/hello-api/manifests/1.0.0" && call.Status == 201
        );
        (await real.NamesAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_denial_that_the_engine_tells_of_gets_the_diagnosis_of_the_preflight()
    {
        await using var scene = await PublicScene.OpenAsync(account: PublicScene.OtherAccount);

        var outcome = await scene.PushAsync(await RequestAsync());

        outcome
            .Diagnostics.Select(d => d.Code)
            .ShouldBe([EcrCode.PublicAliasOfAnother, EcrCode.RepositoryPolicySilent]);
        var fix = outcome.Fixes.ShouldHaveSingleItem();
        fix.OwnerAccount.ShouldBe(PublicScene.Owner);
        fix.Statement.Action.Patterns.ShouldBe(PublicScene.PushActions);
    }

    private async Task<PushRequest> RequestAsync() =>
        PublicScene.Request() with
        {
            Mode = PushMode.Engine,
            DockerHost = (await real.EngineAsync()).Endpoint.ToString(),
        };
}
