using System.Collections.Concurrent;
using System.Security.Authentication;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// The connections to registries, and how many manifests go over them. Proxies are those of the environment (HTTPS_PROXY, NO_PROXY).
/// </summary>
internal sealed class RegistryTransport : IDisposable
{
    /// <summary>
    /// The quota of PutImage, for each account and region. It is the lowest one of a push, and the children of an index and tags would
    /// exceed it (https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html).
    /// </summary>
    private const int ManifestsPerSecond = 10;

    private readonly TimeProvider _timeProvider;
    private readonly ConcurrentDictionary<string, Queue<long>> _manifests = new(StringComparer.OrdinalIgnoreCase);
    private readonly CertificateBundle? _certificates;
    private readonly HttpMessageInvoker _connections;

    /// <param name="timing">How long a connection may take.</param>
    /// <param name="certificates">Certificates to trust in addition to those of the machine.</param>
    /// <param name="timeProvider">The time by which manifests wait.</param>
    public RegistryTransport(PushTiming timing, CertificateBundle? certificates, TimeProvider? timeProvider = null)
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        var handler = new SocketsHttpHandler
        {
            // A redirect is followed by RegistryHttp, which knows where the credentials may go.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = timing.Connect,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        };
        certificates?.AddTo(handler.SslOptions);
        _certificates = certificates;
        _connections = new HttpMessageInvoker(handler);
    }

    /// <summary>The connections to a registry.</summary>
    /// <exception cref="PushException">
    /// Its certificates cannot be read, or the registry uses plain HTTP and is not on this machine.
    /// </exception>
    public HttpMessageInvoker To(Uri registry)
    {
        if (registry.Scheme != Uri.UriSchemeHttps && !registry.IsLoopback)
        {
            throw new PushException(
                EcrCode.RegistryUnreachable,
                $"The registry {registry.Authority} uses plain HTTP, which would expose the credentials. Plain HTTP is supported only for a registry on this machine."
            );
        }

        try
        {
            if (registry.Scheme == Uri.UriSchemeHttps)
            {
                _certificates?.Load();
            }

            return _connections;
        }
        catch (AuthenticationException failure)
        {
            throw new PushException(EcrCode.RegistryUnreachable, failure.Message, innerException: failure);
        }
    }

    /// <summary>Waits as long as the registry has got its manifests of the last second.</summary>
    public Task WaitForManifestAsync(Uri registry, CancellationToken cancellationToken)
    {
        var starts = _manifests.GetOrAdd(registry.Authority, _ => new());
        TimeSpan left;
        lock (starts)
        {
            var now = _timeProvider.GetTimestamp();
            var start =
                starts.Count == ManifestsPerSecond
                    ? Math.Max(now, starts.Dequeue() + _timeProvider.TimestampFrequency)
                    : now;
            starts.Enqueue(start);
            left = _timeProvider.GetElapsedTime(now, start);
        }

        return left > TimeSpan.Zero ? Task.Delay(left, _timeProvider, cancellationToken) : Task.CompletedTask;
    }

    public void Dispose() => _connections.Dispose();
}
