using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Scans;

/// <summary>Words for what a scan found, or why it found nothing.</summary>
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

    /// <returns><see langword="null"/> if nothing is as grave as that.</returns>
    public static EcrDiagnostic? Of(ScanReport report, ScanGate gate, ImageReference image, string digest)
    {
        var grave = report.From(gate.FailOn);
        var subject = $"{image}@{digest}";
        return report.End switch
        {
            _ when grave.Count > 0 => Found(grave, report, gate, subject),
            ScanEnd.Scanned => null,
            ScanEnd.Off or ScanEnd.Unavailable when report.IsPartial => EcrDiagnostic.Warning(
                EcrCode.ScanUnavailable,
                $"Not all of {subject} was scanned: {report.Words}. What was has nothing of {Name(gate.FailOn)} or above."
            ),
            ScanEnd.Off => EcrDiagnostic.Warning(
                EcrCode.ScanUnavailable,
                $"No scan of {subject} has begun: nothing scans the images of {image.Repository}, so EcrFailOnSeverity had nothing to look at.",
                "This command lets each image be scanned when it is pushed:",
                $"  aws ecr put-image-scanning-configuration --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-scanning-configuration scanOnPush=true",
                "Where the registry has scanning rules (`aws ecr get-registry-scanning-configuration`), they decide instead: add one that covers the repository."
            ),
            ScanEnd.Unavailable => EcrDiagnostic.Warning(
                EcrCode.ScanUnavailable,
                $"The scan of {subject} gave no findings: {report.Words}. EcrFailOnSeverity had nothing to look at.",
                "ECR does not scan images from scratch, of Windows, or of a distribution that it does not know; enhanced scanning (Amazon Inspector) knows more."
            ),
            ScanEnd.Denied => EcrDiagnostic.Error(
                EcrCode.ScanUnavailable,
                $"The image is pushed, but what its scan found cannot be seen: {report.Words}. EcrFailOnSeverity needs {DenialMessage.Find(report.Words)?.Action ?? PushAction.DescribeImageScanFindings}{(IsOfInspector(report) ? ", since Amazon Inspector scans the images" : $" on {image.RepositoryArn}")}."
            ),
            _ => EcrDiagnostic.Error(
                EcrCode.ScanUnavailable,
                $"The image is pushed, but its scan was not done within {gate.Timeout.TotalSeconds:0} seconds{(report.Words.Length > 0 ? $" ({report.Words})" : "")}. Set EcrScanTimeout to more seconds, or look later: `aws ecr describe-image-scan-findings --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-id imageDigest={report.Digest}`."
            ),
        };
    }

    /// <summary>The registry is one of Amazon ECR Public.</summary>
    public static EcrDiagnostic Public(EcrRegistry registry) =>
        EcrDiagnostic.Warning(
            EcrCode.ScanUnavailable,
            $"EcrFailOnSeverity has nothing to look at in {registry}: Amazon ECR Public scans no images."
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
            $"The scan of {subject} found {string.Join(", ", counts)}; EcrFailOnSeverity={Name(gate.FailOn)} allows none. The image is pushed; floating tags stay where they were.",
            [
                .. Table(grave),
                .. report.End is ScanEnd.Scanned
                    ? Array.Empty<string>()
                    : [$"Not all of it was scanned: {report.Words}."],
            ]
        );
    }

    /// <summary>Enhanced scanning asks for rights to its own service.</summary>
    private static bool IsOfInspector(ScanReport report) =>
        DenialMessage.Find(report.Words)?.Action.StartsWith("inspector2:", StringComparison.Ordinal) is true;

    /// <summary>The findings in columns, without those that are empty: basic scanning tells no version that mends.</summary>
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
            yield return $"  … and {findings.Count - MostRows} more, all of them in push.json.";
        }
    }

    private static string Name(FindingSeverity severity) => severity.ToString().ToUpperInvariant();
}
