namespace EcrBuildTasks.Scans;

/// <summary>What a push waits for after the image is there.</summary>
/// <param name="FailOn">The severity at which, and above which, a finding fails the push.</param>
/// <param name="Timeout">How long it waits for the scan.</param>
public sealed record ScanGate(FindingSeverity FailOn, TimeSpan Timeout)
{
    /// <summary>Longer than almost all scans take.</summary>
    internal static TimeSpan StandardTimeout { get; } = TimeSpan.FromMinutes(5);
}
