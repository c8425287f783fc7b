namespace EcrBuildTasks.Policies;

/// <summary>One question: may this caller perform this action on this repository?</summary>
public sealed record AuthorizationRequest
{
    public required Caller Caller { get; init; }

    /// <summary>The action, such as <c>ecr:PutImage</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The ARN of the repository; <c>*</c> for an action that is about no repository.</summary>
    public required string RepositoryArn { get; init; }

    /// <summary>The account that owns the repository's registry.</summary>
    public required string RepositoryAccount { get; init; }

    /// <summary>What is known of the request's context keys.</summary>
    public RequestContext Context { get; init; } = RequestContext.Empty;
}

/// <summary>Every policy that the evaluator may look at.</summary>
public sealed record PolicySet
{
    private static readonly PolicyDocument AllowsEverything = PolicyDocument.Parse(
        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"""
    );

    /// <summary>
    /// Policies of a caller that leave the decision to the repository policy: across accounts they allow everything, and within one
    /// account, where the repository policy has to suffice alone, nothing.
    /// </summary>
    public static PolicySet LeavingItToTheRepository(bool isSameAccount) =>
        isSameAccount
            ? new() { IdentityPolicies = [] }
            : new() { IdentityPolicies = [new("", AllowsEverything)], SessionPolicy = AllowsEverything };

    /// <summary>The repository policy; <see langword="null"/> when none is set.</summary>
    public PolicyDocument? RepositoryPolicy { get; init; }

    /// <summary>The registry policy; <see langword="null"/> when there is none.</summary>
    public PolicyDocument? RegistryPolicy { get; init; }

    /// <summary>All identity policies of the caller; <see langword="null"/> when they are not known.</summary>
    public IReadOnlyList<NamedPolicy>? IdentityPolicies { get; init; }

    /// <summary>The caller's permissions boundary; <see langword="null"/> when it has none.</summary>
    public PolicyDocument? PermissionsBoundary { get; init; }

    /// <summary>The caller's session policy; <see langword="null"/> when it has none.</summary>
    public PolicyDocument? SessionPolicy { get; init; }
}

/// <summary>An identity policy and its name.</summary>
/// <param name="Name">The name, as IAM shows it.</param>
public sealed record NamedPolicy(string Name, PolicyDocument Policy);
