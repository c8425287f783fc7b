using System.Text.Json;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Scans;

/// <summary>Waits for the scan of a pushed image and reads what it found. Of an index its images are scanned, not itself.</summary>
/// <param name="ecr">The client.</param>
/// <param name="image">The repository.</param>
/// <param name="clock">The clock.</param>
internal sealed class ImageScan(EcrClient ecr, ImageReference image, TimeProvider clock)
{
    private const int PageSize = 1000;

    /// <summary>How long to wait between two looks at first; later up to eight times as long, and each time a little less or more.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long ECR may take to begin with a scan: before that, one that is switched off looks the same.</summary>
    public TimeSpan Beginning { get; init; } = TimeSpan.FromSeconds(20);

    /// <param name="digest">The image.</param>
    /// <param name="timeout">How long to wait for all of it.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public async Task<ScanReport> WaitAsync(string digest, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var reports = await Task.WhenAll(
                (await ImagesOfAsync(digest, cancellationToken)).Select(one =>
                    WaitForOneAsync(one, started, timeout, cancellationToken)
                )
            );
            // What was not scanned says more than what was.
            var worst = reports.MaxBy(report => report.End)!;
            return worst with
            {
                Findings =
                [
                    .. reports
                        .SelectMany(report => report.Findings)
                        .Distinct()
                        .OrderByDescending(finding => finding.Severity)
                        .ThenBy(finding => finding.Name, StringComparer.Ordinal)
                        .ThenBy(finding => finding.Package, StringComparer.Ordinal),
                ],
            };
        }
        catch (AmazonServiceException denied) when (denied.ErrorCode is "AccessDeniedException")
        {
            return new(ScanEnd.Denied, denied.Message, []);
        }
    }

    private async Task<ScanReport> WaitForOneAsync(
        string digest,
        long started,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        for (var look = 0; ; look++)
        {
            var (end, words, findings) = await LookAsync(digest, cancellationToken);
            var elapsed = clock.GetElapsedTime(started);
            if (end is { } known && (known is not ScanEnd.Off || elapsed >= Beginning))
            {
                return new(known, words, findings);
            }

            if (elapsed >= timeout)
            {
                return new(end ?? ScanEnd.TimedOut, words, []);
            }

            var pause = Interval * Math.Min(8, 1 << Math.Min(look, 3)) * (0.75 + Random.Shared.NextDouble() / 2);
            await Task.Delay(pause < timeout - elapsed ? pause : timeout - elapsed, clock, cancellationToken);
        }
    }

    /// <returns>No end while the scan runs.</returns>
    private async Task<(ScanEnd? End, string Words, IReadOnlyList<ScanFinding> Findings)> LookAsync(
        string digest,
        CancellationToken cancellationToken
    )
    {
        var findings = new List<ScanFinding>();
        string? next = null;
        try
        {
            do
            {
                var page = await ecr.DescribeImageScanFindingsAsync(
                    new()
                    {
                        RegistryId = image.Registry.Account,
                        RepositoryName = image.Repository,
                        ImageId = new() { ImageDigest = digest },
                        NextToken = next,
                        MaxResults = PageSize,
                    },
                    cancellationToken
                );
                var status = page.ImageScanStatus?.Status ?? "";
                var words = string.Join(
                    ": ",
                    new[] { status, page.ImageScanStatus?.Description }.Where(word => word is { Length: > 0 })
                );
                switch (status)
                {
                    case "COMPLETE" or "ACTIVE":
                        findings.AddRange(FindingsOf(page.ImageScanFindings));
                        next = page.NextToken;
                        break;
                    case "IN_PROGRESS" or "PENDING" or "":
                        return (null, words, []);
                    default:
                        return (ScanEnd.Unavailable, words, []);
                }
            } while (next is { Length: > 0 });
        }
        catch (ScanNotFoundException)
        {
            return (ScanEnd.Off, "", []);
        }

        return (ScanEnd.Scanned, "", findings);
    }

    private async Task<IReadOnlyList<string>> ImagesOfAsync(string digest, CancellationToken cancellationToken)
    {
        var manifest = await new RepositoryTags(ecr, image.Registry.Account, image.Repository).GetManifestAsync(
            digest,
            cancellationToken
        );
        using var document = JsonDocument.Parse(manifest);
        if (!document.RootElement.TryGetProperty("manifests", out var children))
        {
            return [digest];
        }

        // An attestation stands in an index as an image of an unknown platform.
        string[] images =
        [
            .. children
                .EnumerateArray()
                .Where(child =>
                    !child.TryGetProperty("platform", out var platform)
                    || !platform.TryGetProperty("os", out var os)
                    || os.GetString() != "unknown"
                )
                .Select(child => child.GetProperty("digest").GetString()!),
        ];
        return images.Length > 0 ? images : [digest];
    }

    private static IEnumerable<ScanFinding> FindingsOf(ImageScanFindings? found) =>
        (found?.Findings ?? [])
            .Select(finding => new ScanFinding(
                finding.Name ?? "",
                SeverityOf(finding.Severity),
                AttributeOf(finding, "package_name"),
                AttributeOf(finding, "package_version"),
                FixedIn: null,
                finding.Uri
            ))
            .Concat(
                (found?.EnhancedFindings ?? []).SelectMany(finding =>
                    (finding.PackageVulnerabilityDetails?.VulnerablePackages ?? [])
                        .DefaultIfEmpty(new())
                        .Select(package => new ScanFinding(
                            finding.PackageVulnerabilityDetails?.VulnerabilityId ?? finding.Title ?? "",
                            SeverityOf(finding.Severity),
                            package.Name,
                            package.Version,
                            package.FixedInVersion,
                            finding.PackageVulnerabilityDetails?.SourceUrl
                        ))
                )
            );

    private static string? AttributeOf(ImageScanFinding finding, string key) =>
        finding.Attributes?.Find(attribute => attribute.Key == key)?.Value;

    private static FindingSeverity SeverityOf(string? severity) =>
        Enum.TryParse<FindingSeverity>(severity, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? known
            : FindingSeverity.Undefined;
}
