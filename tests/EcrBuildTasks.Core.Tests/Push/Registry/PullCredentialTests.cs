using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>With what the registry of a base image is asked for its layers.</summary>
public sealed class PullCredentialTests : IDisposable
{
    private const string User = "somebody";
    private const string Password = "a:password-of-some-length";
    private const string Content = "the layer";
    private const string Bytes = "application/octet-stream";

    private static readonly string Layer = TestImage.Digest(Encoding.UTF8.GetBytes(Content));
    private static readonly string Auth = $"\"auth\":\"{Base64($"{User}:{Password}")}\"";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("ecr-pull-");

    /// <summary>A file, what it says, and the variable that leads to it or to its folder.</summary>
    public static TheoryData<string, string, string> Files =>
        new()
        {
            { ".docker/config.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", "" },
            { ".docker/config.json", $$"""{"auths":{"https://HOST":{ {{Auth}} } } }""", "" },
            { ".docker/config.json", $$"""{"auths":{"https://HOST/v1/":{ {{Auth}} } } }""", "" },
            {
                ".docker/config.json",
                $$"""{"auths":{"HOST":{"username":"{{User}}","password":"{{Password}}"} } }""",
                ""
            },
            { "elsewhere/config.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", "DOCKER_CONFIG=elsewhere" },
            { "run/containers/auth.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", "XDG_RUNTIME_DIR=run" },
            { "auth.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", "REGISTRY_AUTH_FILE=auth.json" },
            { ".docker/config.json", $$"""{"auths":{"other.example":{},"HOST":{ {{Auth}} } } }""", "" },
            // A helper that is missing or has nothing leaves the file.
            { ".docker/config.json", $$"""{"credsStore":"missing","auths":{"HOST":{ {{Auth}} } } }""", "" },
        };

    public static TheoryData<string> HelpersInFile =>
        new(
            """{"credsStore":"test"}""",
            """{"credHelpers":{"HOST":"test"},"credsStore":"missing"}""",
            """{"auths":{"HOST":{}},"credsStore":"test"}"""
        );

    /// <summary>Where nothing is for the registry.</summary>
    public static TheoryData<string, string> Nothing =>
        new()
        {
            { "", "" },
            { "{}", "" },
            { $$"""{"auths":{"other.example":{ {{Auth}} } } }""", "" },
            { $$"""{"auths":{"HOST.example":{ {{Auth}} } } }""", "" },
            { """{"auths":{"HOST":{}}}""", "" },
            { """{"credHelpers":{"other.example":"missing"}}""", "" },
            { """{"credsStore":"missing"}""", "docker-credential-missing" },
            { """{"credsStore":"../../bin/x"}""", "docker-credential-.." },
            { "not JSON", "config.json" },
            { """{"auths":[]}""", "config.json" },
            { """{"auths":{"HOST":{"auth":"%"}}}""", "config.json" },
            { """{"credsStore":1}""", "config.json" },
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private EnvironmentVariables Environment =>
        EnvironmentVariables.None.With("HOME", _home.FullName).With("PATH", _home.FullName);

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_login_is_found_where_docker_and_podman_store_it(string file, string text, string variable)
    {
        await using var registry = await BasicAsync();
        Write(file, text, registry);
        var environment = variable.Split('=') is [var name, var path]
            ? Environment.With(name, Path.Combine(_home.FullName, path))
            : Environment;

        (await ReadAsync(registry, environment)).ShouldBe(Content);

        Sent(registry).ShouldBe($"Basic {Base64($"{User}:{Password}")}");
        OutgoingText.Redact($"x {Password} {Base64($"{User}:{Password}")}").ShouldNotContain(Password);
    }

    [Theory]
    [MemberData(nameof(HelpersInFile))]
    public async Task A_credential_helper_is_asked_for_the_registry(string text)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        await using var registry = await BasicAsync();
        Write(".docker/config.json", text, registry);
        Helper($$"""read -r key; echo "{\"ServerURL\":\"$key\",\"Username\":\"$key\",\"Secret\":\"{{Password}}\"}" """);

        (await ReadAsync(registry, Environment)).ShouldBe(Content);

        Sent(registry).ShouldBe($"Basic {Base64($"{registry.Url.Authority}:{Password}")}");
    }

    [Theory]
    [InlineData("echo 'credentials not found in native keychain'; exit 1", "")]
    [InlineData("echo a-secret-thing; exit 1", "docker-credential-test")]
    [InlineData("echo a-secret-thing", "docker-credential-test")]
    [InlineData("echo '{}'", "")]
    public async Task A_helper_that_has_nothing_leaves_the_request_anonymous(string script, string problem)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        Helper($"read -r key; {script}");

