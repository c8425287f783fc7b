using System.Text.Json;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>Passwords for other programs.</summary>
public sealed class LoginCommandTests
{
    private const string Docker = "docker";

    [Fact]
    public async Task The_printed_password_opens_the_registry_and_costs_one_call_to_AWS()
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrAsync("login", PushScene.Host, "--print-password");

        (result.ExitCode, result.Error).ShouldBe((0, ""), result.ToString());
        result.Output.ShouldNotContain('\n');
        scene.Emulator.Calls.Select(call => call.Action).ShouldBe(["GetAuthorizationToken"]);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new(
            "Basic",
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"AWS:{result.Output}"))
        );
        using var answer = await http.GetAsync(
            new Uri(scene.Emulator.Endpoint, "/v2/"),
            TestContext.Current.CancellationToken
        );
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task The_password_goes_to_docker_through_standard_input_only()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProgram(Docker, "#!/bin/sh\necho \"$@\" > arguments\ncat > input\necho Login Succeeded\n");

        var result = await scene.EcrAsync("login", "--output", "json");

        result.ExitCode.ShouldBe(0, result.ToString());
        var host = scene.Emulator.Endpoint.Authority;
        Read("arguments").ShouldBe($"login --username AWS --password-stdin {host}\n");
        var password = Read("input");
        password.Length.ShouldBeGreaterThan(20);
        $"{result.Output}{result.Error}".ShouldNotContain(password);
        result.Error.ShouldBe("Login Succeeded");
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.GetProperty("registry").GetString().ShouldBe(host);
        json.RootElement.GetProperty("program").GetString().ShouldBe(Docker);

        string Read(string file) => File.ReadAllText(Path.Combine(scene.Folder, file));
    }

    [Fact]
    public async Task Podman_is_logged_in_where_docker_is_missing()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProgram("podman", "#!/bin/sh\nread -r password\necho \"$@\"\n", alone: true);

        var result = await scene.EcrAsync("login");

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldMatch($"^podman .*{scene.Emulator.Endpoint.Authority} ");
        result.Error.ShouldBe(
            $"login --username AWS --password-stdin {scene.Emulator.Endpoint.Authority} --tls-verify=false"
        );
    }

    [Fact]
    public async Task Podman_verifies_the_certificate_of_every_registry_on_another_machine()
    {
        await using var ecr = TokenEndpoint.Start("http://registry.example:5000");
        await using var scene = await PushScene.StartAsync();
        scene
            .With("AWS_ENDPOINT_URL", ecr.Address.ToString())
            .WithProgram("podman", "#!/bin/sh\nread -r password\necho \"$@\"\n", alone: true);

        var result = await scene.RunAsync(PushScene.Dotnet, [SourceTree.Tool, "login"]);

        result.Error.ShouldBe("login --username AWS --password-stdin registry.example:5000", result.ToString());
    }

    [Fact]
    public async Task A_docker_that_refuses_is_quoted_without_the_password()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProgram(Docker, "#!/bin/sh\nread -r password\necho \"cannot store $password\" >&2\nexit 7\n");

        var result = await scene.EcrAsync("login");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith($"error ECR4011: `docker login {scene.Emulator.Endpoint.Authority}` ");
        result.Error.ShouldContain("7: cannot store ***\n");
    }

    [Fact]
    public async Task Without_docker_and_podman_the_option_that_prints_the_password_is_named()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProgram("nothing", "", alone: true);

        var result = await scene.EcrAsync("login");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith("error ECR4011: ");
        result.Error.ShouldContain("--print-password");
    }

    [Fact]
    public async Task A_registry_of_others_is_refused_before_AWS_is_asked()
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrAsync("login", "docker.io", "--print-password");

        (result.ExitCode, result.Output).ShouldBe((1, ""));
        result.Error.ShouldContain("ECR1001");
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.co")]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.com.evil.example")]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.co:8443")]
    [InlineData("111122223333.dkr.ecr.us-east-1.amazonaws.co")]
    public async Task A_host_that_is_neither_of_AWS_nor_named_by_ECR_gets_no_password(string host)
    {
        await using var ecr = TokenEndpoint.Start($"https://{PushScene.Host}");
        await using var scene = await PushScene.StartAsync();
        scene
            .With("AWS_ENDPOINT_URL_ECR", ecr.Address.ToString())
            .With("AWS_ENDPOINT_URL", scene.Emulator.Endpoint.ToString())
            .WithProgram(Docker, "#!/bin/sh\ncat > input\n");
        // Also a kept password goes nowhere else.
        (await EcrAsync(null, "login", PushScene.Host, "--print-password")).Output.ShouldBe(TokenEndpoint.Password);

        CliResult[] results =
        [
            await EcrAsync(null, "login", host),
            await EcrAsync(null, "login", host, "--print-password"),
            await EcrAsync(host, "login", "--credential-helper", "get"),
            await EcrAsync(null, "push", scene.WriteLayout(), $"{host}/hello-api:1", "--mode", "registry"),
            await EcrAsync(null, "check", $"{host}/hello-api:1"),
        ];

        foreach (var result in results)
        {
            result.ExitCode.ShouldBe(1, result.ToString());
            result.Error.ShouldContain("ECR1001");
            result.Error.ShouldContain(host);
            result.Error.ShouldContain(PushScene.Host);
            result.ToString().ShouldNotContain(TokenEndpoint.Password);
        }

        File.Exists(Path.Combine(scene.Folder, "input")).ShouldBeFalse();

        Task<CliResult> EcrAsync(string? input, params string[] arguments) =>
            scene.RunAsync(PushScene.Dotnet, [SourceTree.Tool, .. arguments], input);
    }

    [Theory]
    [InlineData("login", "--credential-helper", "fetch")]
    [InlineData("login", "--credential-helper", "get", "--print-password")]
    [InlineData("login", "--credential-helper", "get", PushScene.Host)]
    public async Task Wrong_usage_exits_with_64(params string[] arguments)
    {
        await using var scene = await PushScene.StartAsync();

        (await scene.EcrAsync(arguments)).ExitCode.ShouldBe(64);
    }

    [Fact]
    public async Task The_real_docker_logs_in_through_a_pipe_and_by_itself()
    {
        await using var engine = (await DockerEngine.FindOrStartAsync(TestContext.Current.CancellationToken)).OrSkip(
            DockerEngine.Name
        );
        var docker = RealPart.Find(Docker);
        await using var scene = await PushScene.StartAsync();
        var host = scene.Emulator.Endpoint.Authority;
        scene.With("DOCKER_HOST", engine.Endpoint.ToString());

        var printed = await scene.EcrAsync("login", "--print-password");
        var piped = await scene.RunAsync(
            docker,
            ["login", "--username", "AWS", "--password-stdin", host],
            printed.Output + "\n"
        );
        var alone = await scene.EcrAsync("login");

        piped.ExitCode.ShouldBe(0, piped.ToString());
        alone.ExitCode.ShouldBe(0, alone.ToString());
        scene.Emulator.Calls.Count(call => call.Service == "registry" && call.Status == 200).ShouldBeGreaterThan(1);
        using var config = JsonDocument.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(scene.Folder, ".docker", "config.json"),
                TestContext.Current.CancellationToken
            )
        );
        config.RootElement.GetProperty("auths").TryGetProperty(host, out _).ShouldBeTrue();
    }
}
