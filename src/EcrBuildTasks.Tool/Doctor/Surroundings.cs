using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The identity, registry and network that the checks use.</summary>
internal sealed class Surroundings : IDisposable
{
    private readonly Lazy<Task<AwsSession>> _session;
    private readonly Lazy<AwsSession> _anonymous;

    /// <param name="identities">The identities of the run.</param>
    /// <param name="settings">The identity for the checks.</param>
    /// <param name="registry">The registry to check; <see langword="null"/> for the caller's own.</param>
    public Surroundings(
        AwsIdentities identities,
        AwsSettings settings,
        EcrRegistry? registry = null,
        TimeProvider? timeProvider = null
    )
    {
        Identities = identities;
        Registry = registry;
        Settings = settings = settings with { Region = registry?.Region ?? settings.Region };
        TimeProvider = timeProvider ?? TimeProvider.System;
        _session = new(() => Task.Run(() => identities.OpenAsync(settings, CancellationToken.None)));
        _anonymous = new(() => AwsSession.OpenAnonymous(settings, identities.Environment));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        CertificateBundle.FromEnvironment(Environment)?.AddTo(handler.SslOptions);
        Http = new(handler);
    }

    /// <summary>Whether the region comes from a project and not from the command line.</summary>
    public bool IsRegionOfProject { get; init; }

    public AwsIdentities Identities { get; }

    public EnvironmentVariables Environment => Identities.Environment;

    public AwsSettings Settings { get; }

    public EcrRegistry? Registry { get; }

    public TimeProvider TimeProvider { get; }

    public HttpClient Http { get; }

    /// <exception cref="AwsSessionException">No credentials were found, or the profile does not exist.</exception>
    public Task<AwsSession> Session => _session.Value;

    /// <summary>The session of the caller, or one without identity, which also has region and endpoints.</summary>
    /// <exception cref="AwsSessionException">The profile does not exist.</exception>
    public async Task<AwsSession> GetPlaceAsync()
    {
        try
        {
            return await Session;
        }
        catch (AwsSessionException)
        {
            return _anonymous.Value;
        }
    }

    public void Dispose() => Http.Dispose();
}
