using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies;

/// <summary>
/// The ID by which AWS returns every policy that it evaluated for a denied request, those of the organization included, for 24 hours.
/// Anyone with the permission in the account or the organization can read them, so it does not belong on a public page.
/// </summary>
/// <param name="Id">The ID.</param>
/// <param name="Region">The region of the link to the console; <see langword="null"/> without a link.</param>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied-authorization-id.html</remarks>
public sealed partial record AuthorizationDetails(string Id, string? Region)
{
    /// <returns><see langword="null"/> if the text has none.</returns>
    public static AuthorizationDetails? Find(string text) =>
        Tail().Match(text) is { Success: true, Groups: var parts }
            ? new(parts["id"].Value, parts["region"] is { Success: true } region ? region.Value : null)
            : null;

    /// <summary>The text without the ID and the link.</summary>
    public static string RemoveFrom(string text) => Tail().Replace(text, "");

    /// <summary>The command that shows the policies.</summary>
    /// <param name="region">The region of the request, if the link does not name it.</param>
    public string Command(string region) =>
        $"aws iam-toolbox get-request-authorization-details --region {Region ?? region} --authorization-id {Id}";

    [GeneratedRegex(
        @"\.?\s*Go\s+to\s+https://[^\s#]+(region=(?<region>[a-z]+(-[a-z]+)+-[0-9]+))[^\s#]*#/authorization-details/(?<id>[0-9a-z]+)(\s+for\s+complete\s+details)?(,?\s+or\s+call\s+the\s+GetRequestAuthorizationDetails\s+API\s+with\s+the\s+following\s+authorization\s+id:?\s+[0-9a-z]+)?|\.?\s*(or\s+)?call\s+the\s+GetRequestAuthorizationDetails\s+API\s+with\s+the\s+following\s+authorization\s+id:?\s+(?<id>[0-9a-z]+)",
        RegexOptions.ExplicitCapture
            | RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.NonBacktracking
    )]
    private static partial Regex Tail();
}
