using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Core.Tests.Push;

/// <summary>Engines that are reached over TLS, in all the ways in which docker is told so.</summary>
public sealed class EngineTlsTests(RealEngine real) : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("ecr-tls-").FullName;

    public enum Way
    {
        ConfiguredHttps,
        ConfiguredTcpVerified,
        VariableHttps,
        VariableTcpVerified,
        VariableTcpWithTls,
        VariableTcpWithUsualFolder,
        Context,
    }

    public enum Fault
    {
        NoTls,
        UnknownAuthority,
        OtherHostName,
        NoClientCertificate,
        AuthorityMissing,
        AuthorityIsNoCertificate,
        AuthorityIsFolder,
        KeyMissing,
        CertificateMissing,
        KeyOfAnotherCertificate,
        KeyIsNoKey,
    }

    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_engine_is_reached_over_TLS_with_the_client_certificate(Way way)
    {
        await using var engine = await StartAsync();
        await using var front = new TlsFront(engine.Url) { RequiresClientCertificate = true };
        front.Authority.WriteDockerFiles(FolderOf(way), "client");

        using var pusher = await OpenAsync(way, front.Host);

        pusher.Endpoint.Address.ToString().ShouldBe($"https://{front.Host}/");
        engine.Requests.ShouldContain(request => request.Path.EndsWith("_ping", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_engine_without_TLS_is_sent_no_request(Way way)
    {
        await using var engine = await StartAsync();
        using var authority = new TlsAuthority(["localhost"]);
        authority.WriteDockerFiles(FolderOf(way), "client");

        var failure = await Should.ThrowAsync<PushException>(() => OpenAsync(way, engine.Url.Authority));

        failure.Code.ShouldBe(EcrCode.EngineUnavailable);
        failure.Message.ShouldContain($"https://{engine.Url.Authority}/");
        engine.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Fault.NoTls, "TLS")]
    [InlineData(Fault.UnknownAuthority, "ca.pem")]
    [InlineData(Fault.OtherHostName, "127.0.0.1")]
    [InlineData(Fault.NoClientCertificate, "cert.pem")]
    [InlineData(Fault.AuthorityMissing, "ca.pem")]
    [InlineData(Fault.AuthorityIsNoCertificate, "ca.pem")]
    [InlineData(Fault.AuthorityIsFolder, "ca.pem")]
    [InlineData(Fault.KeyMissing, "key.pem")]
    [InlineData(Fault.CertificateMissing, "cert.pem")]
    [InlineData(Fault.KeyOfAnotherCertificate, "key.pem")]
    [InlineData(Fault.KeyIsNoKey, "key.pem")]
    public async Task What_is_wrong_with_TLS_is_told_and_no_request_is_sent(Fault fault, string cause)
    {
        await using var engine = await StartAsync();
        await using var front = new TlsFront(engine.Url) { RequiresClientCertificate = true };
        var folder = FolderOf(Way.VariableTcpVerified);
        front.Authority.WriteDockerFiles(folder, "client");
        var (authority, certificate, key) = (PathOf("ca.pem"), PathOf("cert.pem"), PathOf("key.pem"));
        var host = front.Host;
        switch (fault)
        {
            case Fault.NoTls:
                host = engine.Url.Authority;
                break;
            case Fault.UnknownAuthority:
                using (var other = new TlsAuthority(["localhost"]))
                {
                    File.Copy(other.BundlePath, authority, overwrite: true);
                }

                break;
            case Fault.OtherHostName:
                host = host.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
                break;
            case Fault.NoClientCertificate:
                File.Delete(certificate);
                File.Delete(key);
                break;
            case Fault.AuthorityMissing:
                File.Delete(authority);
                break;
            case Fault.AuthorityIsNoCertificate:
                await File.WriteAllTextAsync(authority, "no certificate", Token);
                break;
            case Fault.AuthorityIsFolder:
                File.Delete(authority);
                Directory.CreateDirectory(authority);
                break;
            case Fault.KeyMissing:
                File.Delete(key);
                break;
            case Fault.CertificateMissing:
                File.Delete(certificate);
                break;
            case Fault.KeyOfAnotherCertificate:
                var own = await File.ReadAllTextAsync(certificate, Token);
                front.Authority.WriteDockerFiles(folder, "other");
                await File.WriteAllTextAsync(certificate, own, Token);
                break;
            case Fault.KeyIsNoKey:
                await File.WriteAllTextAsync(key, "no key", Token);
                break;
        }

        var failure = await Should.ThrowAsync<PushException>(() => OpenAsync(Way.VariableTcpVerified, host));

        failure.Code.ShouldBe(EcrCode.EngineUnavailable);
        failure.Message.ShouldContain($"https://{host}/");
        failure.Message.Split("(DOCKER_HOST): ")[^1].ShouldContain(cause);
        engine.Requests.ShouldBeEmpty();

        string PathOf(string file) => Path.Combine(folder, file);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_context_alone_can_turn_verification_off(bool skips)
    {
        await using var engine = await StartAsync();
        await using var front = new TlsFront(engine.Url);
        using var other = new TlsAuthority(["localhost"]);
        other.WriteDockerFiles(FolderOf(Way.Context), "client");

        var open = () => OpenAsync(Way.Context, front.Host, skips);

        if (skips)
        {
            (await open()).Dispose();
        }
        else
        {
            (await Should.ThrowAsync<PushException>(open)).Message.ShouldContain("ca.pem");
        }

        engine.Requests.Any().ShouldBe(skips);
    }

    [Fact]
    public async Task A_real_engine_that_verifies_its_clients_pushes()
    {
        var registry = await real.RegistryAsync();
        using var authority = new TlsAuthority(["localhost"]);
        var server = Directory.CreateDirectory(Path.Combine(_home, "server")).FullName;
        authority.WriteDockerFiles(server, "localhost");
        await using var engine = (await DockerEngine.StartWithTlsAsync(server, Token)).OrSkip(DockerEngine.Name);
        var folder = FolderOf(Way.VariableTcpVerified);
        File.Copy(authority.BundlePath, Path.Combine(folder, "ca.pem"));
        var withoutCertificate = await Should.ThrowAsync<PushException>(() =>
            OpenAsync(Way.VariableTcpVerified, engine.TlsHost!)
        );
        authority.WriteDockerFiles(folder, "client");
        using var pusher = await OpenAsync(Way.VariableTcpVerified, engine.TlsHost!);
        using var archive = TestArchive.Create();
        var repository = Pushes.NewRepository();

        var pushed = await pusher.PushAsync(
            Pushes.To(registry.Host, repository, archive.Source(), ["1.0"]),
            new Recorder(),
            Token
        );

        (await registry.DigestOfAsync(repository, "1.0")).ShouldBe(pushed.Digest);
        withoutCertificate.Message.ShouldContain("cert.pem");
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<StubService> StartAsync() =>
        StubService.StartAsync(new StubAnswer(200, "OK", "text/plain") { Header = ("Api-Version", "1.44") });

    /// <summary>Where docker looks for certificates in a way.</summary>
    private string FolderOf(Way way) =>
        Directory
            .CreateDirectory(
                Path.Combine([
                    _home,
                    .. way switch
                    {
                        Way.VariableTcpWithUsualFolder => [".docker"],
                        Way.Context => [".docker", "contexts", "tls", ContextFolder, "docker"],
                        _ => new[] { "certificates" },
                    },
                ])
            )
            .FullName;

    private static string ContextFolder { get; } = Convert.ToHexStringLower(SHA256.HashData("remote"u8));

    private Task<DockerEnginePusher> OpenAsync(Way way, string host, bool skips = false)
    {
        List<(string Name, string Value)> variables =
        [
            ("HOME", _home),
            ("USERPROFILE", _home),
            .. way switch
            {
                Way.ConfiguredHttps => [],
                Way.ConfiguredTcpVerified => [("DOCKER_TLS_VERIFY", "1")],
                Way.VariableHttps => [("DOCKER_HOST", $"https://{host}")],
                Way.VariableTcpWithTls => [("DOCKER_HOST", $"tcp://{host}"), ("DOCKER_TLS", "1")],
                Way.Context => [("DOCKER_CONTEXT", "remote")],
                _ => new[] { ("DOCKER_HOST", $"tcp://{host}"), ("DOCKER_TLS_VERIFY", "1") },
            },
        ];
        if (way is Way.Context)
        {
            var meta = Directory.CreateDirectory(Path.Combine(_home, ".docker", "contexts", "meta", ContextFolder));
            File.WriteAllText(
                Path.Combine(meta.FullName, "meta.json"),
                new JsonObject
                {
                    ["Name"] = "remote",
                    ["Endpoints"] = new JsonObject
                    {
                        ["docker"] = new JsonObject { ["Host"] = $"tcp://{host}", ["SkipTLSVerify"] = skips },
                    },
                }.ToJsonString()
            );
        }
        else if (way is not Way.VariableTcpWithUsualFolder)
        {
            variables.Add(("DOCKER_CERT_PATH", FolderOf(way)));
        }

        var configured = way switch
        {
            Way.ConfiguredHttps => $"https://{host}",
            Way.ConfiguredTcpVerified => $"tcp://{host}",
            _ => null,
        };
        return DockerEnginePusher.OpenAsync(
            new(configured, new(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)))),
            Token
        );
    }
}
