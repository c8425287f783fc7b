using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// Gets the token that a registry requires instead of a password, if it does: its response to a request without
/// credentials names the service that gives it. The password for a push goes to no other host than the registry's; that for a pull
/// to the service that the registry names, as Docker Hub has one elsewhere.
/// </summary>
/// <param name="http">The connection to the registry.</param>
/// <param name="repository">
/// The repository; <see langword="null"/> for a token that only identifies the caller.
/// </param>
/// <param name="isPull">Whether the token is only for reading.</param>
/// <remarks>https://distribution.github.io/distribution/spec/auth/token/</remarks>
internal sealed partial class TokenService(
    RegistryHttp http,
    string? repository,
    TimeProvider timeProvider,
    bool isPull = false
)
{
    /// <summary>The user name that says that the password is an identity token, which only a token service takes.</summary>
    public const string IdentityToken = "<token>";

    /// <summary>The scheme of its tokens.</summary>
    public const string Bearer = "Bearer";

    private const int LongestAnswer = 1 << 16;

    /// <summary>The header to send in place of the password, and until when; the password's own where that is taken.</summary>
    /// <exception cref="TransientFailure">It failed in a way that may pass.</exception>
    /// <exception cref="PushException">The service refuses the password, or is at another host.</exception>
    public async Task<(AuthenticationHeaderValue? Header, DateTimeOffset? ExpiresAt)> ExchangeAsync(
        RegistryCredentials? password,
        CancellationToken cancellationToken
    )
    {
        var ping = new RegistryRequest(
            HttpMethod.Get,
            new Uri(http.Registry, "/v2/"),
            $"Requesting the login method of {http.Registry.Authority}"
        )
        {
            // What is pulled is verified by its digest.
            Expected = isPull ? null : ExpectedAnswer.Ping,
        };
        var answer = Refusal.Check(await http.ExchangeAsync(ping, header: null, cancellationToken));
        if (answer.Challenge is not { Scheme: Bearer, Parameter: { } challenge })
        {
            return (CurrentCredentials.Header(password), null);
        }

        var (realm, parameters) = Read(challenge);
        var identityToken = password is { Username: IdentityToken } ? password.Password : null;
        var request = new RegistryRequest(
            identityToken is null ? HttpMethod.Get : HttpMethod.Post,
            identityToken is null ? new UriBuilder(realm) { Query = Query(parameters) }.Uri : realm,
            $"Requesting a token from {http.Registry.Authority}"
        )
        {
            Expected = new(
                "200 with a token",
                answer => answer.Status is HttpStatusCode.OK && Read(answer) is not null
            ),
            ContentWanted = LongestAnswer,
            IsOfTokenService = true,
            Body = identityToken is null
                ? null
                : _ => new FormUrlEncodedContent([
                    .. parameters,
                    new("grant_type", "refresh_token"),
                    new("client_id", "EcrBuildTasks"),
                    new("refresh_token", identityToken),
                ]),
        };
        var header = identityToken is null ? CurrentCredentials.Header(password) : null;
        var response = Refusal.Check(await http.ExchangeAsync(request, header, cancellationToken));
        return response.IsSuccess ? Read(response)!.Value : throw Refusal.FromAnswer(response);
    }

    private static string Query(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));

    private (Uri Realm, IReadOnlyList<KeyValuePair<string, string>> Parameters) Read(string challenge)
    {
        var named = Parameter()
            .Matches(challenge)
            .ToLookup(
                match => match.Groups["name"].Value,
                match => match.Groups["value"].Value,
                StringComparer.Ordinal
            );
        if (
            !Uri.TryCreate(named["realm"].FirstOrDefault(), UriKind.Absolute, out var realm)
            || (!isPull && !http.IsOfRegistry(realm))
        )
        {
            throw new PushException(
                EcrCode.RegistryFailed,
                $"{http.Registry.Authority} requires a token from {realm?.Authority ?? "an unnamed service"}, but the password is sent only to the registry itself."
            );
        }

        var service = KeyValuePair.Create("service", named["service"].FirstOrDefault() ?? http.Registry.Host);
        return (
            realm,
            repository is null
                ? [service]
                : [service, new("scope", $"repository:{repository}:{(isPull ? "pull" : "pull,push")}")]
        );
    }

    /// <returns><see langword="null"/> if the response contains no token.</returns>
    private (AuthenticationHeaderValue Header, DateTimeOffset? ExpiresAt)? Read(RegistryAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Content);
            var token =
                json.RootElement.TryGetProperty("token", out var given)
                || json.RootElement.TryGetProperty("access_token", out given)
                    ? given.GetString()
                    : null;
            if (token is { Length: > 0 })
            {
                DateTimeOffset? end = json.RootElement.TryGetProperty("expires_in", out var seconds)
                    ? timeProvider.GetUtcNow().AddSeconds(seconds.GetInt32())
                    : null;
                OutgoingText.AddSecret(token);
                return (new(Bearer, token), end);
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            // Reported without the text, which may hold the token.
        }

        return null;
    }

    [GeneratedRegex(
        "(?<name>[a-z]+)=\"(?<value>[^\"]*)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Parameter();
}
