namespace EcrBuildTasks.Policies.Lint;

/// <summary>The kinds of mistakes in a policy.</summary>
public enum LintProblem
{
    /// <summary>A principal is one session of a role.</summary>
    SessionPrincipal,

    /// <summary>A principal is the unique id that a deleted role or user left behind.</summary>
    OrphanedId,

    /// <summary>The role of a permission set is named with its suffix, which changes when the set is removed and assigned again.</summary>
    PermissionSetSuffix,

    /// <summary>A pattern for the role of one permission set matches those of other sets too.</summary>
    UnanchoredPermissionSet,

    /// <summary>An Allow to the repository's own account, which only delegates.</summary>
    OwnAccountGrantsNothing,

    /// <summary>An Allow to everyone, without a condition that restricts the callers.</summary>
    EveryoneAllowed,

    /// <summary>An ARN of another partition than the registry's.</summary>
    WrongPartition,

    ResourceInRepositoryPolicy,

    /// <summary>Every push action is allowed except <c>ecr:BatchGetImage</c>.</summary>
    BatchGetImageMissing,

    /// <summary>An Allow that has no effect because denials cover everything it allows.</summary>
    AllowCancelled,

    /// <summary>A condition of an Allow that always holds, or holds for requests without its key.</summary>
    ConditionWithoutEffect,

    /// <summary>An action that does not exist, or that no repository policy can allow.</summary>
    UnknownAction,

    /// <summary>A principal that cannot exist, such as one of an account without 12 digits.</summary>
    InvalidPrincipal,

    /// <summary>A condition that matches nothing as it is written, or whose operator does not exist.</summary>
    UnusableCondition,

    /// <summary>A repository policy close to the maximum length.</summary>
    NearSizeLimit,
}
