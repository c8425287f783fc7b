using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push;

public sealed class EngineEndpointTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory();

    [Fact]
    public void A_configured_host_is_the_only_engine() =>
        Addresses("tcp://build:2375", ("DOCKER_HOST", "unix:///elsewhere.sock")).ShouldBe(["tcp://build:2375/"]);

    [Fact]
    public void DOCKER_HOST_is_the_only_engine_when_nothing_is_configured() =>
        Addresses(null, ("DOCKER_HOST", "unix:///elsewhere.sock"), ("DOCKER_CONTEXT", "remote"))
            .ShouldBe(["unix:///elsewhere.sock"]);

    [Fact]
    public void DOCKER_TLS_VERIFY_turns_tcp_into_https() =>
        Addresses(null, ("DOCKER_HOST", "tcp://build:2376"), ("DOCKER_TLS_VERIFY", "1"))
            .ShouldBe(["https://build:2376/"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_current_docker_context_is_the_only_engine_when_no_host_is_named(bool byVariable)
    {
        var config = Path.Combine(_home.FullName, ".docker");
        var context = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("colima")));
        var folder = Directory.CreateDirectory(Path.Combine(config, "contexts", "meta", context)).FullName;
        File.WriteAllText(
            Path.Combine(folder, "meta.json"),
            """{"Name":"colima","Endpoints":{"docker":{"Host":"unix:///colima/docker.sock"}}}"""
        );
        File.WriteAllText(Path.Combine(config, "config.json"), byVariable ? "{}" : """{"currentContext":"colima"}""");

        Addresses(null, ("DOCKER_CONTEXT", byVariable ? "colima" : null)).ShouldBe(["unix:///colima/docker.sock"]);
    }

    [Fact]
    public void A_docker_context_that_does_not_exist_is_named()
    {
        var failure = Should.Throw<PushException>(() => Addresses(null, ("DOCKER_CONTEXT", "gone")));

        failure.Code.ShouldBe(EcrCode.EngineUnavailable);
        failure.Message.ShouldContain("'gone'");
    }

    [Fact]
    public void An_address_that_is_none_is_told()
    {
        var failure = Should.Throw<PushException>(() => Addresses(null, ("DOCKER_HOST", "not an address")));

        failure.Code.ShouldBe(EcrCode.EngineUnavailable);
        failure.Message.ShouldMatch("DOCKER_HOST.*'not an address'");
    }

    [Fact]
    public void Without_a_name_the_usual_sockets_of_Docker_and_then_Podman_are_tried()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has pipes, not sockets.");

        Addresses(null, ("XDG_RUNTIME_DIR", "/run/user/1000"), ("DOCKER_CONTEXT", "default"))
            .ShouldBe([
                "unix:///var/run/docker.sock",
                "unix:///run/user/1000/docker.sock",
                $"unix://{_home.FullName}/.docker/run/docker.sock",
                "unix:///run/user/1000/podman/podman.sock",
                "unix:///run/podman/podman.sock",
            ]);
    }

    [Fact]
    public async Task When_none_answers_the_message_lists_what_was_tried_and_why_it_failed()
    {
        var socket = Path.Combine(_home.FullName, "gone.sock");
        var file = Path.Combine(_home.FullName, "file.sock");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        EngineEndpoint[] endpoints =
        [
            new(new Uri("unix://" + socket), "a test"),
            new(new Uri("unix://" + file), "a test"),
            new(new Uri("tcp://127.0.0.1:1"), "a test"),
            new(new Uri("ssh://build@host"), "a test"),
        ];

        var failure = await Should.ThrowAsync<PushException>(() =>
            EngineConnection.OpenAsync(endpoints, TestContext.Current.CancellationToken)
        );

        failure.Code.ShouldBe(EcrCode.EngineUnavailable);
        failure.Message.ShouldContain($"unix://{socket} (a test): ");
        failure.Message.ShouldContain($"unix://{file} (a test): Connection refused");
        failure.Message.ShouldContain("tcp://127.0.0.1:1/ (a test): Connection refused");
        failure.Message.ShouldContain("ssh://build@host/ (a test): ");
    }

    [Fact]
    public async Task An_engine_that_accepts_and_stays_silent_does_not_hold_the_build_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var failure = await Should.ThrowAsync<PushException>(() =>
            DockerEnginePusher.OpenAsync(
                new($"tcp://{silent.LocalEndpoint}", EnvironmentVariables.None),
                TestContext.Current.CancellationToken
            )
        );

        failure.Message.ShouldContain("within 3 s");
    }

    [Theory]
    [InlineData("/json")]
    [InlineData("/tag")]
    [InlineData("/push")]
    public async Task An_engine_is_not_followed_to_another_host(string step)
    {
        var id = $"sha256:{new string('a', 64)}";
        await using var elsewhere = await StubService.StartAsync(new StubAnswer(200, "{}", "application/json"));
        await using var engine = await StubService.StartAsync(request =>
            request.Path.EndsWith(step, StringComparison.Ordinal)
                ? new(307, "") { Header = ("Location", $"{elsewhere.Url}x") }
            : request.Path.EndsWith("/tag", StringComparison.Ordinal) ? new(201, "")
            : new(200, $$"""{"Id":"{{id}}","Size":7,"RepoTags":["app:1.0"]}""", "application/json")
        );
        using var pusher = await DockerEnginePusher.OpenAsync(
            new($"tcp://{engine.Url.Authority}", EnvironmentVariables.None),
            TestContext.Current.CancellationToken
        );

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(
                Pushes.To("127.0.0.1:1", "team/x", new ImageSource.EngineImage("app:1.0"), ["1.0"]),
                new Recorder(),
                TestContext.Current.CancellationToken
            )
        );

        failure.Code.ShouldBe(EcrCode.EngineFailed);
        engine.Requests.ShouldContain(request => request.Path.EndsWith(step, StringComparison.Ordinal));
        elsewhere.Requests.Count.ShouldBe(0);
    }

    public void Dispose() => _home.Delete(recursive: true);

    private List<string> Addresses(string? host, params (string Name, string? Value)[] environment)
    {
        var variables = environment
            .Append(("HOME", _home.FullName))
            .Append(("USERPROFILE", _home.FullName))
            .Where(pair => pair.Item2 is not null)
            .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2!));
        return EngineEndpoint
            .Candidates(new(host, new(variables)))
            .Select(endpoint => endpoint.Address.ToString())
            .ToList();
    }
}
