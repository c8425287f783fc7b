namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>What scans of a repository's images come to.</summary>
public sealed record EmulatedScan
{
    /// <summary>The status that a scan ends with, such as <c>COMPLETE</c>, <c>ACTIVE</c>, <c>FAILED</c> or <c>UNSUPPORTED_IMAGE</c>.</summary>
    public string Status { get; init; } = "COMPLETE";

    /// <summary>The description of the status.</summary>
    public string? Description { get; init; }

    /// <summary>The number of requests for the findings of an image before its scan exists.</summary>
    public int LooksNotFound { get; init; }

    /// <summary>The number of further requests before the scan is complete.</summary>
    public int LooksInProgress { get; init; }

    /// <summary>The number of further requests before the findings appear with the final status, as with Amazon Inspector.</summary>
    public int LooksWithoutFindings { get; init; }

    /// <summary>Whether the findings are those of an enhanced scan.</summary>
    public bool IsEnhanced { get; init; }

    /// <summary>The findings.</summary>
    public IReadOnlyList<EmulatedFinding> Findings { get; init; } = [];

    /// <summary>What the scans of the images of a platform, such as <c>linux/arm64</c>, come to instead.</summary>
    public IReadOnlyDictionary<string, EmulatedScan> Platforms { get; init; } =
        new Dictionary<string, EmulatedScan>(StringComparer.Ordinal);
}

/// <summary>A finding.</summary>
/// <param name="Name">Such as <c>CVE-2026-1234</c>.</param>
/// <param name="Severity">Such as <c>HIGH</c>.</param>
/// <param name="Package">The package.</param>
/// <param name="Version">The package's version.</param>
/// <param name="FixedIn">The version that fixes it; basic scans do not report it.</param>
public sealed record EmulatedFinding(
    string Name,
    string Severity,
    string Package,
    string Version,
    string? FixedIn = null
);
