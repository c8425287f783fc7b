using EcrBuildTasks.Aws;
using EcrBuildTasks.Network;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Where the checks look: as whom, and over which network.</summary>
internal sealed class Surroundings : IDisposable
{
    private readonly Lazy<Task<AwsSession>> _session;
    private readonly Lazy<AwsSession> _anonymous;

    public Surroundings(AwsIdentities identities, AwsSettings settings, TimeProvider? timeProvider = null)
    {
        Identities = identities;
        Settings = settings;
        TimeProvider = timeProvider ?? TimeProvider.System;
        _session = new(() => Task.Run(() => identities.Open(settings, CancellationToken.None)));
        _anonymous = new(() => AwsSession.OpenAnonymous(settings, identities.Environment));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        CertificateBundle.Of(Environment)?.AddTo(handler.SslOptions);
        Http = new(handler);
    }

    public AwsIdentities Identities { get; }

    public EnvironmentVariables Environment => Identities.Environment;

    public AwsSettings Settings { get; }

    public TimeProvider TimeProvider { get; }

    public HttpClient Http { get; }

    /// <summary>The caller's session.</summary>
    /// <exception cref="AwsSessionException">There are no credentials, or no such profile.</exception>
    public Task<AwsSession> Session => _session.Value;

    /// <summary>The caller's session, or one of nobody, which has region and endpoints too.</summary>
    /// <exception cref="AwsSessionException">There is no such profile.</exception>
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
