using System.Security.Authentication;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Registry;

/// <summary>The connections to registries. Proxies are those of the environment (HTTPS_PROXY, NO_PROXY).</summary>
internal sealed class RegistryTransport : IDisposable
{
    private readonly CertificateBundle? _certificates;
    private readonly HttpMessageInvoker _connections;

    /// <param name="timing">How long a connection may take.</param>
    /// <param name="certificates">Certificates to trust in addition to those of the machine.</param>
    public RegistryTransport(PushTiming timing, CertificateBundle? certificates)
    {
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

    public void Dispose() => _connections.Dispose();
}
