using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EcrBuildTasks.Push.Distribution;

/// <summary>The connections to registries. Proxies are those of the environment (HTTPS_PROXY, NO_PROXY).</summary>
internal static class RegistryTransport
{
    /// <param name="timing">How long a connection may take.</param>
    /// <param name="certificateBundle">
    /// A PEM file whose certificates are trusted besides those of the machine, as the AWS CLI knows it: AWS_CA_BUNDLE.
    /// </param>
    /// <exception cref="PushException">The bundle cannot be read.</exception>
    public static HttpMessageInvoker Create(PushTiming timing, string? certificateBundle)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect is followed by RegistryHttp, which knows where the credentials may go.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = timing.Connect,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        };
        if (!string.IsNullOrEmpty(certificateBundle))
        {
            var trusted = Read(certificateBundle);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors is SslPolicyErrors.None
                || (errors is SslPolicyErrors.RemoteCertificateChainErrors && IsTrusted(certificate, trusted));
        }

        return new HttpMessageInvoker(handler);
    }

    private static X509Certificate2Collection Read(string path)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new PushException(
                PushProblem.NetworkFailure,
                $"The certificates of AWS_CA_BUNDLE, {path}, cannot be read: {failure.Message}",
                innerException: failure
            );
        }
    }

    private static bool IsTrusted(X509Certificate? certificate, X509Certificate2Collection trusted)
    {
        if (certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(server);
    }
}
