using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EcrBuildTasks.RealParts;

/// <summary>Docker's own registry (distribution 2.x), empty, on a free port, over plain HTTP.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    /// <summary>Its name in the list of missing parts.</summary>
    public const string Name = "docker-registry";

    private readonly Daemon _daemon;

    private DockerRegistry(string host, string? username, string? password, Daemon daemon)
    {
        Host = host;
        Username = username;
        Password = password;
        _daemon = daemon;
        Client = new HttpClient { BaseAddress = new Uri($"http://{host}/") };
        if (username is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }
    }

    /// <summary><c>127.0.0.1:port</c>, as it stands in an image reference.</summary>
    public string Host { get; }

    /// <summary>The account that may push and pull, if the registry asks for one.</summary>
    public string? Username { get; }

    /// <summary>Its password.</summary>
    public string? Password { get; }

    /// <summary>A client of its HTTP API, already authorized: <c>v2/…</c>.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts a registry; with an account it admits nobody else.</summary>
    /// <param name="username">The account.</param>
    /// <param name="password">Its password.</param>
    /// <param name="parentFolder">Where its folder with all that is pushed is to be; the temporary folder by default.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns><see langword="null"/> when it is not installed.</returns>
    /// <exception cref="InvalidOperationException">It was started and failed; the message has its log.</exception>
    public static async Task<DockerRegistry?> StartAsync(
        string? username = null,
        string? password = null,
        string? parentFolder = null,
        CancellationToken cancellationToken = default
    )
    {
        var htpasswd = Cli.Find("htpasswd");
        if (Cli.Find("docker-registry") is not { } registry || (username is not null && htpasswd is null))
        {
            return null;
        }

        var folder = Daemon.CreateFolder("registry", parentFolder);
        var host = $"127.0.0.1:{Daemon.FreePort()}";
        var configuration = $$"""
            version: 0.1
            log: { level: warn }
            storage:
              filesystem: { rootdirectory: {{folder}}/storage }
              delete: { enabled: true }
            http: { addr: "{{host}}" }

            """;
        if (username is not null)
        {
            var accounts = Path.Combine(folder, "accounts");
            // -i reads the password from standard input, so that no process list shows it.
            var account = await Cli.RunAsync(
                htpasswd!,
                ["-i", "-n", "-B", username],
                standardInput: password,
                cancellationToken: cancellationToken
            );
            await File.WriteAllTextAsync(accounts, account.EnsureSuccess().Output, cancellationToken);
            configuration += $"auth: {{ htpasswd: {{ realm: registry, path: {accounts} }} }}\n";
        }

        var file = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(file, configuration, cancellationToken);
        var daemon = await Daemon.StartAsync(
            folder,
            [registry, "serve", file],
            new Dictionary<string, string>(StringComparer.Ordinal),
            token => AnswersAsync(host, token),
            TimeSpan.FromSeconds(30),
            cancellationToken
        );
        return new DockerRegistry(host, username, password, daemon);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _daemon.DisposeAsync();
    }

    private static async Task<bool> AnswersAsync(string host, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var response = await client.GetAsync(new Uri($"http://{host}/v2/"), cancellationToken);
            return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized;
        }
        catch (Exception e)
            when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
