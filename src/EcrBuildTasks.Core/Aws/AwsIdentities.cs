using System.Collections.Concurrent;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>
/// The identities and tokens of one build, in memory only: a token is fetched once for each identity and registry, and
/// again when it is about to expire. Safe to use from several threads.
/// </summary>
/// <param name="environment">The environment in which they are looked for.</param>
/// <param name="timeProvider">The clock; by default the system's.</param>
public sealed class AwsIdentities(EnvironmentVariables environment, TimeProvider? timeProvider = null)
{
    private static readonly TimeSpan AboutToExpire = TimeSpan.FromMinutes(15);

    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private readonly ConcurrentDictionary<AwsSettings, AwsSession> _sessions = new();
    private readonly ConcurrentDictionary<(AwsSettings, EcrRegistry?), Lazy<Task<EcrAuthorization>>> _tokens = new();

    /// <summary>The environment in which they are looked for.</summary>
    public EnvironmentVariables Environment { get; } = environment;

    /// <summary>The session of these settings.</summary>
    /// <exception cref="AwsSessionException">There are no credentials, or no such profile.</exception>
    public async Task<AwsSession> OpenAsync(AwsSettings settings, CancellationToken cancellationToken) =>
        _sessions.TryGetValue(settings, out var session)
            ? session
            : _sessions.GetOrAdd(settings, await AwsSession.OpenAsync(settings, Environment, cancellationToken));

    /// <param name="registry">
    /// The registry; <see langword="null"/> for the caller's own in the session's region.
    /// </param>
    /// <param name="renew">Whether the cached token was rejected and a new one is required.</param>
    /// <exception cref="AwsSessionException">AWS cannot be called.</exception>
    /// <exception cref="Model.AmazonECRException">ECR refuses.</exception>
    public async Task<EcrAuthorization> GetAuthorizationAsync(
        AwsSettings settings,
        EcrRegistry? registry,
        bool renew,
        CancellationToken cancellationToken
    )
    {
        // One token is good for all aliases of ECR Public.
        var key = (settings, registry is { Kind: RegistryKind.Public } ? EcrRegistry.Parse(registry.Host) : registry);
        if (!renew && _tokens.TryGetValue(key, out var held) && await IsUsableAsync(held))
        {
            return await held.Value;
        }

        _tokens.TryRemove(key, out _);
        var session = await OpenAsync(settings, cancellationToken);
        var token = _tokens.GetOrAdd(key, _ => new(() => session.GetAuthorizationAsync(registry, cancellationToken)));
        return await token.Value;
    }

    private async Task<bool> IsUsableAsync(Lazy<Task<EcrAuthorization>> held)
    {
        try
        {
            return (await held.Value).ExpiresAt - _timeProvider.GetUtcNow() > AboutToExpire;
        }
        catch (Exception)
        {
            // Asked again, it may succeed: the policy may have changed, or the first asker was cancelled.
            return false;
        }
    }
}
