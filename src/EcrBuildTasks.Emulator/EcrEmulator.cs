using System.Net;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator;

/// <summary>
/// Amazon ECR on this machine, for tests: the ECR API, the registry protocol and the services that give identities on one HTTP port, enforcing
/// policies; and ECR Public, whose API answers there too and whose registry on a port of its own. <c>GET /health</c> answers 200 and is
/// not one of the <see cref="Calls"/>.
/// </summary>
public sealed class EcrEmulator : IAsyncDisposable
{
    private const string HealthPath = "/health";

    private readonly CallHistory _calls = new();
    private readonly EmulatorOptions _options;
    private readonly WebApplication _server;
    private volatile EmulatedServices _services;

    private EcrEmulator(EmulatorOptions options)
    {
        _options = options;
        _services = new EmulatedServices(options);
        Faults = new FaultPlan(_services.Actions, []);
        _server = WebServer.Create(options, Faults, AnswerAsync);
    }

    /// <summary>
    /// Where the emulator answers, such as <c>http://127.0.0.1:40123/</c>: the value for <c>AWS_ENDPOINT_URL</c>, and with its authority the
    /// registry host.
    /// </summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where the public registries answer; with its authority, what stands before the alias of one.</summary>
    public Uri PublicEndpoint { get; private set; } = null!;

    /// <summary>The faults; can be changed at any time.</summary>
    public FaultPlan Faults { get; }

    /// <summary>The last 10,000 requests that were answered or whose connection broke, oldest first.</summary>
    public IReadOnlyList<ReceivedCall> Calls => _calls.Newest;

    /// <summary>Starts an emulator. It answers when the task has ended, and until it is disposed.</summary>
    /// <exception cref="EmulatorConfigurationException">The options contradict themselves.</exception>
    /// <exception cref="IOException">The port is taken, or the state cannot be read.</exception>
    public static async Task<EcrEmulator> StartAsync(
        EmulatorOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var emulator = new EcrEmulator(options);
        try
        {
            emulator._services.RequireValidLimits();
            emulator.AddFaults();
            await emulator._server.StartAsync(cancellationToken);
            // In the order in which they were opened.
            Uri[] addresses = [.. emulator._server.Urls.Select(url => new Uri(url))];
            (emulator.Endpoint, emulator.PublicEndpoint) = (addresses[0], addresses[1]);
            emulator._services.PublicPort = emulator.PublicEndpoint.Port;
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The images that the repositories hold now, the first pushed first. An image for several platforms is an index with the tags, and
    /// one untagged image for each platform.
    /// </summary>
    /// <param name="repository">The name of a repository; <see langword="null"/> for all. Without such a repository, there are none.</param>
    public IReadOnlyList<StoredImage> Images(string? repository = null) =>
        [.. _services.Images.Where(image => repository is null || image.Repository == repository)];

    /// <summary>
    /// The environment in which a process on this machine, such as the AWS CLI, <c>dotnet publish</c> or any AWS SDK, uses this emulator with an access key,
    /// and no other endpoint, profile or proxy. A variable whose value is <see langword="null"/> has to be removed:
    /// <see cref="System.Diagnostics.ProcessStartInfo.Environment"/> does so when it is set to <see langword="null"/>.
    /// </summary>
    /// <param name="key">The credentials of the process, of a user or a session in the options.</param>
    /// <param name="region">The region.</param>
    public IReadOnlyDictionary<string, string?> EnvironmentFor(AccessKey key, string region = ExampleAccount.Region)
    {
        ArgumentNullException.ThrowIfNull(key);
        var endpoint = new UriBuilder(Endpoint);
        if (_options.Address.Equals(IPAddress.Any) || _options.Address.Equals(IPAddress.IPv6Any))
        {
            // Not an address to connect to, and a push by plain HTTP is allowed only to this machine.
            endpoint.Host = "localhost";
        }

        var noProxy = $"{endpoint.Host},localhost";
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL"] = endpoint.Uri.ToString(),
            ["AWS_ACCESS_KEY_ID"] = key.Id,
            ["AWS_SECRET_ACCESS_KEY"] = key.Secret,
            ["AWS_SESSION_TOKEN"] = key.SessionToken,
            ["AWS_REGION"] = region,
            ["AWS_DEFAULT_REGION"] = region,
            ["AWS_PROFILE"] = null,
            ["AWS_DEFAULT_PROFILE"] = null,
            // They take precedence over AWS_ENDPOINT_URL.
            ["AWS_ENDPOINT_URL_ECR"] = null,
            ["AWS_ENDPOINT_URL_ECR_PUBLIC"] = null,
            ["AWS_ENDPOINT_URL_IAM"] = null,
            ["AWS_ENDPOINT_URL_STS"] = null,
            ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = null,
            ["NO_PROXY"] = Append(noProxy, "NO_PROXY"),
            ["no_proxy"] = Append(noProxy, "no_proxy"),
        };

        static string Append(string hosts, string variable) =>
            Environment.GetEnvironmentVariable(variable) is { Length: > 0 } others ? $"{hosts},{others}" : hosts;
    }

    /// <summary>
    /// Makes everything as it was at the start: images, policies and settings, sessions, tokens, rate limits and faults; forgets the
    /// <see cref="Calls"/>, and deletes what <see cref="EmulatorOptions.StateDirectory"/> keeps. The addresses stay. Wait for the clients
    /// first: a call that is still being answered may fail.
    /// </summary>
    public void Reset()
    {
        _services.Forget();
        _services = new EmulatedServices(_options) { PublicPort = PublicEndpoint.Port };
        Faults.Clear();
        AddFaults();
        _calls.Clear();
    }

    /// <summary>Expires all authorization tokens issued so far, before their announced expiration.</summary>
    public void ExpireTokens() => _services.ExpireTokens();

    /// <summary>Archives an image: it is described still, but cannot be pulled until it is pushed again.</summary>
    /// <param name="account">The 12 digits of the registry's account.</param>
    /// <param name="region">The registry's region.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="digest">The image.</param>
    /// <exception cref="ArgumentException">The image does not exist.</exception>
    public void Archive(string account, string region, string repository, string digest) =>
        _services.Archive(account, region, repository, digest);

    /// <summary>Forgets the <see cref="Calls"/> so far.</summary>
    public void ClearCalls() => _calls.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _services.Dispose();
    }

    /// <summary>The operations of the services that are called by their names, by service.</summary>
    internal IEnumerable<(string Service, IEnumerable<string> Operations)> Operations => _services.Operations;

    private void AddFaults()
    {
        foreach (var fault in _options.Faults)
        {
            try
            {
                Faults.Add(fault);
            }
            catch (ArgumentException error)
            {
                throw new EmulatorConfigurationException(error.Message, error);
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == HealthPath)
        {
            await context.Response.WriteAsync("Healthy", context.RequestAborted);
            return;
        }

        var services = _services;
        var record = new CallRecord { Service = services.ServiceOf(context.Request) };
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        await RequestEnd.WatchAsync(
            context,
            watched => Faults.AnswerAsync(watched, later => services.RouteAsync(later, record)),
            status =>
            {
                var call = record.Finish(context.Request, status);
                _calls.Add(call);
                _options.CallAnswered?.Invoke(call);
            }
        );
    }
}
