using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// Gets the token that a registry requires instead of a password, if it does: its response to a request without
/// credentials names the service that gives it. The password goes to no other host than the registry's.
/// </summary>
/// <param name="http">The connection to the registry.</param>
/// <param name="repository">
/// The repository of the push; <see langword="null"/> for a token that only identifies the caller.
/// </param>
/// <remarks>https://distribution.github.io/distribution/spec/auth/token/</remarks>
internal sealed partial class TokenService(RegistryHttp http, string? repository, TimeProvider timeProvider)
{
    /// <summary>The scheme of its tokens.</summary>
    public const string Bearer = "Bearer";

    private const int LongestAnswer = 1 << 16;

    /// <summary>The header to send in place of the password, and until when; the password's own where that is taken.</summary>
    /// <exception cref="TransientFailure">It failed in a way that may pass.</exception>
    /// <exception cref="PushException">The service refuses the password, or is at another host.</exception>
    public async Task<(AuthenticationHeaderValue Header, DateTimeOffset? ExpiresAt)> ExchangeAsync(
        AuthenticationHeaderValue password,
        CancellationToken cancellationToken
    )
    {
        var ping = new RegistryRequest(
            HttpMethod.Get,
            new Uri(http.Registry, "/v2/"),
            $"Requesting the login method of {http.Registry.Authority}"
        )
        {
            Expected = ExpectedAnswer.Ping,
        };
        var answer = Refusal.Check(await http.ExchangeAsync(ping, header: null, cancellationToken));
        if (answer.Challenge is not { Scheme: Bearer, Parameter: { } challenge })
        {
            return (password, null);
        }

        var request = new RegistryRequest(
            HttpMethod.Get,
            Address(challenge),
            $"Requesting a token from {http.Registry.Authority}"
        )
        {
            Expected = new(
                "200 with a token",
                answer => answer.Status is HttpStatusCode.OK && Read(answer) is not null
            ),
            ContentWanted = LongestAnswer,
        };
        var response = Refusal.Check(await http.ExchangeAsync(request, password, cancellationToken));
        return response.IsSuccess ? Read(response)!.Value : throw Refusal.FromAnswer(response);
    }

    private Uri Address(string challenge)
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
            || !http.IsOfRegistry(realm)
        )
        {
            throw new PushException(
                EcrCode.RegistryFailed,
                $"{http.Registry.Authority} requires a token from {realm?.Authority ?? "an unnamed service"}, but the password is sent only to the registry itself."
            );
        }

        var service = Uri.EscapeDataString(named["service"].FirstOrDefault() ?? http.Registry.Host);
        var scope = repository is null ? "" : "&scope=" + Uri.EscapeDataString($"repository:{repository}:pull,push");
        return new UriBuilder(realm) { Query = $"service={service}{scope}" }.Uri;
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
