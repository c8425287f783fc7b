using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Docker.DotNet;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Where a Docker Engine may listen, and how it is spoken to.</summary>
/// <param name="Address"><c>unix://</c>, <c>tcp://</c>, <c>http(s)://</c> or <c>npipe://</c>.</param>
/// <param name="Origin">What named it, for a person to read: <c>DOCKER_HOST</c>, a docker context, a usual socket.</param>
public sealed record EngineEndpoint(Uri Address, string Origin)
{
    /// <summary>Set for each address that begins with <c>https:</c>; <see langword="null"/> without TLS.</summary>
    internal EngineTls? Tls { get; private init; } = Address.Scheme == Uri.UriSchemeHttps ? new(Folder: null) : null;

    private const int DockersTlsPort = 2376;

    /// <summary>
    /// The endpoints to try, in order. An engine that is configured (by the search, <c>DOCKER_HOST</c>, the docker
    /// context) is the only one: another one would not hold the image that the named one was given.
    /// </summary>
    /// <exception cref="PushException">
    /// A configured endpoint is not a URI, or the docker context does not exist.
    /// </exception>
    internal static IReadOnlyList<EngineEndpoint> Candidates(EngineSearch search)
    {
        var (host, environment) = search;
        var settings = new CliSettings(environment);
        if (!string.IsNullOrWhiteSpace(host))
        {
            return [Named(host, "the configured engine", environment, settings)];
        }

        if (settings.DockerHost.Length > 0)
        {
            return [Named(settings.DockerHost, "DOCKER_HOST", environment, settings)];
        }

        return ContextName(settings) is { } context
            ? [Context(context, settings)]
            : [.. UsualSockets(environment).Select(address => new EngineEndpoint(address, "a default socket"))];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address} ({Origin})";

    private static Uri Parse(string host, string origin) =>
        Uri.TryCreate(host, UriKind.Absolute, out var address)
            ? address
            : throw new PushException(
                EcrCode.EngineUnavailable,
                $"{origin} is '{host}', which is not a valid engine address. Use an address such as unix:///var/run/docker.sock or tcp://host:2375."
            );

    private static EngineEndpoint Named(
        string host,
        string origin,
        EnvironmentVariables environment,
        CliSettings settings
    )
    {
        var folder = environment["DOCKER_CERT_PATH"];
        var verifies = settings.DockerTlsVerify.Length > 0;
        return new EngineEndpoint(Parse(host, origin), origin).Secured(
            new(folder ?? FolderOf(new DockerConfig(settings)), NeedsAuthority: verifies || folder is not null),
            // With DOCKER_TLS alone docker verifies nothing; here a password is sent.
            verifies || environment["DOCKER_TLS"] is not null
        );
    }

    /// <summary>The endpoint with TLS: always for <c>https:</c>, for <c>tcp:</c> if configured, never for a local socket.</summary>
    private EngineEndpoint Secured(EngineTls tls, bool isAskedFor) =>
        Address.Scheme == Uri.UriSchemeHttps || (Address.Scheme == "tcp" && isAskedFor)
            ? this with
            {
                Address = new UriBuilder(Address)
                {
                    Scheme = Uri.UriSchemeHttps,
                    Port = Address.Port < 0 ? DockersTlsPort : Address.Port,
                }.Uri,
                Tls = tls,
            }
            : this;

    private static string FolderOf(DockerConfig config) => Path.GetDirectoryName(config.FullName)!;

    private static string? ContextName(CliSettings settings)
    {
        var name = settings.DockerContext;
        var config = new DockerConfig(settings);
        if (name.Length == 0 && config.Exists)
        {
            try
            {
                using var json = config.Parse();
                name = json.RootElement.TryGetProperty("currentContext", out var current) ? current.GetString() : "";
            }
            catch (Exception e)
                when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // A docker config that cannot be read names no context; whether the docker CLI minds is its own affair.
            }
        }

        return name is null or "" or "default" ? null : name;
    }

    private static EngineEndpoint Context(string name, CliSettings settings)
    {
        try
        {
            var config = new DockerConfig(settings);
            var endpoint = new EngineEndpoint(config.GetEndpoint(name), $"the docker context '{name}'");
            var contexts = Path.Combine(FolderOf(config), "contexts");
            var folder = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(contexts, "meta", folder, "meta.json")));
            var skips =
                meta.RootElement.GetProperty("Endpoints")
                    .GetProperty("docker")
                    .TryGetProperty("SkipTLSVerify", out var value)
                && value.ValueKind is JsonValueKind.True;
            var material = Path.Combine(contexts, "tls", folder, "docker");
            return endpoint.Secured(
                new(material, SkipsVerification: skips),
                skips || (Directory.Exists(material) && Directory.EnumerateFiles(material).Any())
            );
        }
        catch (Exception e)
            when (e
                    is DockerConfigurationException
                        or InvalidOperationException
                        or UriFormatException
                        or JsonException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw new PushException(
                EcrCode.EngineUnavailable,
                $"The docker context '{name}' cannot be read: {e.Message}",
                innerException: e
            );
        }
    }

    private static IEnumerable<Uri> UsualSockets(EnvironmentVariables environment)
    {
        if (OperatingSystem.IsWindows())
        {
            yield return new Uri("npipe://./pipe/docker_engine");
            yield return new Uri("npipe://./pipe/podman-machine-default");
            yield break;
        }

        var runtime = environment["XDG_RUNTIME_DIR"];
        yield return new Uri("unix:///var/run/docker.sock");
        if (!string.IsNullOrEmpty(runtime))
        {
            yield return new Uri($"unix://{runtime}/docker.sock");
        }

        if (environment.Home is { } home)
        {
            yield return new Uri($"unix://{home}/.docker/run/docker.sock");
        }

        if (!string.IsNullOrEmpty(runtime))
        {
            yield return new Uri($"unix://{runtime}/podman/podman.sock");
        }

        yield return new Uri("unix:///run/podman/podman.sock");
    }

    private sealed class CliSettings(EnvironmentVariables environment) : IDockerCliSettings
    {
        public string DockerConfig => environment["DOCKER_CONFIG"] ?? environment.InHome(".docker");

        public string DockerHost => environment["DOCKER_HOST"] ?? "";

        public string DockerTlsVerify => environment["DOCKER_TLS_VERIFY"] ?? "";

        public string DockerContext => environment["DOCKER_CONTEXT"] ?? "";
    }
}
