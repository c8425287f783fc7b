using System.Text.Json;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>Docker's protocol of credential helpers, spoken to us by hand and by skopeo.</summary>
public sealed class CredentialHelperTests
{
    private const string NotFound = "credentials not found in native keychain";

    [Theory]
    [InlineData(PushScene.Host)]
    [InlineData($"https://{PushScene.Host}/")]
    [InlineData($"{PushScene.Host}:443")]
    [InlineData($"https://{PushScene.Host}:443/v2/")]
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
    [InlineData("https://index.docker.io/v1/", NotFound)]
    [InlineData("444455556666.dkr.ecr.example.com", NotFound)]
    [InlineData($"{PushScene.Host}:5000", NotFound)]
    [InlineData("", "no credentials server URL")]
    public async Task Other_servers_are_not_known_as_the_protocol_says_it(string server, string answer)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrWithInputAsync(server, "login", "--credential-helper", "get");

        (result.ExitCode, result.Output, result.Error).ShouldBe((1, answer, ""));
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_public_port_of_an_emulator_gets_its_password_and_no_other_port_of_that_machine_does()
    {
        await using var scene = await PushScene.StartAsync();

        var given = await scene.EcrWithInputAsync(
            scene.Emulator.PublicEndpoint.Authority,
            "login",
            "--credential-helper",
            "get"
        );
        var other = await scene.EcrWithInputAsync("127.0.0.1:9", "login", "--credential-helper", "get");

        given.ExitCode.ShouldBe(0, given.ToString());
        given.Output.ShouldContain("\"Secret\"");
        (other.ExitCode, other.Output, other.Error).ShouldBe((1, NotFound, ""));
    }

    [Theory]
    [InlineData("444455556666.dkr.ecr.xx-new-1.example.com", 0)]
    [InlineData("444455556666.dkr.ecr.xx-new-1.example.org", 1)]
    public async Task In_a_partition_that_is_not_known_a_password_goes_to_the_host_that_ECR_names(
        string host,
        int exitCode
    )
    {
        await using var ecr = TokenEndpoint.Start("https://444455556666.dkr.ecr.xx-new-1.example.com");
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_ENDPOINT_URL", ecr.Address.ToString());

        var result = await scene.RunAsync(
            PushScene.Dotnet,
            [SourceTree.Tool, "login", "--credential-helper", "get"],
            host
        );

        result.ExitCode.ShouldBe(exitCode, result.ToString());
        if (exitCode == 0)
        {
            result.Output.ShouldContain(TokenEndpoint.Password);
        }
        else
        {
            result.Output.ShouldBe(NotFound);
            result.Error.ShouldContain("ECR1001");
        }

        ecr.Asked.ShouldBe(1);
    }

    [Theory]
    [InlineData("public.ecr.aws")]
    [InlineData("https://public.ecr.aws/v2/")]
    public async Task Who_gets_no_password_of_ECR_Public_may_pull_without_and_reads_why_beside(string server)
    {
        await using var scene = await PushScene.StartAsync();
        scene.AsNobody();

        var result = await scene.EcrWithInputAsync(server, "login", "--credential-helper", "get");

        (result.ExitCode, result.Output).ShouldBe((1, NotFound));
        result.Error.ShouldMatch("^ECR2004: arn:aws:iam::444455556666:user/nobody .*ecr-public:GetAuthorizationToken");
    }

    [Fact]
    public async Task What_AWS_refuses_is_on_standard_output()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_SECRET_ACCESS_KEY", "wrong");

        var result = await scene.EcrWithInputAsync(PushScene.Host, "login", "--credential-helper", "get");

        (result.ExitCode, result.Error).ShouldBe((1, ""));
        result.Output.ShouldStartWith("ECR1012: ");
    }

    [Theory]
    [InlineData("""{"ServerURL":"ghcr.io","Username":"me","Secret":"mine"}""", 1)]
    [InlineData("""{"ServerURL":"https://index.docker.io/v1/","Username":"me","Secret":"mine"}""", 1)]
    [InlineData("""{"Username":"me","Secret":"mine"}""", 1)]
    [InlineData("""{"ServerURL":1}""", 1)]
    [InlineData("nonsense", 1)]
    [InlineData("", 1)]
    [InlineData($$"""{"ServerURL":"{{PushScene.Host}}","Username":"AWS","Secret":"x"}""", 0)]
    [InlineData("""{"ServerURL":"https://public.ecr.aws/v2/","Username":"AWS","Secret":"x"}""", 0)]
    public async Task Only_what_is_not_lost_is_accepted_for_storing(string input, int exitCode)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrWithInputAsync(input, "login", "--credential-helper", "store");

        (result.ExitCode, result.Error).ShouldBe((exitCode, ""), result.ToString());
        result.Output.StartsWith("not implemented: ").ShouldBe(exitCode == 1);
        result.Output.ShouldNotContain("mine");
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Erasing_what_was_never_stored_succeeds()
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrWithInputAsync("docker.io", "login", "--credential-helper", "erase");

        (result.ExitCode, result.Output, result.Error).ShouldBe((0, "", ""));
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_has_the_registries_with_cached_passwords_or_the_own_one_and_never_fails()
    {
        await using var scene = await PushScene.StartAsync();
        var host = scene.Emulator.Endpoint.Authority;

        var own = await scene.EcrWithInputAsync("", "login", "--credential-helper", "list");
        var cached = await scene.EcrWithInputAsync("", "login", "--credential-helper", "list");
        scene.With("AWS_ECR_DISABLE_CACHE", "true").With("AWS_SECRET_ACCESS_KEY", "wrong");
        var none = await scene.EcrWithInputAsync("", "login", "--credential-helper", "list");

        (own.ExitCode, own.Output, own.Error).ShouldBe((0, $$"""{"{{host}}":"AWS"}""", ""), own.ToString());
        cached.Output.ShouldBe(own.Output);
        scene.Emulator.Calls.Count(call => call.Status == 200).ShouldBe(1);
        (none.ExitCode, none.Output).ShouldBe((0, "{}"), none.ToString());
        none.Error.ShouldStartWith("ECR1012: ");
    }

    [Fact]
    public async Task Skopeo_is_let_in_by_the_script_of_the_recipes()
    {
        var skopeo = RealPart.Find("skopeo");
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Docker_is_let_in_by_the_script_of_the_recipes(bool isForAllRegistries)
    {
        var docker = RealPart.Find("docker");
        await using var scene = await StartWithImageAsync(isForAllRegistries);

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
    private static async Task<PushScene> StartWithImageAsync(bool isForAllRegistries = false)
    {
        var scene = await PushScene.StartAsync();
        var pushed = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1", "--mode", "registry");
        pushed.ExitCode.ShouldBe(0, pushed.ToString());
        var settings = Directory.CreateDirectory(Path.Combine(scene.Folder, ".docker")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(settings, "config.json"),
            isForAllRegistries
                ? """{"credsStore":"ecr-dotnet"}"""
                : $$$"""{"credHelpers":{"{{{scene.Emulator.Endpoint.Authority}}}":"ecr-dotnet"}}""",
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
