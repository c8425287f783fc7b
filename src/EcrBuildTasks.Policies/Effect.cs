namespace EcrBuildTasks.Policies;

/// <summary>What a statement does when it matches.</summary>
public enum Effect
{
    /// <summary>It allows.</summary>
    Allow,

    /// <summary>It denies, whatever else allows.</summary>
    Deny,
}
