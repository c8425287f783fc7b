using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>How the preflight finds out.</summary>
public enum PreflightMode
{
    /// <summary>Asks AWS for each action, and analyses the policies.</summary>
    Probe,

    /// <summary>Analyses the policies only.</summary>
    Policy,

    /// <summary>Does not ask.</summary>
    Off,
}

public sealed record PreflightReport
{
    public required CallerIdentity Caller { get; init; }

    /// <summary>Where the credentials come from with which AWS was asked, in words.</summary>
    public required string CredentialsSource { get; init; }

    /// <summary>Whether somebody else asked for the caller, so that the credentials are not the caller's.</summary>
    public bool IsForAnother { get; init; }

    /// <summary>The caller, and where the credentials come from.</summary>
    public string CallerWithSource =>
        IsForAnother
            ? $"{Caller.Arn} (checked with credentials from {CredentialsSource})"
            : CallerWords.Of(Caller, CredentialsSource);

    public required ImageReference Image { get; init; }

    public required PreflightMode Mode { get; init; }

    /// <summary>The verdict about <c>ecr:GetAuthorizationToken</c>, or about what ECR Public asks for in its place.</summary>
    public required ActionVerdict Token { get; init; }

    /// <summary>The verdicts about the actions on the repository.</summary>
    public required IReadOnlyList<ActionVerdict> Actions { get; init; }

    /// <summary>What could be seen of the repository.</summary>
    public required RepositoryView Repository { get; init; }

    /// <summary>Whether the push creates the repository if it is missing.</summary>
    public bool CreatesRepository { get; init; }

    /// <summary>Floating tags that would have to move, and that the repository does not let move.</summary>
    public IReadOnlyList<string> StuckTags { get; init; } = [];

    /// <summary>The caller's own public registry, when the image goes to a public one; <see langword="null"/> when it is not known.</summary>
    public CallersAliases? Aliases { get; init; }

    /// <summary>What could not be seen, and why, each in a phrase.</summary>
    public IReadOnlyList<string> NotSeen { get; init; } = [];

    /// <summary>What is not looked at, and can deny all the same: most of it no caller can see.</summary>
    public static IReadOnlyList<string> NotLookedAt { get; } =
    ["registry policies", "service control policies", "resource control policies", "VPC endpoint policies"];

    /// <summary>All verdicts, the token's first.</summary>
    public IReadOnlyList<ActionVerdict> Verdicts => [Token, .. Actions];

    /// <summary>The denied actions, the token's first.</summary>
    public IReadOnlyList<ActionVerdict> Denied =>
        [.. Verdicts.Where(verdict => verdict.Permission is Permission.Denied)];

    /// <summary>Whether the push will be allowed: every action has to be.</summary>
    public Permission Permission =>
        Denied.Count > 0 ? Permission.Denied
        : Verdicts.Any(verdict => verdict.Permission is Permission.Unknown) ? Permission.Unknown
        : Permission.Allowed;

    /// <summary>Whether caller and registry belong to different accounts.</summary>
    public bool IsCrossAccount => Caller.Account != Image.Registry.Account;

    /// <summary>Whether the public registry is for certain none of the caller's account.</summary>
    public bool IsAliasOfAnother =>
        Image.Registry.Alias is { } alias && Aliases is not null && !Aliases.Contains(alias);
}
