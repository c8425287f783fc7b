namespace EcrBuildTasks.Policies.Lint;

/// <summary>What is wrong with a policy, or will be.</summary>
public enum LintProblem
{
    /// <summary>A principal is one session of a role.</summary>
    SessionPrincipal,

    /// <summary>A principal is the unique id that a deleted role or user left behind.</summary>
    OrphanedId,

    /// <summary>The role of a permission set is named with its suffix, which changes when the set is assigned anew.</summary>
    PermissionSetSuffix,

    /// <summary>A pattern for the role of one permission set matches those of other sets too.</summary>
    UnanchoredPermissionSet,

    /// <summary>An Allow to the repository's own account, which only delegates.</summary>
    OwnAccountGrantsNothing,

    /// <summary>An Allow to everyone, without a condition.</summary>
    EveryoneAllowed,

    /// <summary>An ARN of another partition than the registry's.</summary>
    WrongPartition,

    ResourceInRepositoryPolicy,

    /// <summary>A push is allowed but for <c>ecr:BatchGetImage</c>.</summary>
    BatchGetImageMissing,

    /// <summary>An Allow that denials cancel whatever is asked.</summary>
    AllowCancelled,

    /// <summary>A repository policy near the length that ECR takes at most.</summary>
    NearSizeLimit,
}
