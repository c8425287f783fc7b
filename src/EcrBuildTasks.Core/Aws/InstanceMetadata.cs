using System.Net;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>
/// What an EC2 instance tells about itself, by IMDSv2. The SDK tries for 15 seconds and more where there is no instance; a
/// build must not wait for that.
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

    /// <summary>Of an endpoint that is no URL, the SDK's clients break, for as long as the process lives.</summary>
    /// <exception cref="AwsSessionException">It is none.</exception>
    public static void Verify(EnvironmentVariables environment)
    {
        if (environment[Endpoint] is { } url && !Uri.IsWellFormedUriString(url, UriKind.Absolute))
        {
            throw AwsClients.NoUrl(url, Endpoint);
        }
    }

    /// <summary>The name of the instance's role.</summary>
    /// <exception cref="AwsSessionException">There is no instance, or it has no role; the message says which.</exception>
    public async Task<string> GetRoleAsync(CancellationToken cancellationToken) =>
        (await GetAsync("iam/security-credentials/", "has no role", cancellationToken)).Split('\n')[0].Trim();

    /// <exception cref="AwsSessionException">The instance does not answer, or has no such role any more.</exception>
    public Task<string> GetCredentialsAsync(string role, CancellationToken cancellationToken) =>
        GetAsync($"iam/security-credentials/{role}", $"has no role {role} any more", cancellationToken);

    /// <exception cref="AwsSessionException">The instance does not answer.</exception>
    public Task<string> GetRegionAsync(CancellationToken cancellationToken) =>
        GetAsync("placement/region", "does not tell its region", cancellationToken);

    public void Dispose() => _http.Dispose();

    public static AwsSessionException Failed(string why, Exception? cause = null) =>
        new(AwsProblem.RoleCredentialsUnavailable, $"The EC2 instance gives no credentials: {why}.", cause)
        {
            CredentialsSource = "instance profile",
        };

    private async Task<string> GetAsync(string path, string whatIfNot, CancellationToken cancellationToken)
    {
        if (_isOff)
        {
            throw Failed("AWS_EC2_METADATA_DISABLED forbids to ask it");
        }

        var token = await GetTokenAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_endpoint, $"latest/meta-data/{path}"));
        request.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token", token);
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellationToken)
                : answer.StatusCode is HttpStatusCode.NotFound ? throw Failed($"it {whatIfNot}")
                : throw Failed($"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }
        catch (Exception failure) when (IsSilence(failure, cancellationToken))
        {
            throw Failed($"{_endpoint.Authority} stopped answering: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>The token without which nothing is told; it also shows whether anybody is there.</summary>
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
                : throw Failed(
                    $"it answered {(int)answer.StatusCode} {answer.ReasonPhrase} to the request for a token"
                );
        }
        catch (Exception failure) when (IsSilence(failure, cancellationToken))
        {
            throw Failed($"nobody answers at {_endpoint.Authority} within {ToBeThere.TotalSeconds:0} s", failure);
        }
    }

    private static bool IsSilence(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
