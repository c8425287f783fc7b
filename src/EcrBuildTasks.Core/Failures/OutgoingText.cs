using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Failures;

/// <summary>What every text passes that leaves the process: no secret in use, and no command to a terminal or a CI system.</summary>
public static partial class OutgoingText
{
    private const string Redacted = "***";

    // Shorter ones are no secrets of AWS, and could be a part of any word.
    private const int ShortestSecret = 20;

    // A process that builds for days renews its credentials; the old ones have expired by then.
    private const int MostForms = 4096;

    private static ImmutableArray<string> KnownForms = [];

    /// <summary>Registers a secret that this process uses: a key, a token or a password.</summary>
    public static void AddSecret(string? secret)
    {
        if (secret is not { Length: >= ShortestSecret } || KnownForms.Contains(secret, StringComparer.Ordinal))
        {
            return;
        }

        var forms = FormsOf(secret);
        ImmutableInterlocked.Update(ref KnownForms, known => [.. known.TakeLast(MostForms - forms.Count), .. forms]);
    }

    /// <summary>The text without secrets; its line breaks stay.</summary>
    public static string Redact(string text)
    {
        foreach (var form in KnownForms)
        {
            text = text.Replace(form, Redacted, StringComparison.Ordinal);
        }

        return Credentials().Replace(UserInfo().Replace(text, $"${{scheme}}{Redacted}@"), $"${{name}}{Redacted}");
    }

    /// <summary>One line without secrets, as <see cref="UntrustedText"/> prints it.</summary>
    public static string ToLine(string text) => UntrustedText.ToLine(Redact(text));

    /// <summary>A text of several lines without secrets, each as <see cref="UntrustedText"/> prints it.</summary>
    public static string ToLines(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
            ? string.Join('\n', Redact(text).Split('\n').Select(line => UntrustedText.ToLine(line.TrimEnd('\r'))))
            : ToLine(text);

    /// <summary>Longest first, so that no part of a longer form is left.</summary>
    private static IReadOnlyList<string> FormsOf(string secret) =>
        [
            .. new[] { secret, JsonEncodedText.Encode(secret).ToString() }
                .SelectMany(text => Enumerable.Range(0, 3).SelectMany(offset => InBase64(text, offset)).Prepend(text))
                .Append(Uri.EscapeDataString(secret))
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(form => form.Length),
        ];

    /// <summary>
    /// The secret within any base64, such as that of a header or of a JSON document: three beginnings are possible, and the first and
    /// the last letter may hold bits of what is beside it.
    /// </summary>
    private static IEnumerable<string> InBase64(string secret, int offset)
    {
        byte[] bytes = [.. new byte[offset], .. Encoding.UTF8.GetBytes(secret)];
        var text = Convert.ToBase64String(bytes, 0, bytes.Length - (bytes.Length % 3))[
            (offset == 0 ? 0 : offset + 1)..
        ];
        return [text, text.Replace('+', '-').Replace('/', '_')];
    }

    [GeneratedRegex(
        @"(?<name>(Basic|Bearer)\s+|X-Registry-Auth""?\s*[:=]\s*""?)[A-Za-z0-9+/=_.~-]{8,}",
        RegexOptions.ExplicitCapture
            | RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.NonBacktracking
    )]
    private static partial Regex Credentials();

    [GeneratedRegex(
        @"(?<scheme>\w://)[^/?#\s@]+@",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex UserInfo();
}
