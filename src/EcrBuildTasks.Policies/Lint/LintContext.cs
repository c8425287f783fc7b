namespace EcrBuildTasks.Policies.Lint;

/// <summary>Facts about a policy that its text does not contain.</summary>
public sealed record LintContext
{
    public PolicyKind Kind { get; init; } = PolicyKind.Repository;

    /// <summary>The account that owns the repository; <see langword="null"/> when it is not known.</summary>
    public string? OwnerAccount { get; init; }

    /// <summary>Whether the repository is in a public registry.</summary>
    public bool IsPublic { get; init; }

    /// <summary>The partition of the registry, such as <c>aws-cn</c>; <see langword="null"/> when it is not known.</summary>
    public string? Partition { get; init; }

    /// <summary>
    /// The names of all IAM Identity Center roles that exist, such as <c>AWSReservedSSO_Dev_0123456789abcdef</c>;
    /// <see langword="null"/> when they are not known.
    /// </summary>
    public IReadOnlyCollection<string>? PermissionSetRoles { get; init; }
}
