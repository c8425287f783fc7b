using System.Net;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>
/// The metadata service of an EC2 instance (IMDSv2). Without an instance, the SDK retries for 15 seconds or more, which is too
/// long for a build.
/// </summary>
internal sealed class InstanceMetadata : IDisposable
{
    private const string Endpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";

    private static readonly TimeSpan ToBeThere = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(6);

    private readonly Uri _endpoint;
    private readonly HttpClient _http = RoleCredentialsJson.CreateClient(ToAnswer, ToAnswer);
    private readonly bool _isOff;

    public InstanceMetadata(EnvironmentVariables environment, AwsProfile? profile)
    {
        _isOff = bool.TryParse(environment["AWS_EC2_METADATA_DISABLED"], out var isOff) && isOff;
        var mode =
            environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] ?? profile?["ec2_metadata_service_endpoint_mode"];
        var chosen = environment[Endpoint] ?? profile?["ec2_metadata_service_endpoint"];
        _endpoint = Uri.TryCreate(chosen, UriKind.Absolute, out var endpoint)
            ? endpoint
            : new(
                "ipv6".Equals(mode, StringComparison.OrdinalIgnoreCase)
                    ? "http://[fd00:ec2::254]/"
                    : "http://169.254.169.254/"
            );
    }

    /// <summary>Rejects an invalid endpoint URL, which would break the SDK clients for the lifetime of the process.</summary>
    /// <exception cref="AwsSessionException">The URL is invalid.</exception>
    public static void Verify(EnvironmentVariables environment)
    {
        if (environment[Endpoint] is { } url && !Uri.IsWellFormedUriString(url, UriKind.Absolute))
        {
            throw AwsClients.NoUrl(url, Endpoint);
        }
    }

    /// <summary>The name of the instance's role.</summary>
    /// <exception cref="AwsSessionException">No instance was found, or it has no role; the message says which.</exception>
    public async Task<string> GetRoleAsync(CancellationToken cancellationToken) =>
        (await GetAsync("iam/security-credentials/", "reported no role for the instance", cancellationToken))
            .Split('\n')[0]
            .Trim();

    /// <exception cref="AwsSessionException">The instance does not respond, or the role no longer exists.</exception>
    public Task<string> GetCredentialsAsync(string role, CancellationToken cancellationToken) =>
        GetAsync(
            $"iam/security-credentials/{role}",
            $"reported that the role {role} no longer exists on the instance",
            cancellationToken
        );

    /// <exception cref="AwsSessionException">The instance does not respond.</exception>
    public Task<string> GetRegionAsync(CancellationToken cancellationToken) =>
        GetAsync("placement/region", "did not report the region", cancellationToken);

    public void Dispose() => _http.Dispose();

    public static AwsSessionException Failed(string why, Exception? cause = null) =>
        new(
            EcrCode.RoleCredentialsUnavailable,
            $"The EC2 instance metadata service did not provide credentials: {why}.",
            cause
        )
        {
            CredentialsSource = "instance profile",
        };

    private async Task<string> GetAsync(string path, string whatIfNot, CancellationToken cancellationToken)
    {
        if (_isOff)
        {
            throw Failed("AWS_EC2_METADATA_DISABLED is set to true");
        }

        var token = await GetTokenAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_endpoint, $"latest/meta-data/{path}"));
        request.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token", token);
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellationToken)
                : answer.StatusCode is HttpStatusCode.NotFound ? throw Failed($"it {whatIfNot}")
                : throw Failed($"it returned {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }
        catch (Exception failure) when (IsSilence(failure, cancellationToken))
        {
            throw Failed($"{_endpoint.Authority} stopped responding: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>The token that every request requires; the request for it also detects the service.</summary>
    private async Task<string> GetTokenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ToBeThere);
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_endpoint, "latest/api/token"));
        request.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", $"{TokenLife.TotalSeconds:0}");
        try
        {
            using var answer = await _http.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadAsStringAsync(limit.Token)
                : throw Failed($"it returned {(int)answer.StatusCode} {answer.ReasonPhrase} for the token request");
        }
        catch (Exception failure) when (IsSilence(failure, cancellationToken))
        {
            throw Failed($"{_endpoint.Authority} did not respond within {ToBeThere.TotalSeconds:0} s", failure);
        }
    }

    private static bool IsSilence(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
