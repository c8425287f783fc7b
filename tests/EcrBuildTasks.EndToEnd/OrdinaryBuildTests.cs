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
            .WithAws(emulator, Scenario.Ci);

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

    [Fact]
    public async Task The_files_of_a_push_survive_an_ordinary_build_and_Clean_deletes_them()
    {
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var project = (await product.CreateProjectAsync("web")).Using(emulator).PushedTo(emulator);
        (await project.PublishAsync()).ShouldSucceed();
        var files = Files();

        (await project.RunAsync("build", "--no-restore", "-c", "Release")).ShouldSucceed();
        var afterBuild = Files();
        (await project.RunAsync("clean", "-c", "Release")).ShouldSucceed();

        files.ShouldContain("push.json");
        files.ShouldContain(Path.Combine("image", "index.json"));
        afterBuild.ShouldBe(files, ignoreOrder: true);
        Files().ShouldBeEmpty();

        string[] Files() =>
            [
                .. Directory
                    .EnumerateFiles(project.ResultFile(""), "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(project.ResultFile(""), file)),
            ];
    }
}
