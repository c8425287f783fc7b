using System.Globalization;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Emulator.Calls;

/// <summary>A request that the emulator has answered, or that it could not answer because the connection broke.</summary>
/// <param name="Service">
/// <c>ecr</c>, <c>ecr-public</c>, <c>sts</c>, <c>iam</c>, <c>registry</c> for <c>/v2/</c>, <c>public</c> for an image that needs no
/// credentials, <c>sso</c> and <c>sso-oidc</c> of IAM Identity Center, <c>container</c> or <c>imds</c>.
/// </param>
/// <param name="Action">
/// The operation, such as <c>PutImage</c>; over <c>/v2/</c> the one whose permission was asked for, <c>Ping</c> where none was;
/// <c>Unknown</c> where a fault struck first.
/// </param>
/// <param name="Principal">The caller's ARN; <see langword="null"/> when it was not recognized.</param>
/// <param name="Status">The HTTP status of the answer; 0 where there was none.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without query.</param>
public sealed partial record ReceivedCall(
    string Service,
    string Action,
    string? Principal,
    int Status,
    string Method,
    string Path
)
{
    /// <summary>One line for a log. The client chose some of the text, so whatever a terminal or a CI system obeys is escaped.</summary>
    internal string ToLogLine() =>
        Obeyed()
            .Replace(
                string.Create(CultureInfo.InvariantCulture, $"{Status} {Service}:{Action} {Method} {Path} {Principal}"),
                match => $"\\u{(int)match.Value[0]:x4}"
            );

    /// <summary>Control, format and private characters, separators of lines, and the # of ##vso[, ##[ and ##teamcity[.</summary>
    [GeneratedRegex(@"[\p{C}\p{Zl}\p{Zp}#]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Obeyed();
}
