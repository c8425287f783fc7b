using System.Globalization;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Scans;

/// <summary>What a push is to wait for after the image is there, as somebody said it; <see langword="null"/> where nothing was said.</summary>
/// <param name="FailOnSeverity"><c>NONE</c>, or a severity as AWS names it.</param>
/// <param name="Timeout">How many seconds to wait for the scan.</param>
public sealed record ScanOptions(string? FailOnSeverity, string? Timeout)
{
    /// <summary>As many seconds as anybody may wait: a day.</summary>
    public const int LongestTimeout = 86_400;

    private static readonly string[] Severities =
    [
        "NONE",
        .. Enum.GetValues<FindingSeverity>()
            .Where(severity => severity is not FindingSeverity.Undefined)
            .Select(severity => severity.ToString().ToUpperInvariant()),
    ];

    /// <summary>Reads a number of seconds to wait.</summary>
    /// <returns><see langword="null"/> if it is none from 1 to <see cref="LongestTimeout"/>.</returns>
    public static int? Seconds(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > 0 and <= LongestTimeout
            ? seconds
            : null;

    /// <returns><see langword="null"/> when nothing is to be waited for.</returns>
    /// <exception cref="DiagnosedException">A value is none that can be.</exception>
    public ScanGate? Read()
    {
        var timeout =
            Timeout is null ? ScanGate.StandardTimeout
            : Seconds(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds)
            : throw Invalid(
                "EcrScanTimeout (--scan-timeout)",
                Timeout,
                $"It is a number of seconds, at most {LongestTimeout}."
            );
        var severity = FailOnSeverity?.Trim().ToUpperInvariant();
        return severity is null or "NONE" ? null
            : Severities.Contains(severity, StringComparer.Ordinal)
                ? new(Enum.Parse<FindingSeverity>(severity, ignoreCase: true), timeout)
            : throw Invalid(
                "EcrFailOnSeverity (--fail-on-severity)",
                FailOnSeverity!,
                $"It is one of: {string.Join(", ", Severities)}."
            );
    }

    private static DiagnosedException Invalid(string property, string value, string remedy) =>
        new(EcrDiagnostic.Error(EcrCode.PropertyValueInvalid, $"{property} cannot be '{value}'. {remedy}"));
}