        await NothingIsFoundAsync("""{"credsStore":"test"}""", problem);
    }

    [Theory]
    [MemberData(nameof(Nothing))]
    public async Task Without_a_login_the_request_is_anonymous_and_a_denial_says_what_was_wrong(
        string text,
        string problem
    ) => await NothingIsFoundAsync(text, problem);

    [Fact]
    public async Task The_variables_of_the_SDK_for_pulling_come_first_and_those_for_pushing_are_not_used()
    {
        await using var registry = await BasicAsync();
        Write(".docker/config.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", registry);
        var pushing = Environment
            .With("DOTNET_CONTAINER_REGISTRY_UNAME", "pusher")
            .With("DOTNET_CONTAINER_REGISTRY_PWORD", "p");

        await ReadAsync(registry, pushing);
        var login = Sent(registry);
        await ReadAsync(
            registry,
            pushing
                .With("DOTNET_CONTAINER_PULL_REGISTRY_UNAME", "puller")
                .With("DOTNET_CONTAINER_PULL_REGISTRY_PWORD", "p")
        );

        login.ShouldBe($"Basic {Base64($"{User}:{Password}")}");
        Sent(registry).ShouldBe($"Basic {Base64("puller:p")}");
    }

    [Fact]
    public async Task The_session_of_AWS_comes_before_any_login()
    {
        await using var registry = await BasicAsync();
        Write(".docker/config.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", registry);

        await ReadAsync(
            registry,
            Environment,
            _ => Task.FromResult<RegistryCredentials?>(new(registry.Url.Authority, "AWS", "token"))
        );

        Sent(registry).ShouldBe($"Basic {Base64("AWS:token")}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("DOTNET_CONTAINER_PULL_REGISTRY")]
    public async Task A_token_for_reading_comes_from_the_service_that_the_registry_names(string variables)
    {
        await using var service = await StubService.StartAsync(_ =>
            new(200, """{"token":"the-token-of-the-service","expires_in":300}""")
        );
        await using var registry = await BearerAsync($"{service.Url}token");
        var environment =
            variables.Length == 0
                ? Environment
                : Environment.With($"{variables}_UNAME", User).With($"{variables}_PWORD", Password);

        (await ReadAsync(registry, environment)).ShouldBe(Content);

        var asked = service.Requests.ShouldHaveSingleItem();
        asked.Query.ShouldBe("?service=s.example&scope=repository%3Abase%3Apull");
        asked
            .Headers.GetValueOrDefault("Authorization")
            .ShouldBe(variables.Length == 0 ? null : $"Basic {Base64($"{User}:{Password}")}");
        Sent(registry).ShouldBe("Bearer the-token-of-the-service");
        OutgoingText.Redact("x the-token-of-the-service").ShouldNotContain("the-token");
    }

    [Fact]
    public async Task An_identity_token_is_exchanged_and_goes_to_the_service_only()
    {
        await using var service = await StubService.StartAsync(_ => new(200, """{"access_token":"the-token"}"""));
        await using var registry = await BearerAsync($"{service.Url}token");
        Write(
            ".docker/config.json",
            """{"auths":{"HOST":{"auth":"PHRva2VuPjo=","identitytoken":"the-identity-token"}}}""",
            registry
        );

        (await ReadAsync(registry, Environment)).ShouldBe(Content);

        var asked = service.Requests.ShouldHaveSingleItem();
        asked.Method.ShouldBe("POST");
        asked
            .Body.Split('&')
            .ShouldBe(
                [
                    "service=s.example",
                    "scope=repository%3Abase%3Apull",
                    "grant_type=refresh_token",
                    "client_id=EcrBuildTasks",
                    "refresh_token=the-identity-token",
                ],
                ignoreOrder: true
            );
        registry.Requests.ShouldAllBe(request => !request.Headers.Values.Any(value => value.Contains("identity")));
    }

    [Theory]
    [InlineData("http://auth.example/token")]
    [InlineData("ftp://auth.example/token")]
    [InlineData("/token")]
    [InlineData("http://169.254.169.254/token")]
    public async Task The_password_goes_to_no_service_without_TLS(string realm)
    {
        await using var registry = await BearerAsync(realm);
        Write(".docker/config.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", registry);

        var failure = await Should.ThrowAsync<PushException>(() => ReadAsync(registry, Environment));

        failure.Code.ShouldBe(EcrCode.BaseImageUnreadable, failure.Message);
        registry.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task The_storage_that_the_registry_names_gets_no_credentials(int status)
    {
        await using var storage = await StubService.StartAsync(_ => new(200, Content, Bytes));
        await using var registry = await StubService.StartAsync(request =>
            request.Path == "/v2/"
                ? Challenge("Basic realm=\"x\"")
                : new(status, "") { Header = ("Location", $"{storage.Url}blob?signature=x") }
        );
        Write(".docker/config.json", $$"""{"auths":{"HOST":{ {{Auth}} } } }""", registry);

        (await ReadAsync(registry, Environment)).ShouldBe(Content);

        Sent(registry).ShouldNotBeNull();
        storage.Requests.ShouldHaveSingleItem().Headers.ShouldNotContainKey("Authorization");
    }

    [Fact]
    public async Task A_real_registry_gives_its_layers_to_who_is_logged_in()
    {
        await using var real = (
            await DockerRegistry.StartAsync(User, Password, cancellationToken: Cancellation)
        ).OrSkip(DockerRegistry.Name);
        using var pusher = new RegistryPusher(new PushTiming());
        var layer = new MemoryBlob(TestImage.Random(100_000));
        var source = new ImageSource.EngineImage("not looked at");
        var push = new ImagePush
        {
            Source = source,
            RegistryHost = real.Host,
            UsePlainHttp = true,
            Repository = "base",
            Tags = ["1"],
            GetCredentials = _ => Task.FromResult(new RegistryCredentials(real.Host, User, Password)),
        };
        await pusher.PushAsync(TestImage.Of(layer), push, new Recorder(), Cancellation);
        using var anonymous = new RemoteBlobs(real.Host, "base", Environment);

        var failure = await Should.ThrowAsync<PushException>(() =>
            Digest.ComputeAsync(anonymous.Open(layer.Digest, layer.Length).Content, Cancellation)
        );

        failure.Message.ShouldContain($"docker login {real.Host}");
        File(".docker/config.json", $$"""{"auths":{"{{real.Host}}":{ {{Auth}} } } }""");
        using var remote = new RemoteBlobs(real.Host, "base", Environment);
        (await Digest.ComputeAsync(remote.Open(layer.Digest, layer.Length).Content, Cancellation)).ShouldBe(
            layer.Digest
        );
    }

    private async Task NothingIsFoundAsync(string text, string problem)
    {
        await using var open = await StubService.StartAsync(request =>
            request.Path == "/v2/" ? new(200, "{}") : new(200, Content, Bytes)
        );
        await using var closed = await BasicAsync();
        Write(".docker/config.json", text, open);

        (await ReadAsync(open, Environment)).ShouldBe(Content);
        Write(".docker/config.json", text, closed);
        var failure = await Should.ThrowAsync<PushException>(() => ReadAsync(closed, Environment));

        Sent(open).ShouldBeNull();
        failure.Code.ShouldBe(EcrCode.BaseImageUnreadable, failure.Message);
        failure.Message.ShouldContain(closed.Url.Authority);
        failure.Message.ShouldContain(problem);
        failure.Message.ShouldNotContain("a-secret-thing");
    }

    private static async Task<string> ReadAsync(
        StubService registry,
        EnvironmentVariables environment,
        Func<CancellationToken, Task<RegistryCredentials?>>? getEcrCredentials = null
    )
    {
        using var remote = new RemoteBlobs(
            registry.Url.Authority,
            "base",
            environment,
            getEcrCredentials,
            PassingFaultTests.Impatient
        );
        var content = new byte[Content.Length];
        await remote.Open(Layer, Content.Length).Content.ReadAsync(content, 0, Cancellation);
        return Encoding.UTF8.GetString(content);
    }

    /// <summary>A registry that lets anybody in who has a password.</summary>
    private static Task<StubService> BasicAsync() =>
        StubService.StartAsync(request =>
            !request.Headers.ContainsKey("Authorization") ? Challenge("Basic realm=\"x\"") : new(200, Content, Bytes)
        );

    private static Task<StubService> BearerAsync(string realm) =>
        StubService.StartAsync(request =>
            request.Headers.GetValueOrDefault("Authorization") is not { } sent
            || !sent.StartsWith("Bearer the-token", StringComparison.Ordinal)
                ? Challenge($"Bearer realm=\"{realm}\",service=\"s.example\"")
                : new(200, Content, Bytes)
        );

    private static StubAnswer Challenge(string challenge) =>
        new(401, "{}") { Header = ("WWW-Authenticate", challenge) };

    private static string? Sent(StubService registry) =>
        registry.Requests.Last(request => request.Path != "/v2/").Headers.GetValueOrDefault("Authorization");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void Write(string file, string text, StubService registry) =>
        File(file, text.Replace("HOST", registry.Url.Authority, StringComparison.Ordinal));

    private string File(string name, string text)
    {
        var path = Path.Combine(_home.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private void Helper(string script)
    {
        var path = File("docker-credential-test", $"#!/bin/sh\n[ \"$1\" = get ] || exit 9\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
