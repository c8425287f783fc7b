using EcrBuildTasks.Aws;
using EcrBuildTasks.Registry;

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

/// <summary>What the preflight found.</summary>
public sealed record PreflightReport
{
    /// <summary>Who would push.</summary>
    public required CallerIdentity Caller { get; init; }

    /// <summary>Where the caller's credentials come from, in words.</summary>
    public required string CredentialsSource { get; init; }

    /// <summary>Where to.</summary>
    public required ImageReference Image { get; init; }

    /// <summary>The verdict about <c>ecr:GetAuthorizationToken</c>.</summary>
    public required ActionVerdict Token { get; init; }

    /// <summary>The verdicts about the actions on the repository.</summary>
    public required IReadOnlyList<ActionVerdict> Actions { get; init; }

    /// <summary>What could be seen of the repository.</summary>
    public required RepositoryView Repository { get; init; }

    /// <summary>The denied actions, the token's first.</summary>
    public IReadOnlyList<ActionVerdict> Denied =>
        [.. Actions.Prepend(Token).Where(verdict => verdict.Permission is Permission.Denied)];

    /// <summary>Whether caller and registry belong to different accounts.</summary>
    public bool IsCrossAccount => Caller.Account != Image.Registry.Account;
}
