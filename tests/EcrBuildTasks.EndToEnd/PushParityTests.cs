using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Who pushes an image with <c>dotnet ecr push</c> gets what the build gives, and so does the system that runs it.</summary>
[Collection(nameof(RefusedPushes))]
public sealed partial class PushParityTests(RefusedPushes pushes)
{
    [Theory]
    [InlineData("Azure", "##vso[task.setvariable variable=image-digest;isOutput=true]")]
    [InlineData("GitLab", "IMAGE_DIGEST=")]
    [InlineData("TeamCity", "##teamcity[setParameter name='image-digest' value='")]
    public async Task A_push_at_the_command_line_gives_what_the_build_gives(string system, string output)
    {
        await using var ofBuild = await Scenario.StartAsync(Scenario.AllowCi);
        await using var ofTool = await Scenario.StartAsync(Scenario.AllowCi);
        var project = await pushes.ProjectAsync();
        var layout = OciLayoutFolder.Write(Path.Combine(project.Folder, $"layout-{system}"));
        using var pipeline = new PipelineSystem(system, project);

        var build = (
            await project
                .WithAws(ofBuild, Scenario.Ci)
                .RunAsync(
                    "build",
                    "--no-restore",
                    "/t:PushToEcr",
                    $"-p:EcrSourceImage={layout}",
                    "-p:EcrImageTags=1.0.0"
                )
        ).ShouldSucceed();
        var toldByBuild = pipeline.TakeWhatItWasTold(build.Output);
        project.WithAws(ofTool, Scenario.Ci);
        var push = await project.EcrAsync("push", layout);
        var toldByTool = pipeline.TakeWhatItWasTold($"{push.Output}\n{push.Error}");
        var check = await project.EcrAsync("check", ImageOf("1.0.0"), "--output", "json");
        var again = await project.EcrAsync("push", layout, ImageOf("1.0.0"), "--output", "json");

        push.ExitCode.ShouldBe(0, push.ToString());
        var (uri, digest) = ($"{ofBuild.Endpoint.Authority}/{Scenario.Repository}:1.0.0", build.PushedDigest);
        build.PushedUri.ShouldBe(uri);
        Neutral(push.Output, ofTool).ShouldContain(Neutral($"{uri}@{digest}", ofBuild));
        build.Output.ShouldContain(Totals().Match(push.Error).Value);

        toldByBuild.ShouldContain($"{output}{digest}");
        Neutral(toldByTool, ofTool).ShouldBe(Neutral(toldByBuild, ofBuild));

        var (first, second) = (Json(project, "push.json", ofBuild), Json(again.Output, ofTool));
        first["pushedBytes"]!.GetValue<long>().ShouldBePositive();
        second["pushedBytes"]!.GetValue<long>().ShouldBe(0);
        first.Remove("pushedBytes");
        second.Remove("pushedBytes");
        second.ToJsonString().ShouldBe(first.ToJsonString());
        Json(check.Output, ofTool).ToJsonString().ShouldBe(Json(project, "preflight.json", ofBuild).ToJsonString());
    }

    [Fact]
    public async Task A_check_with_the_options_of_a_push_finds_what_the_build_with_its_properties_finds()
    {
        await using var emulator = await Scenario.StartAsync(
            Scenario.Policy(
                (
                    "CiPushes",
                    $"arn:aws:iam::{Scenario.CiAccount}:root",
                    [.. Scenario.PushActions, "ecr:ListImages", "ecr:DescribeImageScanFindings"]
                )
            )
        );
        var project = (await pushes.ProjectAsync()).WithAws(emulator, Scenario.Ci);

        // The tag of the .NET SDK is none of this push.
        (
            await project.RunAsync(
                "build",
                "--no-restore",
                "/t:EcrPreflight",
                "-p:EcrImageTags=1.4.2",
                "-p:ContainerImageTag=other",
                "-p:EcrFloatingTags=true",
                "-p:EcrFailOnSeverity=HIGH"
            )
        ).ShouldSucceed();
        var check = await project.EcrAsync(
            "check",
            ImageOf("1.4.2"),
            "--floating-tags",
            "--fail-on-severity",
            "high",
            "--output",
            "json"
        );

        var found = Json(project, "preflight.json", emulator);
        Json(check.Output, emulator).ToJsonString().ShouldBe(found.ToJsonString());
        found["actions"]!.AsArray().Count.ShouldBe(9);
        found["image"]!["tags"]!.ToJsonString().ShouldBe("""["1.4.2"]""");
    }

    private static string ImageOf(string tag) => $"{Scenario.RegistryHost}/{Scenario.Repository}:{tag}";

    private static JsonObject Json(DotnetProject project, string file, EcrEmulator emulator) =>
        Json(File.ReadAllText(Path.Combine(project.IntermediateFolder("Debug"), "ecr", file)), emulator);

    /// <summary>Without what differs from one push to another.</summary>
    private static JsonObject Json(string text, EcrEmulator emulator)
    {
        var json = JsonNode.Parse(Neutral(text, emulator))!.AsObject();
        json.Remove("seconds");
        return json;
    }

    private static string Neutral(string text, EcrEmulator emulator) =>
        Seconds().Replace(text.Replace(emulator.Endpoint.Authority, "host", StringComparison.Ordinal), "0 s");

    [GeneratedRegex(@"\S+ \S+ sent of [^,]+, 0 of 1 layers existed already", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Totals();

    [GeneratedRegex(@"[0-9]+\.[0-9] s\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Seconds();
}
