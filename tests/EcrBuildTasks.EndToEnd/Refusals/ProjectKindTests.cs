using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

[Collection(nameof(RefusedPushes))]
public sealed class ProjectKindTests(RefusedPushes pushes)
{
    [Fact]
    public async Task A_build_of_several_target_frameworks_asks_to_choose_one()
    {
        var project = (await pushes.AnotherProjectAsync("web")).AddPackage();
        var text = await File.ReadAllTextAsync(project.File, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            project.File,
            text.Replace(
                "<TargetFramework>net10.0</TargetFramework>",
                "<TargetFrameworks>net10.0</TargetFrameworks>",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );

        var build = (await project.RunAsync("build", "/t:PushToEcr")).ShouldFailWith("ECR1006");

        build.LineOf("ECR1006").ShouldContain("-f <framework>");
    }

    [Fact]
    public async Task A_class_library_cannot_be_pushed()
    {
        var project = (await pushes.AnotherProjectAsync("classlib")).AddPackage();

        (await project.PublishAsync()).ShouldFailWith("ECR1007");
    }
}
