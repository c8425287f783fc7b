using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EcrBuildTasks.RealParts;

/// <summary>A certificate authority of a test's own.</summary>
public sealed class TlsAuthority : IDisposable
{
    private readonly X509Certificate2 _issuer;

    /// <summary>Makes the authority and a certificate of a server.</summary>
    /// <param name="names">The names of the server.</param>
    public TlsAuthority(IReadOnlyList<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = Request("CN=EcrBuildTasks test authority", key);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _issuer = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        BundlePath = Path.Combine(Path.GetTempPath(), $"authority-{Guid.NewGuid():N}.pem");
        File.WriteAllText(BundlePath, _issuer.ExportCertificatePem());
        Certificate = Issue(names);
    }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authority's certificate as a PEM file.</summary>
    public string BundlePath { get; }

    /// <summary>Writes <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> of a new client or server, as docker names them.</summary>
    public void WriteDockerFiles(string folder, params IReadOnlyList<string> names)
    {
        using var certificate = Issue(names);
        using var key = certificate.GetECDsaPrivateKey()!;
        File.Copy(BundlePath, Path.Combine(folder, "ca.pem"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        _issuer.Dispose();
        File.Delete(BundlePath);
    }

    private X509Certificate2 Issue(IReadOnlyList<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request($"CN={names[0]}", key);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using var issued = request.Create(
            _issuer,
            new DateTimeOffset(_issuer.NotBefore),
            new DateTimeOffset(_issuer.NotAfter),
            RandomNumberGenerator.GetBytes(8)
        );
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(
            withKey.Export(X509ContentType.Pfx),
            password: null,
            X509KeyStorageFlags.Exportable
        );
    }

    private static CertificateRequest Request(string name, ECDsa key) => new(name, key, HashAlgorithmName.SHA256);
}
