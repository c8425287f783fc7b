namespace EcrBuildTasks.Scans;

/// <summary>How grave a finding is, as AWS names it; the gravest last.</summary>
public enum FindingSeverity
{
    /// <summary>AWS has not judged it.</summary>
    Undefined,

    Informational,

    Low,

    Medium,

    High,

    Critical,
}
