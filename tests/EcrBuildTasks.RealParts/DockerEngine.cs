using System.Net.Sockets;

namespace EcrBuildTasks.RealParts;

/// <summary>A real Docker Engine: the one of this machine, or a private one that lives as long as this object.</summary>
public sealed class DockerEngine : IAsyncDisposable
{
    /// <summary>Its name in the list of missing parts.</summary>
    public const string Name = "a Docker Engine";

    private readonly Daemon? _daemon;

    private DockerEngine(Uri endpoint, Daemon? daemon)
    {
        Endpoint = endpoint;
        _daemon = daemon;
    }

    /// <summary>For a private engine <c>unix:///…</c>; else as it was found, in the form of <c>DOCKER_HOST</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where an engine of <see cref="StartWithTlsAsync"/> is reached over TLS, as <c>localhost:port</c>.</summary>
    public string? TlsHost { get; private init; }

    /// <summary>Whether it was started here, and so is empty and stops with this object.</summary>
    public bool IsPrivate => _daemon is not null;

    /// <summary>
    /// Takes the engine that <c>DOCKER_HOST</c> or a usual socket offers, else starts one. Starting takes about a second
    /// and leaves folders of some size until it stops, so share one per process.
    /// </summary>
    /// <returns><see langword="null"/> when there is none and none can be started.</returns>
    /// <exception cref="InvalidOperationException"><c>dockerd</c> was started and failed; the message has its log.</exception>
    public static async Task<DockerEngine?> FindOrStartAsync(CancellationToken cancellationToken = default)
    {
        foreach (var endpoint in UsualEndpoints())
        {
            if (await AnswersAsync(endpoint, cancellationToken))
            {
                return new DockerEngine(endpoint, daemon: null);
            }
        }

        return await StartAsync(cancellationToken);
    }

    /// <summary>Starts a private engine, whatever else runs on this machine.</summary>
    /// <returns><see langword="null"/> when <c>dockerd</c> is not installed or this process is not root's.</returns>
    /// <exception cref="InvalidOperationException"><c>dockerd</c> was started and failed; the message has its log.</exception>
    public static Task<DockerEngine?> StartAsync(CancellationToken cancellationToken = default) =>
        StartAsync([], tlsHost: null, cancellationToken);

    /// <summary>Starts a private engine that is reached over TLS as well, by clients with a certificate.</summary>
    /// <param name="certificates">The folder with its <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static Task<DockerEngine?> StartWithTlsAsync(string certificates, CancellationToken cancellationToken)
    {
        var host = $"localhost:{Daemon.FreePort()}";
        return StartAsync(
            [
                "-H",
                $"tcp://{host}",
                "--tlsverify",
                $"--tlscacert={certificates}/ca.pem",
                $"--tlscert={certificates}/cert.pem",
                $"--tlskey={certificates}/key.pem",
            ],
            host,
            cancellationToken
        );
    }

    private static async Task<DockerEngine?> StartAsync(
        string[] options,
        string? tlsHost,
        CancellationToken cancellationToken
    )
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || Cli.Find("dockerd") is not { } dockerd)
        {
            return null;
        }

        try
        {
            return await StartAsync(dockerd, options, tlsHost, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // Where the temporary folder is itself an overlay (a container), dockerd may choose a driver that cannot work.
            return await StartAsync(dockerd, [.. options, "--storage-driver", "vfs"], tlsHost, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _daemon?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<DockerEngine> StartAsync(
        string dockerd,
        string[] options,
        string? tlsHost,
        CancellationToken cancellationToken
    )
    {
        var folder = Daemon.CreateFolder("dockerd");
        var socket = Path.Combine(folder, "docker.sock");
        var endpoint = new Uri("unix://" + socket);
        string[] command =
        [
            dockerd,
            "--iptables=false",
            "--bridge=none",
            "-H",
            "unix://" + socket,
            "--data-root",
            Path.Combine(folder, "data"),
            "--exec-root",
            Path.Combine(folder, "exec"),
            "--pidfile",
            Path.Combine(folder, "pid"),
            .. options,
        ];
        // dockerd looks for containerd, runc and mount in PATH, where an ordinary shell may lack the sbin folders.
        var path = Environment.GetEnvironmentVariable("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin";
        var daemon = await Daemon.StartAsync(
            folder,
            command,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = path },
            token => AnswersAsync(endpoint, token),
            TimeSpan.FromSeconds(60),
            cancellationToken
        );
        return new DockerEngine(endpoint, daemon) { TlsHost = tlsHost };
    }

    private static IEnumerable<Uri> UsualEndpoints()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
        {
            yield return new Uri(host);
        }

        if (OperatingSystem.IsWindows())
        {
            yield break;
        }

        yield return new Uri("unix:///var/run/docker.sock");
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
        {
            yield return new Uri($"unix://{runtime}/docker.sock");
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        yield return new Uri($"unix://{home}/.docker/run/docker.sock");
    }

    internal static async Task<bool> AnswersAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        if (endpoint.Scheme == "unix")
        {
            handler.ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.AbsolutePath), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(2) };
        var ping = endpoint.Scheme switch
        {
            "unix" => new Uri("http://localhost/_ping"),
            "tcp" => new Uri($"http://{endpoint.Authority}/_ping"),
            _ => new Uri(endpoint, "/_ping"),
        };
        try
        {
            using var response = await client.GetAsync(ping, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e)
            when (e is HttpRequestException or NotSupportedException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return false;
        }
    }
}
