using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Diagnostics;

/// <summary>AWS's sentence about a denied request, taken apart.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html</remarks>
public sealed partial record DenialMessage
{
    private DenialMessage() { }

    /// <summary>The ARN of the principal that was denied.</summary>
    public required string Principal { get; init; }

    /// <summary>The action, such as <c>ecr:PutImage</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The resource; <see langword="null"/> where AWS did not say.</summary>
    public string? Resource { get; init; }

    /// <summary>Whether a statement denies; otherwise an Allow is wanting, or AWS did not say.</summary>
    public bool IsExplicit { get; init; }

    /// <summary>The kind of policy that denies or is silent; <see langword="null"/> where AWS did not say.</summary>
    public PolicyKind? PolicyKind { get; init; }

    /// <summary>The ARN of the policy, where AWS gave it.</summary>
    public string? PolicyArn { get; init; }

    /// <summary>Finds the sentence in a text, whatever stands around it.</summary>
    /// <returns>The first such sentence; <see langword="null"/> when there is none.</returns>
    public static DenialMessage? Find(string text)
    {
        var sentence = Sentence().Match(text);
        if (!sentence.Success)
        {
            return null;
        }

        var tail = Tail().Match(text, sentence.Index + sentence.Length);
        return new()
        {
            Principal = sentence.Groups["principal"].Value,
            Action = sentence.Groups["action"].Value,
            Resource = sentence.Groups["resource"] is { Success: true } resource ? resource.Value : null,
            IsExplicit = tail.Groups["explicit"].Success,
            PolicyKind = tail.Groups["kind"] is { Success: true } kind ? KindOf(kind.Value) : null,
            PolicyArn = tail.Groups["arn"] is { Success: true } arn ? arn.Value.TrimEnd('.', ',', ';') : null,
        };
    }

    private static PolicyKind? KindOf(string words) =>
        words.ToUpperInvariant() switch
        {
            "IDENTITY-BASED POLICY" => Policies.PolicyKind.Identity,
            "RESOURCE-BASED POLICY" => Policies.PolicyKind.Repository,
            "SERVICE CONTROL POLICY" => Policies.PolicyKind.ServiceControl,
            "RESOURCE CONTROL POLICY" => Policies.PolicyKind.ResourceControl,
            "VPC ENDPOINT POLICY" => Policies.PolicyKind.VpcEndpoint,
            "SESSION POLICY" or "SESSIONS POLICY" => Policies.PolicyKind.Session,
            "PERMISSIONS BOUNDARY" or "PERMISSIONS BOUNDARY POLICY" => Policies.PolicyKind.PermissionsBoundary,
            "ROLE TRUST POLICY" => Policies.PolicyKind.RoleTrust,
            _ => null,
        };

    [GeneratedRegex(
        @"User: (?<principal>\S+) is not authorized to perform: (?<action>[A-Za-z0-9<_-]+:[A-Za-z0-9*>_]+)(?: on resource: ""?(?<resource>[^\s""\\]+)""?)?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Sentence();

    [GeneratedRegex(
        @"\G\s*(?:because no (?<kind>[A-Za-z -]+?) allows the \S+ action|(?<explicit>(?:with|due to) an explicit deny)(?:(?: in| transitively through) (?:an?|the) (?<kind>[A-Za-z -]+?(?:policy|boundary)))?)(?:: (?<arn>arn:[^\s""\\]+))?",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Tail();
}
