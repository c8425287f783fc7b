using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

[Collection(nameof(RefusedPushes))]
public sealed class EngineTests(RefusedPushes pushes)
{
    [Fact]
    public async Task A_push_through_an_engine_that_does_not_answer_fails_before_the_build_compiles()
    {
        await using var emulator = await Scenario.StartAsync(
            Scenario.Policy(("CiPushes", $"arn:aws:iam::{Scenario.CiAccount}:root", Scenario.PushActions))
        );
        var socket = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock");
        var project = (await pushes.ProjectAsync())
            .WithAws(emulator, Scenario.Ci)
            .With("DOCKER_HOST", $"unix://{socket}");

        var build = (await project.PublishAsync("--no-restore", "-p:EcrPushMode=Engine")).ShouldFailWith("ECR4001");

        build.LineOf("ECR4001").ShouldContain("DOCKER_HOST");
        build.Output.ShouldContain(socket);
        project.ShouldNotBeCompiled();
    }
}
