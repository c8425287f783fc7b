using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Aws;

/// <summary>Which AWS identity and region to use. What is null is found by the AWS SDK's own rules.</summary>
public sealed record AwsSettings
{
    /// <summary>
    /// A profile of the AWS config and credentials files; it then comes before credentials in environment variables.
    /// </summary>
    public string? Profile { get; init; }

    /// <summary>A region code such as <c>eu-west-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>A role to assume with the credentials found.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The external ID that the trust policy of the role requires.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The name of the role session; by default <c>EcrBuildTasks</c>.</summary>
    public string? RoleSessionName { get; init; }

    /// <summary>Whether a text can be <see cref="RoleArn"/>.</summary>
    public static bool IsRoleArn(string text) => CallerArn.Parse(text) is { Type: "role" };
}
