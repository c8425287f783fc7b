using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>Docker, skopeo and podman, each with a home of its own.</summary>
public sealed class ContainerToolTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly Home home = new();
    private EcrEmulator emulator = null!;
    private string password = null!;

    private string Host => emulator.Endpoint.Authority;

    private string PublicImage => $"{Host}/public/base:1";

    public async ValueTask InitializeAsync()
    {
        var options = Scenario.Options(new(Scenario.Repository) { Policy = Scenario.RepositoryPolicyForCi }) with
        {
            PublicImages = [new("public/base", "1")],
        };
        emulator = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
        using var ci = new AwsCli(emulator, Scenario.CiKey);
        password = await ci.PasswordAsync(Scenario.OwnerAccount);
    }

    public async ValueTask DisposeAsync()
    {
        await emulator.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task Docker_logs_in_pushes_and_pulls()
    {
        var image = $"{Host}/hello-api:docker";
        (await DockerAsync(password, "login", "-u", "AWS", "--password-stdin", Host)).EnsureSuccess();
        (await DockerAsync(null, "pull", PublicImage)).EnsureSuccess();
        (await DockerAsync(null, "tag", PublicImage, image)).EnsureSuccess();

        var pushed = (await DockerAsync(null, "push", image)).EnsureSuccess().Output;

        var digest = await DigestAsync("docker");
        pushed.ShouldContain(digest);
        (await DockerAsync(null, "rmi", image, PublicImage)).EnsureSuccess();
        (await DockerAsync(null, "pull", image)).EnsureSuccess().Output.ShouldContain(digest);
        (await DockerAsync(null, "rmi", image)).EnsureSuccess();
    }

    [Fact]
    public async Task Docker_is_told_who_may_not_push()
    {
        using var reader = new AwsCli(emulator, Scenario.CiKey);
        var denied = $"{Host}/hello-api:denied";
        (await DockerAsync(password, "login", "-u", "AWS", "--password-stdin", Host)).EnsureSuccess();
        (await DockerAsync(null, "pull", PublicImage)).EnsureSuccess();
        (await DockerAsync(null, "tag", PublicImage, denied)).EnsureSuccess();
        using var owner = new AwsCli(emulator, Scenario.OwnerKey);
        await owner.AnswerAsync(
            "ecr",
            "set-repository-policy",
            "--repository-name",
            Scenario.Repository,
            "--policy-text",
            Scenario.RepositoryPolicyForCi.Replace("\"ecr:InitiateLayerUpload\",", "", StringComparison.Ordinal)
        );

        var push = await DockerAsync(null, "push", denied);

        push.ExitCode.ShouldNotBe(0, push.ToString());
        push.Error.ShouldContain(
            $"denied: User: {Scenario.CiSessionArn} is not authorized to perform: ecr:InitiateLayerUpload on resource: {Scenario.RepositoryArn} because no resource-based policy allows the ecr:InitiateLayerUpload action"
        );
        (await DockerAsync(null, "rmi", denied, PublicImage)).EnsureSuccess();
    }

    [Fact]
    public async Task Docker_cannot_log_in_with_a_wrong_password()
    {
        var login = await DockerAsync("wrong", "login", "-u", "AWS", "--password-stdin", Host);

        login.ExitCode.ShouldNotBe(0, login.ToString());
        login.Error.ShouldContain("401 Unauthorized");
    }

    [Fact]
    public async Task Skopeo_copies_from_and_to_the_registry()
    {
        var oci = $"oci:{home.PathOf("oci")}:1";
        var dir = $"dir:{home.PathOf("dir")}";
        var target = $"docker://{Host}/hello-api:skopeo";

        await SkopeoAsync("copy", "--all", "--src-tls-verify=false", $"docker://{PublicImage}", oci);
        await SkopeoAsync("copy", "--all", "--dest-tls-verify=false", "--dest-creds", $"AWS:{password}", oci, target);
        await SkopeoAsync("copy", "--all", "--src-tls-verify=false", "--src-creds", $"AWS:{password}", target, dir);

        var expected = TestImage.Digest(
            await File.ReadAllBytesAsync(
                Path.Combine(home.PathOf("dir"), "manifest.json"),
                TestContext.Current.CancellationToken
            )
        );
        (await DigestAsync("skopeo")).ShouldBe(expected);
    }

    [Fact]
    public async Task Podman_pushes()
    {
        string[] storage =
        [
            "--root",
            home.PathOf("podman"),
            "--runroot",
            home.PathOf("podman-run"),
            "--storage-driver",
            "vfs",
        ];
        var image = $"{Host}/hello-api:podman";
        await RunAsync("podman", null, [.. storage, "pull", "--tls-verify=false", PublicImage], mustSucceed: true);

        await RunAsync(
            "podman",
            null,
            [.. storage, "push", "--tls-verify=false", "--creds", $"AWS:{password}", PublicImage, image],
            mustSucceed: true
        );

        (await DigestAsync("podman")).ShouldStartWith("sha256:");
    }

    private async Task<string> DigestAsync(string tag)
    {
        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);
        using var registry = await owner.RegistryAsync();
        using var manifest = await registry.GetAsync(
            new Uri($"hello-api/manifests/{tag}", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        manifest.EnsureSuccessStatusCode();
        return manifest.Headers.GetValues("Docker-Content-Digest").Single();
    }

    private Task<CliResult> SkopeoAsync(params string[] arguments) =>
        RunAsync("skopeo", null, arguments, mustSucceed: true);

    private async Task<CliResult> DockerAsync(string? input, params string[] arguments)
    {
        var host = await engine.EndpointAsync();
        return await RunAsync("docker", input, ["--host", host.ToString(), .. arguments], mustSucceed: false);
    }

    private async Task<CliResult> RunAsync(string program, string? input, string[] arguments, bool mustSucceed)
    {
        var result = await Cli.RunAsync(
            RealPart.Find(program),
            arguments,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["HOME"] = home.Folder,
                ["DOCKER_CONFIG"] = null,
                ["XDG_RUNTIME_DIR"] = home.Folder,
                ["NO_PROXY"] = "127.0.0.1",
            },
            standardInput: input,
            cancellationToken: TestContext.Current.CancellationToken
        );
        return mustSucceed ? result.EnsureSuccess() : result;
    }
}
