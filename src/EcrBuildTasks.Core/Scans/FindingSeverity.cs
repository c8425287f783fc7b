namespace EcrBuildTasks.Scans;

/// <summary>How grave a finding is, as AWS names it; the gravest last.</summary>
public enum FindingSeverity
{
    /// <summary>AWS has not judged it.</summary>
    Undefined,

    /// <summary>For information.</summary>
    Informational,

    /// <summary>Low.</summary>
    Low,

    /// <summary>Medium.</summary>
    Medium,

    /// <summary>High.</summary>
    High,

    /// <summary>Critical.</summary>
    Critical,
}
