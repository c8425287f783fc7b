using System.Net;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>The credentials that ECS, EKS Pod Identity and similar services provide to a container at a configured URL.</summary>
internal sealed class ContainerCredentials : ProvidedCredentials
{
    public const string RelativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    public const string FullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

    private const string TokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    private const int Attempts = 3;

    // Those of ECS and of the EKS Pod Identity agent, in the AWS SDKs' own list; other hosts require TLS.
    private static readonly string[] PlainHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];
    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly EnvironmentVariables _environment;
    private readonly Uri _endpoint;

    private ContainerCredentials(EnvironmentVariables environment, Uri endpoint)
    {
        _environment = environment;
        _endpoint = endpoint;
        PreemptExpiryTime = TimeSpan.FromMinutes(15);
    }

    /// <summary>The source of the credentials, as shown to users.</summary>
    public string Source =>
        _endpoint.Host == PlainHosts[0] ? "the ECS container's role"
        : PlainHosts.Contains(_endpoint.Host) ? "the EKS pod's role"
        : "container credentials";

    /// <summary>The container's credentials; null if the environment has no URL for them.</summary>
    /// <exception cref="AwsSessionException">The URL is invalid, or requires TLS.</exception>
    public static ContainerCredentials? Find(EnvironmentVariables environment)
    {
        var (variable, url) = environment[RelativeUri] is { } path
            ? (RelativeUri, $"http://{PlainHosts[0]}{path}")
            : (FullUri, environment[FullUri]);
        if (url is null)
        {
            return null;
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var endpoint))
        {
            throw Failed($"{variable} is not a valid URL");
        }

        return
            endpoint.Scheme == Uri.UriSchemeHttps
            || (endpoint.Scheme == Uri.UriSchemeHttp && (endpoint.IsLoopback || PlainHosts.Contains(endpoint.Host)))
            ? new(environment, endpoint)
            : throw Failed($"{variable} is set to {endpoint.Authority}, which must use https");
    }

    protected override async Task<CredentialsRefreshState> ProvideAsync(CancellationToken cancellationToken)
    {
        using var http = RoleCredentialsJson.CreateClient(ToConnect, ToAnswer);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, _endpoint);
                if (await ReadTokenAsync() is { } token)
                {
                    OutgoingText.AddSecret(token);
                    request.Headers.TryAddWithoutValidation("Authorization", token);
                }

                using var answer = await http.SendAsync(request, cancellationToken);
                if (answer.StatusCode < HttpStatusCode.InternalServerError || attempt == Attempts)
                {
                    return answer.IsSuccessStatusCode
                        ? RoleCredentialsJson.Read(await answer.Content.ReadAsStringAsync(cancellationToken))
                            ?? throw Failed($"{Address} returned a response without credentials")
                        : throw Failed($"{Address} returned {(int)answer.StatusCode} {answer.ReasonPhrase}");
                }
            }
            catch (Exception failure)
                when (failure is HttpRequestException or OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                if (attempt == Attempts)
                {
                    throw Failed($"{Address} cannot be reached: {failure.Message.TrimEnd('.')}", failure);
                }
            }

            await Task.Delay(BetweenAttempts, cancellationToken);
        }
    }

    /// <summary>Without user and query, which can contain a secret.</summary>
    private string Address =>
        _endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Read each time: the file of a pod is replaced before its token expires.</summary>
    private async Task<string?> ReadTokenAsync()
    {
        if (_environment[TokenFile] is not { } path)
        {
            return _environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
        }

        try
        {
            return (await File.ReadAllTextAsync(path)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed($"the file {path} set by {TokenFile} cannot be read", failure);
        }
    }

    private static AwsSessionException Failed(string why, Exception? cause = null) =>
        new(EcrCode.RoleCredentialsUnavailable, $"The container credentials are not available: {why}.", cause)
        {
            CredentialsSource = "container credentials",
        };
}
