using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Names;

/// <summary>The parts of an image name as typed or pasted, without validation.</summary>
/// <param name="Scheme">The text before <c>://</c>, in lower case.</param>
/// <param name="HasUser">Whether a user name, possibly with a password, precedes the host.</param>
/// <param name="Host">
/// The host with its port, in lower case. As in Docker: the part before the first slash, if it looks like a host.
/// </param>
/// <param name="Path">The rest, without leading and trailing slashes.</param>
public sealed partial record ImageAddress(
    string? Scheme,
    bool HasUser,
    string? Host,
    string Path,
    string? Tag,
    string? Digest
)
{
    private const string SchemeEnd = "://";

    public static ImageAddress FromText(string text)
    {
        var rest = text.Trim();
        var digest = DigestAtEnd().Match(rest);
        rest = digest.Success ? rest[..digest.Index] : rest;

        var schemeEnd = rest.IndexOf(SchemeEnd, StringComparison.Ordinal);
        var scheme = schemeEnd < 0 ? null : rest[..schemeEnd].ToLowerInvariant();
        rest = schemeEnd < 0 ? rest : rest[(schemeEnd + SchemeEnd.Length)..];

        // A password can contain slashes: everything before the last @ belongs to the user.
        var user = rest.LastIndexOf('@');
        rest = rest[(user + 1)..];

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? rest : rest[..slash];
        var isHost =
            scheme is not null
            || user >= 0
            || (slash >= 0 && (first.AsSpan().IndexOfAny('.', '[') >= 0 || HasPort(first)))
            || EcrRegistry.IsMeantBy(first);
        var path = (isHost ? rest[first.Length..] : rest).Trim('/');
        var colon = path.LastIndexOf(':');
        return new(
            scheme,
            user >= 0,
            isHost ? first.ToLowerInvariant() : null,
            (colon < 0 ? path : path[..colon]).Trim('/'),
            colon < 0 ? null : path[(colon + 1)..],
            digest.Success ? digest.Value[1..] : null
        );
    }

    // hello-api:feature/x has a tag with a slash, not a host with a port.
    private static bool HasPort(string host) =>
        host.LastIndexOf(':') is >= 0 and var colon && !host.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9');

    /// <summary>The registry and the repository; the repository name is not validated.</summary>
    /// <returns>A registry of <see langword="null"/> if the address has no host.</returns>
    /// <exception cref="ReferenceFormatException">The host is not an ECR registry.</exception>
    public (EcrRegistry? Registry, string Repository) Locate()
    {
        if (Host is null)
        {
            return (null, Path);
        }

        var registry = EcrRegistry.Parse(
            $"{(Scheme is null ? "" : Scheme + SchemeEnd)}{(HasUser ? "***@" : "")}{Host}"
        );
        return registry.TakeAlias(Path);
    }

    /// <summary>The text without the user name and password before the host, safe to show.</summary>
    internal static string Presentable(string text)
    {
        if (!FromText(text).HasUser)
        {
            return text;
        }

        var digest = DigestAtEnd().Match(text.TrimEnd());
        var end = text.LastIndexOf('@', (digest.Success ? digest.Index : text.Length) - 1);
        var schemeEnd = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        return text[..(schemeEnd < 0 || schemeEnd > end ? 0 : schemeEnd + SchemeEnd.Length)] + "***" + text[end..];
    }

    [GeneratedRegex(
        "@[A-Za-z0-9_+.-]+:[0-9A-Fa-f]+$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex DigestAtEnd();
}
