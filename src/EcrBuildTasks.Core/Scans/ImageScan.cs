using System.Text.Json;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Scans;

/// <summary>
/// Waits for the scan of a pushed image and reads what it found. Of an index its images are scanned, not itself.
/// </summary>
internal sealed class ImageScan(EcrClient ecr, ImageReference image, TimeProvider clock)
{
    private const int PageSize = 1000;

    private static readonly string[] PlatformParts = ["os", "architecture", "variant"];

    /// <summary>The initial interval between two requests; later up to eight times as long, with jitter.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a scan can take to start: before that, it looks the same as disabled scanning. Amazon Inspector is known to take
    /// a minute.
    /// </summary>
    public TimeSpan Beginning { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long findings can arrive after the scan is reported as complete. If the completion time is reported, they exist; for
    /// an enhanced scan without findings AWS does not guarantee to report it.
    /// </summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(60);

    /// <param name="timeout">How long to wait for all of it.</param>
    public async Task<ScanReport> WaitAsync(string digest, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var images = await ImagesOfAsync(digest, cancellationToken);
            return ScanReport.Combine([
                .. images.Zip(
                    await Task.WhenAll(
                        images.Select(one => WaitForOneAsync(one.Digest, started, timeout, cancellationToken))
                    ),
                    (one, report) => (one.Platform, report)
                ),
            ]);
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
        TimeSpan? emptySince = null;
        for (var look = 0; ; look++)
        {
            var (end, words, findings, isWhole) = await LookAsync(digest, cancellationToken);
            var elapsed = clock.GetElapsedTime(started);
            emptySince = end is ScanEnd.Scanned && !isWhole ? emptySince ?? elapsed : null;
            var isOver = end switch
            {
                ScanEnd.Off => elapsed >= Beginning,
                ScanEnd.Scanned => isWhole || elapsed - emptySince >= Settling,
                _ => end is not null,
            };
            if (isOver)
            {
                return new(end!.Value, words, findings) { Digest = digest };
            }

            if (elapsed >= timeout)
            {
                return new(ScanEnd.TimedOut, words, []) { Digest = digest };
            }

            var pause = Interval * Math.Min(8, 1 << Math.Min(look, 3)) * (0.75 + Random.Shared.NextDouble() / 2);
            await Task.Delay(pause < timeout - elapsed ? pause : timeout - elapsed, clock, cancellationToken);
        }
    }

    /// <returns>No end while the scan runs; and whether the findings exist if the scan is reported as complete.</returns>
    private async Task<(ScanEnd? End, string Words, IReadOnlyList<ScanFinding> Findings, bool IsWhole)> LookAsync(
        string digest,
        CancellationToken cancellationToken
    )
    {
        var findings = new List<ScanFinding>();
        var isWhole = false;
        var words = "";
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
                words = string.Join(
                    ": ",
                    new[] { status, page.ImageScanStatus?.Description }.Where(word => word is { Length: > 0 })
                );
                switch (status)
                {
                    case "COMPLETE" or "ACTIVE":
                        findings.AddRange(FindingsOf(page.ImageScanFindings));
                        isWhole |= page.ImageScanFindings?.ImageScanCompletedAt is not null || findings.Count > 0;
                        next = page.NextToken;
                        break;
                    case "IN_PROGRESS" or "PENDING" or "":
                        return (null, words, [], false);
                    default:
                        return (ScanEnd.Unavailable, words, [], false);
                }
            } while (next is { Length: > 0 });
        }
        catch (ScanNotFoundException)
        {
            return (ScanEnd.Off, nameof(ScanNotFoundException), [], false);
        }

        return (ScanEnd.Scanned, words, findings, isWhole);
    }

    /// <summary>The image, or those of an index with their platforms.</summary>
    private async Task<IReadOnlyList<(string Digest, string? Platform)>> ImagesOfAsync(
        string digest,
        CancellationToken cancellationToken
    )
    {
        var manifest = await new RepositoryTags(ecr, image.Registry.Account, image.Repository).GetManifestAsync(
            digest,
            cancellationToken
        );
        using var document = JsonDocument.Parse(manifest);
        if (!document.RootElement.TryGetProperty("manifests", out var children))
        {
            return [(digest, null)];
        }

        (string, string?)[] images =
        [
            .. children
                .EnumerateArray()
                .Select(child => (child.GetProperty("digest").GetString()!, PlatformOf(child)))
                // An attestation stands in an index as an image of an unknown platform.
                .Where(child => child.Item2?.StartsWith("unknown", StringComparison.Ordinal) is not true)
                .DistinctBy(child => child.Item1, StringComparer.Ordinal),
        ];
        return images.Length > 0 ? images : [(digest, null)];
    }

    private static string? PlatformOf(JsonElement child) =>
        child.TryGetProperty("platform", out var platform)
            ? string.Join('/', PlatformParts.Select(part => TextOf(platform, part)).OfType<string>())
            : null;

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.GetString() is { Length: > 0 } some ? some : null;

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
