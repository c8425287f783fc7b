using Docker.DotNet;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Where a Docker Engine may listen.</summary>
/// <param name="Address"><c>unix://</c>, <c>tcp://</c>, <c>http(s)://</c> or <c>npipe://</c>.</param>
/// <param name="Origin">What named it, for a person to read: <c>DOCKER_HOST</c>, a docker context, a usual socket.</param>
public sealed record EngineEndpoint(Uri Address, string Origin)
{
    /// <summary>
    /// The endpoints to try, in order. An engine that somebody named (by the search, <c>DOCKER_HOST</c>, the
    /// docker context) is the only one: another one would not hold the image that the named one was given.
    /// </summary>
    /// <param name="search">Where to look.</param>
    /// <exception cref="PushException">A named endpoint is no URI, or the named docker context does not exist.</exception>
    internal static IReadOnlyList<EngineEndpoint> Candidates(EngineSearch search)
    {
        var (host, environment) = search;
        if (!string.IsNullOrWhiteSpace(host))
        {
            return [new EngineEndpoint(Parse(host, "the configured engine"), "the configured engine")];
        }

        var settings = new CliSettings(environment);
        if (settings.DockerHost.Length > 0)
        {
            return [new EngineEndpoint(WithTls(Parse(settings.DockerHost, "DOCKER_HOST"), settings), "DOCKER_HOST")];
        }

        return ContextName(settings) is { } context
            ? [Context(context, settings)]
            : [.. UsualSockets(environment).Select(address => new EngineEndpoint(address, "a usual socket"))];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address} ({Origin})";

    private static Uri Parse(string host, string origin) =>
        Uri.TryCreate(host, UriKind.Absolute, out var address)
            ? address
            : throw new PushException(
                PushProblem.EngineUnavailable,
                $"{origin} is '{host}', which is no engine's address; it looks like unix:///var/run/docker.sock or tcp://host:2375."
            );

    private static Uri WithTls(Uri address, CliSettings settings) =>
        address.Scheme == "tcp" && settings.DockerTlsVerify.Length > 0
            ? new Uri($"https://{address.Authority}")
            : address;

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
                when (e
                        is System.Text.Json.JsonException
                            or IOException
                            or UnauthorizedAccessException
                            or InvalidOperationException
                )
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
            return new EngineEndpoint(new DockerConfig(settings).GetEndpoint(name), $"the docker context '{name}'");
        }
        catch (Exception e) when (e is DockerConfigurationException or InvalidOperationException or UriFormatException)
        {
            throw new PushException(
                PushProblem.EngineUnavailable,
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
        var home = environment["HOME"];
        yield return new Uri("unix:///var/run/docker.sock");
        if (!string.IsNullOrEmpty(runtime))
        {
            yield return new Uri($"unix://{runtime}/docker.sock");
        }

        if (!string.IsNullOrEmpty(home))
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
        public string DockerConfig =>
            environment["DOCKER_CONFIG"] is { } folder
                ? folder
                : Path.Combine(environment[OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME"] ?? "", ".docker");

        public string DockerHost => environment["DOCKER_HOST"] ?? "";

        public string DockerTlsVerify => environment["DOCKER_TLS_VERIFY"] ?? "";

        public string DockerContext => environment["DOCKER_CONTEXT"] ?? "";
    }
}
