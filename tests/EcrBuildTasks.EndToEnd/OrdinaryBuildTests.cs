using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

public sealed class OrdinaryBuildTests(ProductFixture product)
{
    [Fact]
    public async Task A_build_a_publish_and_a_query_that_ask_for_no_push_call_neither_AWS_nor_an_engine()
    {
        await using var emulator = await Scenario.StartAsync();
        var project = (await product.CreateProjectAsync("web"))
            .Using(emulator)
            .WithEngine(new("unix:///nonexistent/docker.sock"))
            .WithAws(emulator.Endpoint, Scenario.Ci);

        (await project.RunAsync("build", "-bl:build.binlog")).ShouldSucceed();
        (await project.RunAsync("publish", "--no-restore", "-bl:publish.binlog")).ShouldSucceed();
        var query = (await project.RunAsync("msbuild", "-getProperty:EcrRegistry")).ShouldSucceed();

        query.Output.Trim().ShouldBe(Scenario.RegistryHost);
        emulator.Calls.ShouldBeEmpty();
        foreach (var name in new[] { "build.binlog", "publish.binlog" })
        {
            var log = new BuildLog(Path.Combine(project.Folder, name));
            log.TasksThatRan.ShouldContain("Csc");
            log.TasksThatRan.ShouldNotContain("CheckEcrPush");
            log.TasksThatRan.ShouldNotContain("PushImageToEcr");
        }
    }
}
