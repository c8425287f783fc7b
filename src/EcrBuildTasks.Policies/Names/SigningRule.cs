using System.IO.Enumeration;

namespace EcrBuildTasks.Policies.Names;

/// <summary>A rule by which a registry signs images that are pushed to it.</summary>
/// <param name="ProfileArn">The AWS Signer profile with which it signs.</param>
/// <param name="Filters">Patterns with <c>*</c> for the repositories that it applies to; empty for all.</param>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SigningRule.html</remarks>
public sealed record SigningRule(string ProfileArn, IReadOnlyList<string> Filters)
{
    /// <summary>A regular expression for the ARN of a profile, without anchors.</summary>
    public const string ProfileArnPattern =
        "arn:aws(-[a-z]+)*:signer:[a-z0-9-]+:[0-9]{12}:/signing-profiles/(?<name>[a-zA-Z0-9_]{2,})";

    public bool AppliesTo(string repository) =>
        Filters.Count == 0
        || Filters.Any(filter => FileSystemName.MatchesSimpleExpression(filter, repository, ignoreCase: false));
}
