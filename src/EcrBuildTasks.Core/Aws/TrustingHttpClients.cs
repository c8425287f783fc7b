using Amazon.Runtime;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>The AWS SDK's connections where certificates are trusted that the machine does not know.</summary>
internal sealed class TrustingHttpClients(CertificateBundle certificates) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = clientConfig.ConnectTimeout ?? Timeout.InfiniteTimeSpan,
        };
        certificates.AddTo(handler.SslOptions);
        return new HttpClient(handler) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };
    }

    /// <summary>What the SDK keeps its connections by, for the whole process: a build node may outlive the file as it is now.</summary>
    public override string GetConfigUniqueString(IClientConfig clientConfig) =>
        $"{certificates.Path} {File.GetLastWriteTimeUtc(certificates.Path):O}";
}
