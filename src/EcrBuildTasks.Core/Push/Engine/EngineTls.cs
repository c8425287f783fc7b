using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Handler.Abstractions;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Engine;

/// <summary>How an engine is spoken to over TLS: the files of docker, of which each may be missing.</summary>
/// <param name="Folder">
/// Where <c>ca.pem</c> (instead of the machine's authorities), <c>cert.pem</c> and <c>key.pem</c> (the client's) are;
/// <see langword="null"/> for none of them.
/// </param>
/// <param name="NeedsAuthority">Whether <c>ca.pem</c> has to be there.</param>
/// <param name="SkipsVerification">Whether any server is trusted.</param>
internal sealed record EngineTls(string? Folder, bool NeedsAuthority = false, bool SkipsVerification = false)
    : IAuthProvider
{
    private string Authority => PathOf("ca.pem");
    private string Certificate => PathOf("cert.pem");
    private string Key => PathOf("key.pem");

    /// <summary>Whether a client certificate is configured.</summary>
    public bool HasClientCertificate => File.Exists(Certificate) || File.Exists(Key);

    /// <summary>Without it the library speaks plain HTTP, whatever the scheme of the address.</summary>
    public bool TlsEnabled => true;

    /// <remarks>The provider of the library does not verify host names; this one does.</remarks>
    /// <exception cref="PushException">A file cannot be used.</exception>
    public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler)
    {
        var options = ((SocketsHttpHandler)handler).SslOptions;
        options.RemoteCertificateValidationCallback = Verify;
        if (NeedsAuthority || File.Exists(Authority))
        {
            options.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Read(Authority));
        }

        if (HasClientCertificate)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(
                ReadWithKey(),
                Read(Certificate),
                offline: true
            );
        }

        return handler;
    }

    private bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (SkipsVerification || errors is SslPolicyErrors.None)
        {
            return true;
        }

        var isOutOfTime =
            chain?.ChainStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) is true;
        throw new PushException(
            EcrCode.EngineUnavailable,
            errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "the engine did not present a certificate"
                : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
                    ? isOutOfTime ? "the certificate of the engine has expired or is not yet valid"
                        : $"the certificate of the engine is not issued by a certificate authority {(File.Exists(Authority) ? $"in {Authority}" : "that this machine trusts")}"
                : $"the certificate of the engine is not valid for the host name {(sender as SslStream)?.TargetHostName}"
        );
    }

    private X509Certificate2 ReadWithKey() =>
        Read(
            $"{Certificate} with {Key}",
            () =>
            {
                using var pem = X509Certificate2.CreateFromPemFile(Certificate, Key);
                // Windows does not support ephemeral keys here.
                return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null);
            }
        );

    private static X509Certificate2Collection Read(string path) =>
        Read(
            path,
            () =>
            {
                X509Certificate2Collection certificates = [];
                certificates.ImportFromPemFile(path);
                return certificates is [_, ..]
                    ? certificates
                    : throw new CryptographicException("the file contains no certificate");
            }
        );

    private string PathOf(string file) => Folder is null ? "" : Path.Combine(Folder, file);

    private static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new PushException(EcrCode.EngineUnavailable, $"{what} cannot be used: {failure.Message}");
        }
    }
}
