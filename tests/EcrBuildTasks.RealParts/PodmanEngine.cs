namespace EcrBuildTasks.RealParts;

/// <summary>Podman's service with a storage of its own: the other implementation of the Docker Engine's API.</summary>
public sealed class PodmanEngine : IAsyncDisposable
{
    /// <summary>Its name in the list of missing parts.</summary>
    public const string Name = "Podman";

    private readonly Daemon _daemon;

    private PodmanEngine(Uri endpoint, Daemon daemon)
    {
        Endpoint = endpoint;
        _daemon = daemon;
    }

    /// <summary><c>unix:///…</c></summary>
    public Uri Endpoint { get; }

    /// <summary>Starts the service.</summary>
    /// <param name="plainHttpRegistries">The <c>host:port</c> of registries that speak no TLS; Docker needs no such list for localhost.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns><see langword="null"/> when it cannot be started here.</returns>
    /// <exception cref="InvalidOperationException">It was started and failed; the message has its log.</exception>
    public static async Task<PodmanEngine?> StartAsync(
        IReadOnlyList<string> plainHttpRegistries,
        CancellationToken cancellationToken = default
    )
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || Cli.Find("podman") is not { } podman)
        {
            return null;
        }

        var folder = Daemon.CreateFolder("podman");
        var registries = Path.Combine(folder, "registries.conf");
        await File.WriteAllLinesAsync(
            registries,
            plainHttpRegistries.Select(host => $"[[registry]]\nlocation = \"{host}\"\ninsecure = true"),
            cancellationToken
        );
        var endpoint = new Uri($"unix://{folder}/podman.sock");
        string[] command =
        [
            podman,
            "--root",
            Path.Combine(folder, "root"),
            "--runroot",
            Path.Combine(folder, "run"),
            "--tmpdir",
            Path.Combine(folder, "tmp"),
            "--storage-driver=vfs",
            "--cgroup-manager=cgroupfs",
            "--events-backend=none",
            "system",
            "service",
            "--time=0",
            endpoint.ToString(),
        ];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CONTAINERS_REGISTRIES_CONF"] = registries,
        };
        var daemon = await Daemon.StartAsync(
            folder,
            command,
            environment,
            token => DockerEngine.AnswersAsync(endpoint, token),
            TimeSpan.FromSeconds(30),
            cancellationToken
        );
        return new PodmanEngine(endpoint, daemon);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _daemon.DisposeAsync();
}
