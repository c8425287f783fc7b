namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>What scans of a repository's images come to.</summary>
public sealed record EmulatedScan
{
    /// <summary>The status that a scan ends with, such as <c>COMPLETE</c>, <c>ACTIVE</c>, <c>FAILED</c> or <c>UNSUPPORTED_IMAGE</c>.</summary>
    public string Status { get; init; } = "COMPLETE";

    /// <summary>The words beside the status.</summary>
    public string? Description { get; init; }

    /// <summary>How often the findings of an image are asked for before there is a scan of it.</summary>
    public int LooksNotFound { get; init; }

    /// <summary>How often they are asked for then, before the scan is done.</summary>
    public int LooksInProgress { get; init; }

    /// <summary>How often they are asked for then, before they are beside the final status, as Amazon Inspector is known to do.</summary>
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
/// <param name="FixedIn">The version that has it no longer; basic scans do not tell it.</param>
public sealed record EmulatedFinding(
    string Name,
    string Severity,
    string Package,
    string Version,
    string? FixedIn = null
);
