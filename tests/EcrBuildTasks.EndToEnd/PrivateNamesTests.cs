using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>The private names of MSBuild and the .NET SDK that the package's targets read.</summary>
public sealed class PrivateNamesTests(ProductFixture product)
{
    [Fact]
    public async Task A_publish_of_several_architectures_under_the_terminal_logger_sets_them()
    {
        await using var emulator = await Scenario.StartAsync();
        var project = (await product.CreateSampleAsync("MultiArchitecture")).PushedTo(emulator);
        await File.WriteAllTextAsync(
            Path.Combine(project.Folder, "Directory.Build.targets"),
            """
            <Project>
              <Target Name="TellNames" AfterTargets="PrepareForBuild">
                <WriteLinesToFile
                  File="$(MSBuildProjectDirectory)/names.txt"
                  Lines="$(RuntimeIdentifier)|$(_IsPublishing)|$(_IsMultiRIDBuild)|$(_MSBUILDTLENABLED)"
                />
              </Target>
            </Project>
            """,
            TestContext.Current.CancellationToken
        );

        var build = await project.RunAsync(
            "publish",
            "/t:PublishContainer",
            "-p:ContainerRegistry=",
            "-p:ContainerArchiveOutputPath=image.tar.gz",
            "-tl:on"
        );

        build.ShouldSucceed();
        (
            await File.ReadAllLinesAsync(
                Path.Combine(project.Folder, "names.txt"),
                TestContext.Current.CancellationToken
            )
        ).ShouldBe(["|true||1", "linux-x64|true|false|1", "linux-arm64|true|false|1"], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_those_of_the_container_targets_the_image_is_pushed_from_an_archive()
    {
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var project = (await product.CreateProjectAsync("web")).Using(emulator).PushedTo(emulator);
        project.Add(
            """
            <Target Name="HideNames" BeforeTargets="_EcrFindSdkNames">
              <PropertyGroup>
                <Original>$(ContainerCustomTasksFolder)</Original>
                <ContainerCustomTasksFolder>$(MSBuildProjectDirectory)/</ContainerCustomTasksFolder>
              </PropertyGroup>
            </Target>
            <Target Name="ShowNames" AfterTargets="_EcrFindSdkNames">
              <PropertyGroup><ContainerCustomTasksFolder>$(Original)</ContainerCustomTasksFolder></PropertyGroup>
            </Target>
            """
        );

        (await project.PublishAsync()).ShouldSucceed();

        File.Exists(project.ResultFile("image.tar.gz")).ShouldBeTrue();
        Directory.Exists(project.ResultFile("image")).ShouldBeFalse();
    }
}
