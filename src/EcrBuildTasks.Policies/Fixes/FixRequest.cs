using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Which principal a statement in a repository policy allows.</summary>
public enum FixScope
{
    /// <summary>The caller: its role, user or federated user.</summary>
    Caller,

    /// <summary>The caller's whole account, whose own policies then decide.</summary>
    Account,

    /// <summary>
    /// The caller by the ARN of its role or user alone. Within an account only this form grants access, but it no longer matches a
    /// role that is deleted and created again.
    /// </summary>
    Principal,
}

/// <summary>A denial to fix.</summary>
public sealed record FixRequest
{
    public required Caller Caller { get; init; }

    /// <summary>The ARN of the caller's role with its path; <see langword="null"/> when it is not known.</summary>
    public string? RoleArn { get; init; }

    public required string RepositoryArn { get; init; }

    /// <summary>The registry's host and the repository, for commands; <see langword="null"/> when they are not known.</summary>
    public string? Image { get; init; }

    /// <summary>The account that owns the repository.</summary>
    public required string RepositoryAccount { get; init; }

    /// <summary>The denied actions, such as <c>ecr:PutImage</c>.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>
    /// The kinds of policy in which an Allow is missing. If a kind other than repository and identity policies is among them,
    /// adding a statement does not help and no fix is offered.
    /// </summary>
    public required IReadOnlyList<PolicyKind> Wanting { get; init; }

    /// <summary>Whether a statement denies; adding an Allow does not help then, so no fix is offered.</summary>
    public bool IsExplicitlyDenied { get; init; }

    /// <summary>The repository policy; <see langword="null"/> when it is unknown or not set.</summary>
    public PolicyDocument? RepositoryPolicy { get; init; }

    /// <summary>Whether it is known which repository policy is set, or that none is set.</summary>
    public bool RepositoryPolicySeen { get; init; }

    /// <summary>The tags of the repository; <see langword="null"/> when they are not known.</summary>
    public IReadOnlyDictionary<string, string>? ResourceTags { get; init; }

    /// <summary>Which principal a statement in the repository policy must allow.</summary>
    public FixScope Scope { get; init; }

    /// <summary>
    /// Which name is not valid, as a clause: masked in a log, with a wildcard or a variable, or unknown to AWS. A statement made
    /// from it could allow callers other than the intended one, so no statement is created. <see langword="null"/> when all are valid.
    /// </summary>
    public string? InvalidName =>
        CallerName.FromCaller(Caller) is var caller && caller.Kind is CallerName.Type.Other
            ? "the caller ARN is masked, or is not the ARN of an IAM principal"
        : RoleArn is not null && !IsRoleOf(caller) ? "the role ARN does not belong to the caller's role"
        : !Actions.All(action => EcrActions.IsKnown(action) || action is SignerActions.SignPayload)
            ? "the action is masked, or is not an Amazon ECR action"
        : FixStatement.RepositoryActions(this) is [_, ..] actions && !HasRepositoryFor(actions)
            ? "the repository ARN is missing or masked, or the action does not apply to this kind of repository"
        : null;

    internal string RepositoryName => Arn.Parse(RepositoryArn)?.Repository ?? RepositoryArn;

    internal bool IsPublic => Arn.Parse(RepositoryArn) is { IsPublic: true };

    /// <summary>The region of the API; a public repository has none in its ARN.</summary>
    internal string Region => IsPublic ? "us-east-1" : Arn.Parse(RepositoryArn)?.Region ?? "";

    internal bool IsSameAccount => Caller.Account == RepositoryAccount;

    /// <summary>Whether the ARN is that of one repository, in the kind of registry that the actions are about.</summary>
    private bool HasRepositoryFor(IReadOnlyList<string> actions) =>
        Arn.Parse(RepositoryArn) is { IsInOneAccount: true, Repository: { } name } arn
        && Names.RepositoryName.IsValid(name, arn.IsPublic ? RegistryKind.Public : RegistryKind.Private)
        && arn.IsPublic == (arn.Region.Length == 0)
        && actions.All(action => EcrActions.IsPublic(action) == arn.IsPublic);

    private bool IsRoleOf(CallerName caller) =>
        caller.Kind is CallerName.Type.Role
        && CallerArn.Parse(RoleArn!) is { Type: "role" } role
        && (role.Partition, role.Account, role.Name) == (caller.Partition, caller.Account, caller.Name);
}
