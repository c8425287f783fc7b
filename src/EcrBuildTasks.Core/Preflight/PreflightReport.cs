using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>How the preflight checks permissions.</summary>
public enum PreflightMode
{
    /// <summary>Probes each action with AWS, and analyzes the policies.</summary>
    Probe,

    /// <summary>Analyzes the policies only.</summary>
    Policy,

    /// <summary>Does not check.</summary>
    Off,
}

public sealed record PreflightReport
{
    public required CallerIdentity Caller { get; init; }

    /// <summary>The source of the credentials that were used, as shown to users.</summary>
    public required string CredentialsSource { get; init; }

    /// <summary>Whether the check was made for another principal, so that the credentials are not its own.</summary>
    public bool IsForAnother { get; init; }

    /// <summary>A sentence about a profile that is set and not used, because other credentials take precedence.</summary>
    public string? IgnoredProfile { get; init; }

    /// <summary>The ARN that the user knows: of a role that is checked, not that of an invented session.</summary>
    public string CallerArn => IsForAnother ? Caller.RoleArn ?? Caller.Arn : Caller.Arn;

    /// <summary>The caller and the source of the credentials.</summary>
    public string CallerWithSource =>
        IsForAnother
            ? $"{CallerArn} (checked with credentials from {CredentialsSource})"
            : CallerWords.Describe(Caller, CredentialsSource);

    /// <summary>The same, to stand before a verb.</summary>
    internal string CallerAsSubject =>
        IsForAnother || Caller.Account.Length == 0 ? CallerWithSource : $"{CallerWithSource},";

    public required ImageReference Image { get; init; }

    public required PreflightMode Mode { get; init; }

    /// <summary>The verdict about <c>ecr:GetAuthorizationToken</c>, or about the action that ECR Public requires instead.</summary>
    public required ActionVerdict Token { get; init; }

    /// <summary>The verdicts about the actions on the repository.</summary>
    public required IReadOnlyList<ActionVerdict> Actions { get; init; }

    /// <summary>What could be read of the repository.</summary>
    public required RepositoryView Repository { get; init; }

    /// <summary>Whether the push creates the repository if it is missing.</summary>
    public bool CreatesRepository { get; init; }

    /// <summary>Floating tags that would have to move, but are immutable in the repository; or will be, if the push creates it.</summary>
    public IReadOnlyList<string> StuckTags { get; init; } = [];

    /// <summary>The caller's own public registry, when the image goes to a public one; <see langword="null"/> when it is not known.</summary>
    public CallersAliases? Aliases { get; init; }

    /// <summary>What could not be read, and why, each as a phrase.</summary>
    public IReadOnlyList<string> NotSeen { get; init; } = [];

    /// <summary>Policies that are not checked but can also deny; callers cannot read most of them.</summary>
    public IReadOnlyList<string> NotLookedAt =>
        [
            // A public registry has none.
            .. Repository.RegistryPolicy.Presence is Presence.NotSeen && Image.Registry.Kind is RegistryKind.Private
                ? ["registry policies"]
                : Array.Empty<string>(),
            "service control policies",
            "resource control policies",
            "VPC endpoint policies",
        ];

    /// <summary>All verdicts, the token's first.</summary>
    public IReadOnlyList<ActionVerdict> Verdicts => [Token, .. Actions];

    /// <summary>The denied actions, the token's first.</summary>
    public IReadOnlyList<ActionVerdict> Denied =>
        [.. Verdicts.Where(verdict => verdict.Permission is Permission.Denied)];

    /// <summary>Whether the push will be allowed: every action must be.</summary>
    public Permission Permission =>
        Denied.Count > 0 ? Permission.Denied
        : Verdicts.Any(verdict => verdict.Permission is Permission.Unknown) ? Permission.Unknown
        : Permission.Allowed;

    /// <summary>
    /// Whether the policies of repository and registry allow another principal to push, as far as it is up to them;
    /// <see langword="null"/> for the caller, whom AWS answers.
    /// </summary>
    public Permission? RepositorySide =>
        !IsForAnother ? null
        : Permission is not Permission.Unknown ? Permission
        : Actions.All(verdict =>
            verdict.Permission is Permission.Allowed || verdict.RepositorySide?.Verdict is Policies.Verdict.Allowed
        )
            ? Permission.Allowed
        : Permission.Unknown;

    /// <summary>The account of the registry in words; of a public registry it may not be known.</summary>
    internal string Owner => Image.Registry.Account is { Length: > 0 } account ? $"account {account}" : "its owner";

    /// <summary>Whether caller and registry belong to different accounts.</summary>
    public bool IsCrossAccount => Caller.Account != Image.Registry.Account;

    /// <summary>Whether the public registry certainly belongs to another account.</summary>
    public bool IsAliasOfAnother =>
        Image.Registry.Alias is { } alias && Aliases is not null && !Aliases.Contains(alias);
}
