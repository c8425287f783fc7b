using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EcrBuildTasks.Settings;

/// <summary>
/// A PEM file whose certificates are trusted in addition to those of the machine, as a TLS-inspecting proxy requires. The AWS CLI names
/// it by <c>AWS_CA_BUNDLE</c>.
/// </summary>
public sealed class CertificateBundle(string path)
{
    private const string Variable = "AWS_CA_BUNDLE";

    private readonly Lazy<X509Certificate2Collection> _certificates = new(() => Read(path));

    public string Path { get; } = path;

    /// <summary>The bundle that the environment names, if it does.</summary>
    public static CertificateBundle? FromEnvironment(EnvironmentVariables environment) =>
        environment[Variable] is { } path ? new(path) : null;

    /// <summary>Reads the file, if it was not read yet.</summary>
    /// <exception cref="AuthenticationException">It cannot be read; the message says which and why.</exception>
    public void Load() => _ = _certificates.Value;

    /// <summary>Makes TLS connections trust the certificates.</summary>
    public void AddTo(SslClientAuthenticationOptions options) =>
        options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            errors is SslPolicyErrors.None
            || (errors is SslPolicyErrors.RemoteCertificateChainErrors && IsTrusted(certificate));

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
            throw new AuthenticationException(
                $"The certificate file {path} set by {Variable} cannot be read: {failure.Message}",
                failure
            );
        }
    }

    private bool IsTrusted(X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_certificates.Value);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(server);
    }
}
