using System.Text.Json;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>Docker's protocol of credential helpers, spoken to us by hand and by skopeo.</summary>
public sealed class CredentialHelperTests
{
    [Theory]
    [InlineData(PushScene.Host)]
    [InlineData($"https://{PushScene.Host}/")]
    [InlineData($"{PushScene.Host}/hello-api\n")]
    public async Task An_ECR_registry_gets_its_password(string server)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrWithInputAsync(server, "login", "--credential-helper", "get");

        (result.ExitCode, result.Error).ShouldBe((0, ""), result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.EnumerateObject()
            .Select(property => property.Name)
            .ShouldBe(["ServerURL", "Username", "Secret"]);
        json.RootElement.GetProperty("ServerURL").GetString().ShouldBe(server.Trim());
        json.RootElement.GetProperty("Username").GetString().ShouldBe("AWS");
        json.RootElement.GetProperty("Secret").GetString()!.Length.ShouldBeGreaterThan(20);
        scene.Emulator.Calls.Select(call => call.Action).ShouldBe(["GetAuthorizationToken"]);
    }

    [Theory]
    [InlineData("https://index.docker.io/v1/", "credentials not found in native keychain")]
    [InlineData("public.ecr.aws", "credentials not found in native keychain")]
    [InlineData("", "no credentials server URL")]
    public async Task Other_servers_are_not_known_as_the_protocol_says_it(string server, string answer)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrWithInputAsync(server, "login", "--credential-helper", "get");

        (result.ExitCode, result.Output, result.Error).ShouldBe((1, answer, ""));
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_AWS_refuses_is_told_on_standard_output()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_SECRET_ACCESS_KEY", "wrong");

        var result = await scene.EcrWithInputAsync(PushScene.Host, "login", "--credential-helper", "get");

        (result.ExitCode, result.Error).ShouldBe((1, ""));
        result.Output.ShouldStartWith("ECR1012: AWS does not accept the credentials");
    }

    [Theory]
    [InlineData("list", "{}")]
    [InlineData("store", "")]
    [InlineData("erase", "")]
    public async Task Nothing_is_kept_and_nothing_fails(string request, string answer)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrWithInputAsync(
            """{"ServerURL":"docker.io","Username":"me","Secret":"mine"}""",
            "login",
            "--credential-helper",
            request
        );

        (result.ExitCode, result.Output, result.Error).ShouldBe((0, answer, ""));
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Skopeo_is_let_in_by_the_script_of_the_recipes()
    {
        var skopeo = Cli.Find("skopeo").OrSkip("skopeo is not installed.", Assert.Skip);
        await using var scene = await StartWithImageAsync();
        scene.With("REGISTRY_AUTH_FILE", Path.Combine(scene.Folder, ".docker", "config.json"));

        var result = await scene.RunAsync(
            skopeo,
            ["inspect", "--raw", "--tls-verify=false", $"docker://{scene.Emulator.Endpoint.Authority}/hello-api:1"]
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        using var manifest = JsonDocument.Parse(result.Output);
        manifest.RootElement.GetProperty("layers").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Docker_is_let_in_by_the_script_of_the_recipes()
    {
        var docker = Cli.Find("docker").OrSkip("The docker command line is not installed.", Assert.Skip);
        await using var scene = await StartWithImageAsync();

        // The one of docker's commands that asks the registry without an engine.
        var result = await scene.RunAsync(
            docker,
            ["manifest", "inspect", "--insecure", $"{scene.Emulator.Endpoint.Authority}/hello-api:1"]
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        using var manifest = JsonDocument.Parse(result.Output);
        manifest.RootElement.GetProperty("layers").GetArrayLength().ShouldBe(1);
    }

    /// <summary>An image to ask for, and a shell in which the helper is installed.</summary>
    private static async Task<PushScene> StartWithImageAsync()
    {
        var scene = await PushScene.StartAsync();
        var pushed = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1", "--mode", "registry");
        pushed.ExitCode.ShouldBe(0, pushed.ToString());
        var settings = Directory.CreateDirectory(Path.Combine(scene.Folder, ".docker")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(settings, "config.json"),
            $$$"""{"credHelpers":{"{{{scene.Emulator.Endpoint.Authority}}}":"ecr-dotnet"}}""",
            TestContext.Current.CancellationToken
        );
        return scene
            .WithProgram("docker-credential-ecr-dotnet", ScriptOfRecipes())
            // What the tool's package puts there.
            .WithProgram("dotnet-ecr", $"#!/bin/sh\nexec {PushScene.Dotnet} {SourceTree.Tool} \"$@\"\n")
            .With("AWS_ENDPOINT_URL", scene.Emulator.Endpoint.ToString());
    }

    private static string ScriptOfRecipes()
    {
        var recipes = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "recipes.md"));
        var start = recipes.IndexOf("#!/bin/sh\nexec dotnet-ecr", StringComparison.Ordinal);
        return recipes[start..recipes.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
