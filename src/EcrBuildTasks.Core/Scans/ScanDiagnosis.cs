using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Scans;

/// <summary>Diagnostics for scan findings and for failed scans.</summary>
internal static class ScanDiagnosis
{
    private const int MostRows = 50;

    private static readonly (string Title, Func<ScanFinding, string> Cell)[] Columns =
    [
        ("vulnerability", finding => finding.Name),
        ("severity", finding => Name(finding.Severity)),
        ("package", finding => finding.Package ?? ""),
        ("version", finding => finding.Version ?? ""),
        ("fixed in", finding => finding.FixedIn ?? ""),
        ("platforms", finding => string.Join(", ", finding.Platforms)),
    ];

    /// <returns><see langword="null"/> if no finding reaches the severity.</returns>
    public static EcrDiagnostic? Describe(ScanReport report, ScanGate gate, ImageReference image, string digest)
    {
        var grave = report.From(gate.FailOn);
        var subject = $"{image}@{digest}";
        return report.End switch
        {
            _ when grave.Count > 0 => Found(grave, report, gate, subject),
            ScanEnd.Scanned => null,
            ScanEnd.Off or ScanEnd.Unavailable when report.IsPartial => EcrDiagnostic.Warning(
                EcrCode.ScanUnavailable,
                $"{subject} was only partly scanned: {report.Words}. The scanned part has no findings of severity {Name(gate.FailOn)} or higher."
            ),
            ScanEnd.Off => EcrDiagnostic.Warning(
                EcrCode.ScanUnavailable,
                $"No scan of {subject} has started because image scanning is not enabled for {image.Repository}. EcrFailOnSeverity (--fail-on-severity) was not applied.",
                $"Add a scanning rule that covers the repository to the registry of account {image.Registry.Account}. This command shows the rules, and put-registry-scanning-configuration replaces them all:",
                $"  aws ecr get-registry-scanning-configuration --region {image.Registry.Region}"
            ),
            ScanEnd.Unavailable => EcrDiagnostic.Warning(
                EcrCode.ScanUnavailable,
                $"The scan of {subject} returned no findings: {report.Words}. EcrFailOnSeverity (--fail-on-severity) was not applied.",
                "Basic scanning does not support scratch images, Windows images and unknown Linux distributions; enhanced scanning (Amazon Inspector) supports more."
            ),
            ScanEnd.Denied => EcrDiagnostic.Error(
                EcrCode.ScanUnavailable,
                $"The image was pushed, but the scan findings cannot be read: {report.Words}. EcrFailOnSeverity (--fail-on-severity) requires {DenialMessage.Find(report.Words)?.Action ?? PushAction.DescribeImageScanFindings}{(IsOfInspector(report) ? " because Amazon Inspector scans the images" : $" on {image.RepositoryArn}")}."
            ),
            _ => EcrDiagnostic.Error(
                EcrCode.ScanUnavailable,
                $"The image was pushed, but its scan did not complete within {gate.Timeout.TotalSeconds:0} seconds{(report.Words.Length > 0 ? $" ({report.Words})" : "")}. Set EcrScanTimeout (--scan-timeout) to a higher number of seconds, or check the findings later: `aws ecr describe-image-scan-findings --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-id imageDigest={report.Digest}`."
            ),
        };
    }

    /// <summary>The registry is in Amazon ECR Public.</summary>
    public static EcrDiagnostic Public(EcrRegistry registry) =>
        EcrDiagnostic.Warning(
            EcrCode.ScanUnavailable,
            $"EcrFailOnSeverity (--fail-on-severity) has no effect for {registry}: Amazon ECR Public does not scan images."
        );

    private static EcrDiagnostic Found(
        IReadOnlyList<ScanFinding> grave,
        ScanReport report,
        ScanGate gate,
        string subject
    )
    {
        var counts = grave
            .GroupBy(finding => finding.Severity)
            .OrderByDescending(group => group.Key)
            .Select(group => $"{group.Count()} {Name(group.Key)}");
        return EcrDiagnostic.Error(
            EcrCode.ScanFindings,
            $"The scan of {subject} found {string.Join(", ", counts)}; EcrFailOnSeverity={Name(gate.FailOn)} (--fail-on-severity) does not allow them. The image was pushed; floating tags were not moved.",
            [
                .. Table(grave),
                .. report.End is ScanEnd.Scanned
                    ? Array.Empty<string>()
                    : [$"The image was only partly scanned: {report.Words}."],
            ]
        );
    }

    /// <summary>Enhanced scanning requires permissions of its own service.</summary>
    private static bool IsOfInspector(ScanReport report) =>
        DenialMessage.Find(report.Words)?.Action.StartsWith("inspector2:", StringComparison.Ordinal) is true;

    /// <summary>The findings in columns, without those that are empty: basic scanning does not report fixed versions.</summary>
    private static IEnumerable<string> Table(IReadOnlyList<ScanFinding> findings)
    {
        (string Title, Func<ScanFinding, string> Cell)[] columns =
        [
            .. Columns.Where(column => findings.Any(finding => column.Cell(finding).Length > 0)),
        ];
        string[][] rows =
        [
            [.. columns.Select(column => column.Title)],
            .. findings.Take(MostRows).Select(finding => columns.Select(column => column.Cell(finding)).ToArray()),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            yield return "  " + string.Join("  ", row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd();
        }

        if (findings.Count > MostRows)
        {
            yield return $"  … and {findings.Count - MostRows} more; push.json contains all of them.";
        }
    }

    private static string Name(FindingSeverity severity) => severity.ToString().ToUpperInvariant();
}
