using System.IO.Compression;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>The MSBuilds that a build can run under.</summary>
public sealed class HostTests(ProductFixture product)
{
    [Theory]
    [InlineData("8.0.404")]
    [InlineData("9.0.300")]
    public async Task An_older_SDK_gets_one_error_that_says_what_to_do_before_anything_compiles(string version)
    {
        await using var emulator = await Scenario.StartAsync();
        var project = (await product.CreateProjectAsync("console")).Using(emulator).PushedTo(emulator);

        // Older SDKs leave the container support of a console application off.
        var build = await project.PublishAsync($"-p:NETCoreSdkVersion={version}", "-p:EnableSdkContainerSupport=");

        build.ShouldFailWith("ECR1008");
        build.Output.Split("error ECR").Length.ShouldBe(2, build.ToString());
        build.LineOf("ECR1008").ShouldContain($"SDK {version})");
        project.ShouldNotBeCompiled();
        emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_MSBuild_of_Visual_Studio_before_18_gets_that_error_too()
    {
        await using var emulator = await Scenario.StartAsync();
        var project = await UnderFrameworkAsync(emulator, "17.14.10");

        var build = await project.PublishAsync();

        build.ShouldFailWith("ECR1008").LineOf("ECR1008").ShouldContain("This MSBuild (17.14.10, Full, ");
        project.ShouldNotBeCompiled();
    }

    [Fact]
    public async Task The_MSBuild_of_Visual_Studio_from_18_on_pushes()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var project = await UnderFrameworkAsync(emulator, "18.0.2");
        var image = OciLayoutFolder.Write(Path.Combine(project.Folder, "image"));

        var build = await project.RunAsync(
            "build",
            "/t:PushToEcr",
            $"-p:EcrSourceImage={image}",
            "-p:EcrImageTags=1.0.0"
        );

        build.ShouldSucceed();
        using var owner = new RepositoryOwner(emulator);
        (await owner.DigestAsync("1.0.0")).ShouldBe(build.PushedDigest);
    }

    /// <summary>
    /// A project for which the package's files take this MSBuild for one of .NET Framework. What MSBuild says about itself cannot
    /// be overridden, so they read it under another name.
    /// </summary>
    private async Task<DotnetProject> UnderFrameworkAsync(EcrEmulator emulator, string version)
    {
        var project = await product.CreateProjectAsync("console");
        var package = Path.Combine(project.Folder, "package");
        await ZipFile.ExtractToDirectoryAsync(
            await product.PackageAsync(),
            package,
            TestContext.Current.CancellationToken
        );
        var targets = Path.Combine(package, "build", "EcrBuildTasks.targets");
        var text = await File.ReadAllTextAsync(targets, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            targets,
            text.Replace("$(MSBuildRuntimeType)", "Full", StringComparison.Ordinal)
                .Replace("$(MSBuildVersion)", version, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        return project
            .Add(
                $"""
                  <PropertyGroup>
                    <EcrRegistry>{Scenario.RegistryHost}</EcrRegistry>
                    <EcrRepository>{Scenario.Repository}</EcrRepository>
                  </PropertyGroup>
                  <Import Project="{targets}" />

                """
            )
            .PushedTo(emulator);
    }
}
