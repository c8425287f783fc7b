namespace EcrBuildTasks.Policies;

/// <summary>What a statement does when it matches.</summary>
public enum Effect
{
    Allow,

    /// <summary>It denies, whatever else allows.</summary>
    Deny,
}
