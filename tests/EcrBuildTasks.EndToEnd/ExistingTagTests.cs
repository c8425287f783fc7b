using System.Text.Json;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Builds whose tag is in the repository already, and stays where it is.</summary>
public sealed class ExistingTagTests(ProductFixture product)
{
    [Fact]
    public async Task A_tag_that_exists_fails_the_build_before_it_compiles_or_with_Skip_leaves_it_out()
    {
        await using var emulator = await Scenario.StartAsync();
        var first = await (await ProjectAsync()).PublishAsync(
            "-p:EcrCreateRepository=true",
            "-p:EcrImageTags=1.2.3%3B1.0.0"
        );
        var pushed = first.ShouldSucceed().PushedDigest;
        var project = await ProjectAsync();

        (await project.PublishAsync("-mt", "-p:Version=1.2.3"))
            .ShouldFailWith("ECR3002")
            .LineOf("ECR3002")
            .ShouldContain($"The tag 1.2.3 of {Scenario.RegistryHost}/new-api exists ({pushed})");
        // A project without a version has this one.
        var standard = (await project.PublishAsync()).ShouldFailWith("ECR3002").LineOf("ECR3002");
        standard.ShouldContain("The tag 1.0.0 of ");
        standard.ShouldContain("-p:Version=");
        project.ShouldNotBeCompiled();
        // Tags that others take precedence over are not pushed, so it does not matter that they exist.
        (
            await project.RunAsync("build", "/t:EcrPreflight", "-p:EcrImageTags=1.2.4", "-p:ContainerImageTags=1.2.3")
        ).ShouldSucceed();

        var skipped = await project.RunAsync(
            "build",
            "-c",
            "Release",
            "/t:PushToEcr",
            "-p:Version=1.2.3",
            "-p:EcrIfTagExists=Skip"
        );

        ShouldBeSkipped(skipped);
        project.ShouldNotBeCompiled();
        // Whoever says publish gets what it publishes, but no image.
        ShouldBeSkipped(await project.PublishAsync("-p:Version=1.2.3", "-p:EcrIfTagExists=Skip"));
        Directory.Exists(project.ResultFile("image")).ShouldBeFalse();

        void ShouldBeSkipped(Build build)
        {
            build.ShouldSucceed().Output.ShouldContain($"-> {first.PushedUri}@{pushed}");
            using var push = JsonDocument.Parse(File.ReadAllText(project.ResultFile("push.json")));
            push.RootElement.GetProperty("skipped").GetBoolean().ShouldBeTrue();
            push.RootElement.GetProperty("digest").GetString().ShouldBe(pushed);
        }

        async Task<DotnetProject> ProjectAsync() =>
            (await product.CreateProjectAsync("web"))
                .Using(emulator, "new-api")
                .With("DOCKER_HOST", "unix:///nowhere/docker.sock")
                .WithAws(emulator, Scenario.Owner);
    }
}
