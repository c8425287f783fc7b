using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Preflight;

public sealed class OpaqueDenialTests(RealEngine engine)
{
    private const string AllButTheFirst =
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{PreflightScene.OtherAccount}}:root"},"NotAction":"ecr:BatchCheckLayerAvailability"}]}""";

    [Fact]
    public async Task A_denial_of_which_the_engine_tells_only_the_number_403_gets_its_reason_back()
    {
        await using var scene = await PreflightScene.OpenAsync(AllButTheFirst);
        using var archive = TestArchive.Create();
        var request = PreflightScene.Request() with
        {
            Preflight = PreflightMode.Off,
            Mode = PushMode.Engine,
            DockerHost = (await engine.EngineAsync()).Endpoint.ToString(),
            Source = archive.Source(),
        };
        (await EngineSaysAsync(scene, archive)).ShouldBeTrue();

        var outcomes = await scene
            .Pipeline()
            .PushAsync([request], _ => new Recorder(), TestContext.Current.CancellationToken);

        var outcome = outcomes.ShouldHaveSingleItem();
        outcome.Result.ShouldBeNull();
        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        error.Message.ShouldEndWith(" ecr:BatchCheckLayerAvailability.");
        outcome.Fixes.ShouldHaveSingleItem().ToJson().ShouldContain("ecr:BatchCheckLayerAvailability");
    }

    /// <summary>Whether the engine's own message holds no reason, so that there is something to be restored.</summary>
    private async Task<bool> EngineSaysAsync(PreflightScene scene, TestArchive archive)
    {
        var target = await OpenTarget.OpenAsync(
            PushTarget.Resolve(PreflightScene.Request()),
            scene.Identities(),
            TestContext.Current.CancellationToken
        );
        var authorization = await target.Session.GetAuthorizationAsync(
            target.Session.RegistryOf(PreflightScene.Owner),
            TestContext.Current.CancellationToken
        );
        var token = authorization.CredentialsFor(null);
        using var pusher = await engine.OpenAsync();
        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                Pushes.To(
                    token.Host,
                    PreflightScene.Repository,
                    archive.Source(),
                    ["1.0.0"],
                    token.Username,
                    token.Password
                ),
                new Recorder(),
                TestContext.Current.CancellationToken
            )
        );
        return failure.Code == EcrCode.DeniedWithoutReason;
    }
}
