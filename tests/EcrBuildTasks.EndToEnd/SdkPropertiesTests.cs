using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Where only properties of the .NET SDK name the image, it is pushed as the SDK would push it.</summary>
[Collection(nameof(RefusedPushes))]
public sealed class SdkPropertiesTests(RefusedPushes pushes)
{
    private const string Registry = $"ContainerRegistry={Scenario.RegistryHost}";

    private static readonly string[] SdkNames = ["ContainerRepository", "ContainerRegistry"];

    [Theory]
    [InlineData(Registry)]
    [InlineData(Registry, "ContainerRepository=team/hello-api", "ContainerImageTag=1.2.3")]
    [InlineData(Registry, "ContainerRepository=Team/Hello Api.Web", "ContainerImageTags=1.2.3;latest")]
    [InlineData(Registry, "ContainerImageName=my/image", "ContainerRepository=other", "ContainerImageTag=x")]
    [InlineData(Registry, "AssemblyName=Hello.Api_Web", "ContainerImageTag=x")]
    [InlineData(Registry, "AssemblyName=hello..api", "ContainerImageTag=x")]
    [InlineData(Registry, "PublishImageTag=1.2", "ContainerImageTag=other")]
    [InlineData("RegistryUrl=111122223333.dkr.ecr.us-east-1.amazonaws.com", Registry, "ContainerImageTag=x")]
    [InlineData("ContainerRegistry=ghcr.io", "ContainerImageTag=x")]
    [InlineData("PublishProfile=DefaultContainer", Registry, "ContainerImageTag=x")]
    [InlineData("PublishProfile=registry")]
    public async Task The_names_are_those_of_the_SDK(params string[] properties)
    {
        var project = await ProjectAsync();
        string[] arguments = [.. properties.Select(property => $"-p:{Quoted(property)}")];

        using var sdk = await QueryAsync(
            project,
            [
                "-t:ComputeContainerConfig",
                .. SdkNames.Select(name => $"-getProperty:{name}"),
                "-getItem:ContainerImageTags",
                .. arguments,
            ]
        );
        using var ours = await QueryAsync(project, ["-t:_EcrResolveRequest", "-getItem:EcrRequest", .. arguments]);

        var request = new ProjectRequest(
            project.File,
            ours.RootElement.GetProperty("Items")
                .GetProperty("EcrRequest")[0]
                .EnumerateObject()
                .ToDictionary(value => value.Name, value => value.Value.GetString()!)
        );
        request.Repository.ShouldBe(SdkProperty("ContainerRepository"));
        var registry = SdkProperty("ContainerRegistry");
        request.Registries.ShouldBe(registry.Contains(".dkr.ecr.", StringComparison.Ordinal) ? [registry] : []);
        string[] tags =
        [
            .. sdk
                .RootElement.GetProperty("Items")
                .GetProperty("ContainerImageTags")
                .EnumerateArray()
                .Select(tag => tag.GetProperty("Identity").GetString()!),
        ];
        // Where no property names a tag, the SDK's is latest, and ours is the version.
        request.Tags.ShouldBe(tags is ["latest"] ? ["1.0.0"] : tags);

        string SdkProperty(string name) => sdk.RootElement.GetProperty("Properties").GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task A_tag_of_the_time_is_not_known_before_the_SDK_has_made_it()
    {
        var project = await ProjectAsync();

        var build = await project.RunAsync(
            "build",
            "--no-restore",
            "/t:EcrPreflight",
            "-p:AutoGenerateImageTag=true",
            $"-p:{Registry}"
        );

        build.ShouldFailWith("ECR2001");
        var report = Directory.EnumerateFiles(project.Folder, "preflight.json", SearchOption.AllDirectories).Single();
        JsonNode.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken))!["image"]!["tags"]!
            .AsArray()
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task A_version_that_is_set_before_the_assembly_s_version_is_the_tag_of_the_preflight()
    {
        var project = await ProjectAsync();
        project.Add(
            """
            <Target Name="SetVersion" BeforeTargets="GetAssemblyVersion">
              <PropertyGroup><Version Condition="'$(MarkVersion)' == 'true'">7.8.9</Version></PropertyGroup>
            </Target>
            """
        );

        using var ours = await QueryAsync(
            project,
            ["-t:_EcrResolveRequest", "-getItem:EcrRequest", "-p:MarkVersion=true"]
        );

        ours.RootElement.GetProperty("Items")
            .GetProperty("EcrRequest")[0]
            .GetProperty("Version")
            .GetString()
            .ShouldBe("7.8.9");
    }

    private async Task<DotnetProject> ProjectAsync()
    {
        var project = await pushes.AnotherProjectAsync("web");
        project.AddPackage();
        var profiles = Directory.CreateDirectory(Path.Combine(project.Folder, "Properties", "PublishProfiles"));
        await File.WriteAllTextAsync(
            Path.Combine(profiles.FullName, "registry.pubxml"),
            $"""
            <Project>
              <PropertyGroup>
                <WebPublishMethod>Container</WebPublishMethod>
                <RegistryUrl>{Scenario.RegistryHost}</RegistryUrl>
                <PublishImageTag>1.1</PublishImageTag>
                <PublishImageTag>1.2</PublishImageTag>
              </PropertyGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken
        );
        (await project.RunAsync("restore")).ShouldSucceed();
        return project;
    }

    private static async Task<JsonDocument> QueryAsync(DotnetProject project, string[] arguments)
    {
        var build = (await project.RunAsync(["msbuild", "-nologo", .. arguments])).ShouldSucceed();
        return JsonDocument.Parse(build.Output[build.Output.IndexOf('{')..]);
    }

    private static string Quoted(string property) =>
        property.Split('=', 2) is [var name, var value] && value.Contains(';') ? $"{name}=\"{value}\"" : property;
}
