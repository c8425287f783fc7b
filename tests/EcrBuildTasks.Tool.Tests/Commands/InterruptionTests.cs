using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

public sealed class InterruptionTests
{
    [Fact]
    public async Task Ctrl_C_in_the_middle_of_a_push_ends_it_at_once_and_sets_no_tag()
    {
        await using var scene = await PushScene.StartAsync();
        var stall = new StallFault(FaultStep.CompleteUpload);
        scene.Emulator.Faults.Add(stall);
        var layout = scene.WriteLayout();
        var push = scene.EcrAsync("push", layout, "hello-api:1.0.0");
        while (scene.Emulator.Faults.StrikesOf(stall) == 0)
        {
            push.IsCompleted.ShouldBeFalse();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await InterruptAsync(layout);
        var ended = await push.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        ended.ExitCode.ShouldBe(130, ended.ToString());
        ended.Error.ShouldStartWith("error ECR4008: ");
        ended.Output.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldNotContain(call => call.Method == "PUT" && call.Path.Contains("/manifests/"));
    }

    [Fact]
    public async Task Ctrl_C_at_a_question_changes_nothing()
    {
        _ = RealPart.Find("script");
        await using var scene = await PolicyScene.StartAsync();
        var command =
            $"dotnet '{SourceTree.Tool}' policy fix {PolicyScene.Image} --principal {PolicyScene.CiRole} --apply --endpoint-url {scene.Emulator.Endpoint}";

        var result = await Cli.RunAsync(
            "bash",
            [
                "-c",
                $$"""(until grep -q 'y/N' seen 2>/dev/null; do sleep 0.05; done; printf '\003'; sleep 1) | script -qefc "{{command}}" seen""",
            ],
            scene.Folder,
            scene.EnvironmentOf(PolicyScene.Owner),
            cancellationToken: TestContext.Current.CancellationToken
        );

        result.ExitCode.ShouldBe(130, result.ToString());
        result.Output.ShouldContain("Cancelled.");
        (await scene.PolicyAsync()).ShouldBeNull();
        scene.Backups.ShouldBeEmpty();
    }

    /// <summary>Sends SIGINT to the tool, found by the layout that stands in its command line.</summary>
    private static async Task InterruptAsync(string layout)
    {
        var interrupted = await Cli.RunAsync(
            "pkill",
            ["-INT", "-f", $"dotnet-ecr.dll push {layout}"],
            cancellationToken: TestContext.Current.CancellationToken
        );
        interrupted.EnsureSuccess();
    }
}
