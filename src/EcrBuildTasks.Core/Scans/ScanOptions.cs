using System.Globalization;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Scans;

/// <summary>What a push waits for after the image was pushed, as specified by the user; <see langword="null"/> if not specified.</summary>
/// <param name="FailOnSeverity"><c>NONE</c>, or a severity as AWS names it.</param>
/// <param name="Timeout">How many seconds to wait for the scan.</param>
public sealed record ScanOptions(string? FailOnSeverity, string? Timeout)
{
    /// <summary>The maximum wait time in seconds: one day.</summary>
    public const int LongestTimeout = 86_400;

    private static readonly string[] Severities =
    [
        "NONE",
        .. Enum.GetValues<FindingSeverity>()
            .Where(severity => severity is not FindingSeverity.Undefined)
            .Select(severity => severity.ToString().ToUpperInvariant()),
    ];

    /// <summary>Reads a number of seconds to wait.</summary>
    /// <returns><see langword="null"/> if it is not a number from 1 to <see cref="LongestTimeout"/>.</returns>
    public static int? Seconds(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > 0 and <= LongestTimeout
            ? seconds
            : null;

    /// <returns><see langword="null"/> if the push does not wait for a scan.</returns>
    /// <exception cref="DiagnosedException">A value is invalid.</exception>
    public ScanGate? Read()
    {
        var timeout =
            Timeout is null ? ScanGate.StandardTimeout
            : Seconds(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds)
            : throw Invalid(
                "EcrScanTimeout (--scan-timeout)",
                Timeout,
                $"Use a number of seconds from 1 to {LongestTimeout}."
            );
        var severity = FailOnSeverity?.Trim().ToUpperInvariant();
        return severity is null or "NONE" ? null
            : Severities.Contains(severity, StringComparer.Ordinal)
                ? new(Enum.Parse<FindingSeverity>(severity, ignoreCase: true), timeout)
            : throw Invalid(
                "EcrFailOnSeverity (--fail-on-severity)",
                FailOnSeverity!,
                $"Use one of: {string.Join(", ", Severities)}."
            );
    }

    private static DiagnosedException Invalid(string property, string value, string remedy) =>
        new(EcrDiagnostic.Error(EcrCode.PropertyValueInvalid, $"{property} has the invalid value '{value}'. {remedy}"));
}
