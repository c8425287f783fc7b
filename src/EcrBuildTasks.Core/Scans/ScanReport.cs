namespace EcrBuildTasks.Scans;

/// <summary>How the wait for a scan ended.</summary>
public enum ScanEnd
{
    /// <summary>The image was scanned.</summary>
    Scanned,

    /// <summary>Nothing scans the images of the repository.</summary>
    Off,

    /// <summary>ECR scanned nothing, or cannot: an image that it does not support, a scan that failed.</summary>
    Unavailable,

    /// <summary>The scan was not done in time.</summary>
    TimedOut,

    /// <summary>The caller may not see what it found.</summary>
    Denied,
}

/// <summary>A finding of a scan: a vulnerability of a package.</summary>
/// <param name="Name">Such as <c>CVE-2026-1234</c>.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Package">The package; <see langword="null"/> when it is not told.</param>
/// <param name="Version">The package's version.</param>
/// <param name="FixedIn">The version that has it no longer; <see langword="null"/> when there is none, or it is not told.</param>
/// <param name="Uri">Where it is described.</param>
public sealed record ScanFinding(
    string Name,
    FindingSeverity Severity,
    string? Package,
    string? Version,
    string? FixedIn,
    string? Uri
);

/// <summary>What came of a scan.</summary>
/// <param name="End">How the wait for it ended.</param>
/// <param name="Words">AWS's own status and words; empty when it has said nothing.</param>
/// <param name="Findings">The findings, the gravest first.</param>
public sealed record ScanReport(ScanEnd End, string Words, IReadOnlyList<ScanFinding> Findings)
{
    /// <summary>The findings of a severity and above.</summary>
    public IReadOnlyList<ScanFinding> From(FindingSeverity severity) =>
        [.. Findings.Where(finding => finding.Severity >= severity)];
}
