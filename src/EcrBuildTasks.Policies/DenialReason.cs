using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies;

/// <summary>The end of AWS's sentence about a denied request: which kind of policy denies it, or does not allow it.</summary>
/// <param name="IsExplicit">Whether a statement denies; otherwise an Allow is missing.</param>
/// <param name="PolicyKind">The kind of policy; <see langword="null"/> where AWS did not say.</param>
/// <param name="PolicyArn">The ARN of the policy, where AWS gave it.</param>
/// <param name="Action">The action, where the reason repeats it.</param>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html</remarks>
public sealed partial record DenialReason(bool IsExplicit, PolicyKind? PolicyKind, string? PolicyArn, string? Action)
{
    private const RegexOptions Options =
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private const string Opening = """^[\s"'`\\,.;(]*""";

    private const string Words = """
        (because\s*no\s*(?<kind>[a-z\s-]+?(policy|policies|boundary))(\s*allows?\s*the\s*(?<action>[a-z0-9_-]+:[a-z0-9_*]+?)\s*action)?|(?<explicit>(with|due\s*to)\s*an\s*explicit\s*deny)(\s*(in|transitively\s*through)\s*((an?|the)\s+)?(?<kind>[a-z\s-]+?(policy|boundary)))?)(\s*:\s*(?<arn>arn:[^\s\p{Cc}"'`\\<>]+))?
        """;

    /// <summary>Finds the reason in a text that has lost the sentence's beginning.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public static DenialReason? Find(string text) => FromMatch(Anywhere().Match(text));

    /// <summary>The reason with which a text begins; a short text is read without building a pattern at run time.</summary>
    internal static DenialReason? At(string text, bool isShort) =>
        FromMatch((isShort ? AtTheBeginningOfShort() : AtTheBeginning()).Match(text));

    /// <summary>AWS's own words for a kind of policy.</summary>
    public static string Name(PolicyKind kind) =>
        kind switch
        {
            Policies.PolicyKind.Repository => "resource-based policy",
            Policies.PolicyKind.Identity => "identity-based policy",
            Policies.PolicyKind.ServiceControl => "service control policy",
            Policies.PolicyKind.ResourceControl => "resource control policy",
            Policies.PolicyKind.VpcEndpoint => "VPC endpoint policy",
            Policies.PolicyKind.Session => "session policy",
            Policies.PolicyKind.PermissionsBoundary => "permissions boundary",
            Policies.PolicyKind.RoleTrust => "role trust policy",
            _ => "registry policy",
        };

    private static DenialReason? FromMatch(Match match) =>
        match.Success
            ? new(
                match.Groups["explicit"].Success,
                KindOf(match.Groups["kind"].Value),
                match.Groups["arn"] is { Success: true } arn ? arn.Value.TrimEnd('.', ',', ';', ')', '}', ']') : null,
                match.Groups["action"] is { Success: true } action ? action.Value : null
            )
            : null;

    private static PolicyKind? KindOf(string words) =>
        string.Concat(words.Where(char.IsAsciiLetter)).ToUpperInvariant() switch
        {
            "IDENTITYBASEDPOLICY" or "IDENTITYBASEDPOLICIES" => Policies.PolicyKind.Identity,
            "RESOURCEBASEDPOLICY" or "RESOURCEBASEDPOLICIES" => Policies.PolicyKind.Repository,
            "SERVICECONTROLPOLICY" or "SERVICECONTROLPOLICIES" => Policies.PolicyKind.ServiceControl,
            "RESOURCECONTROLPOLICY" or "RESOURCECONTROLPOLICIES" => Policies.PolicyKind.ResourceControl,
            "VPCENDPOINTPOLICY" or "VPCENDPOINTPOLICIES" => Policies.PolicyKind.VpcEndpoint,
            "SESSIONPOLICY" or "SESSIONSPOLICY" => Policies.PolicyKind.Session,
            "PERMISSIONSBOUNDARY" or "PERMISSIONBOUNDARY" or "PERMISSIONSBOUNDARYPOLICY" => Policies
                .PolicyKind
                .PermissionsBoundary,
            "ROLETRUSTPOLICY" => Policies.PolicyKind.RoleTrust,
            _ => null,
        };

    [GeneratedRegex(Words, Options | RegexOptions.NonBacktracking)]
    private static partial Regex Anywhere();

    [GeneratedRegex(Opening + Words, Options | RegexOptions.NonBacktracking)]
    private static partial Regex AtTheBeginning();

    [GeneratedRegex(Opening + Words, Options, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex AtTheBeginningOfShort();
}
