using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>Issues and recognizes the passwords that <c>GetAuthorizationToken</c> hands out. They are kept in memory only.</summary>
internal sealed class AuthorizationTokens(TimeProvider clock, TimeSpan lifetime)
{
    private const string UserName = "AWS";

    private readonly ConcurrentDictionary<string, AuthorizationToken> _tokens = new(StringComparer.Ordinal);

    public AuthorizationToken Issue(CallingPrincipal principal, string account, string region)
    {
        var token = new AuthorizationToken(
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(192)),
            principal,
            account,
            region,
            clock.GetUtcNow() + lifetime
        );
        _tokens[token.Password] = token;
        return token;
    }

    /// <summary>The token of an authorization, expired or not.</summary>
    /// <param name="authorizationHeader">The header.</param>
    /// <param name="scheme"><c>Basic</c>, or what ECR Public wants, <c>Bearer</c>.</param>
    /// <param name="isPublic">Whether it is to be one of ECR Public.</param>
    public AuthorizationToken? Recognize(string? authorizationHeader, string scheme, bool isPublic)
    {
        if (authorizationHeader?.StartsWith($"{scheme} ", StringComparison.OrdinalIgnoreCase) is not true)
        {
            return null;
        }

        var bytes = new byte[authorizationHeader.Length];
        var token =
            Convert.TryFromBase64String(authorizationHeader[scheme.Length..].Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [UserName, var password]
                ? _tokens.GetValueOrDefault(password)
                : null;
        return token?.Region == RepositoryPlace.PublicRegion == isPublic ? token : null;
    }

    public bool IsExpired(AuthorizationToken token) => token.IsRevoked || token.ExpiresAt <= clock.GetUtcNow();

    /// <summary>Ends the life of all tokens that were issued so far.</summary>
    public void ExpireAll()
    {
        foreach (var token in _tokens.Values)
        {
            token.IsRevoked = true;
        }
    }
}

/// <summary>A password for the registry protocol, bound to who asked for it and to a registry.</summary>
internal sealed class AuthorizationToken(
    string password,
    CallingPrincipal principal,
    string account,
    string region,
    DateTimeOffset expiresAt
)
{
    public string Password { get; } = password;

    public CallingPrincipal Principal { get; } = principal;

    public string Account { get; } = account;

    public string Region { get; } = region;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>Whether it ended before the time that its owner was told.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>The form that the API answers: base64 of <c>AWS:password</c>.</summary>
    public string Encoded => Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{Password}"));
}
