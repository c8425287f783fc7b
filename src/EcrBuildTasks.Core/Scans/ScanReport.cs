namespace EcrBuildTasks.Scans;

/// <summary>How the wait for a scan ended.</summary>
internal enum ScanEnd
{
    Scanned,

    /// <summary>Nothing scans the images of the repository.</summary>
    Off,

    /// <summary>ECR scanned nothing, or cannot: an image that it does not support, a scan that failed.</summary>
    Unavailable,

    /// <summary>The scan was not done in time.</summary>
    TimedOut,

    /// <summary>The caller is not allowed to read the findings.</summary>
    Denied,
}

/// <summary>A finding of a scan: a vulnerability of a package.</summary>
/// <param name="Name">Such as <c>CVE-2026-1234</c>.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Package">The package; <see langword="null"/> if not reported.</param>
/// <param name="Version">The package's version.</param>
/// <param name="FixedIn">The version that fixes it; <see langword="null"/> if there is none, or if not reported.</param>
/// <param name="Uri">Where it is described.</param>
internal sealed record ScanFinding(
    string Name,
    FindingSeverity Severity,
    string? Package,
    string? Version,
    string? FixedIn,
    string? Uri
)
{
    /// <summary>Of a multi-architecture image: the platforms that have it, such as <c>linux/arm64</c>.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];
}

/// <summary>What came of a scan.</summary>
/// <param name="End">How the wait for it ended.</param>
/// <param name="Words">The status and description from AWS; empty if there is none.</param>
/// <param name="Findings">The findings, the gravest first.</param>
internal sealed record ScanReport(ScanEnd End, string Words, IReadOnlyList<ScanFinding> Findings)
{
    /// <summary>The scanned image that the end refers to; for a multi-architecture image the first such image.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Whether only some platforms of the image were scanned; the end refers to the others.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The scans of an image's platforms as one: what was not scanned says more than what was.</summary>
    /// <param name="scans">The scans; the platform of an image that has only one is not named.</param>
    internal static ScanReport Combine(IReadOnlyList<(string? Platform, ScanReport Report)> scans)
    {
        var end = scans.Max(scan => scan.Report.End);
        var decisive = scans.Where(scan => scan.Report.End == end).ToList();
        return new(
            end,
            string.Join(
                "; ",
                decisive.Select(scan =>
                    scan.Platform is null ? scan.Report.Words : $"{scan.Platform}: {scan.Report.Words}"
                )
            ),
            [
                .. scans
                    .SelectMany(scan => scan.Report.Findings, (scan, finding) => (scan.Platform, finding))
                    .GroupBy(found => found.finding, found => found.Platform)
                    .Select(found =>
                        found.Key with
                        {
                            Platforms = [.. found.OfType<string>().Distinct(StringComparer.Ordinal)],
                        }
                    )
                    .OrderByDescending(finding => finding.Severity)
                    .ThenBy(finding => finding.Name, StringComparer.Ordinal)
                    .ThenBy(finding => finding.Package, StringComparer.Ordinal),
            ]
        )
        {
            Digest = decisive[0].Report.Digest,
            IsPartial = end is not ScanEnd.Scanned && scans.Any(scan => scan.Report.End is ScanEnd.Scanned),
        };
    }

    /// <summary>The findings of a severity and above.</summary>
    public IReadOnlyList<ScanFinding> From(FindingSeverity severity) =>
        [.. Findings.Where(finding => finding.Severity >= severity)];
}
