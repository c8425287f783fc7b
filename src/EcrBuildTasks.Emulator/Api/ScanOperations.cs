using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operation that tells what the scan of an image found, as it is configured.</summary>
internal sealed class ScanOperations(ImageStore images, BlobStore blobs, TimeProvider clock)
{
    private static readonly TimeSpan OncePer = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<(string Repository, string Digest), int> _looks = new();
    private readonly ConcurrentDictionary<(string Repository, string Digest), DateTimeOffset> _started = new();

    public JsonObject DescribeImageScanFindings(EcrRequest request, Repository repository)
    {
        var image = images.FindRequired(repository, request.ImageId);
        var answer = new JsonObject
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["imageId"] = AnswerShapes.ImageId(image.Digest, tag: null),
        };
        var look = request.Text("nextToken") is null
            ? _looks.AddOrUpdate((repository.Arn, image.Digest), 0, (_, count) => count + 1)
            : _looks.GetValueOrDefault((repository.Arn, image.Digest));
        if (ScanOf(repository, image) is not { } scan || look < scan.LooksNotFound)
        {
            throw new EcrException(
                "ScanNotFoundException",
                $"Image scan does not exist for the image with '{{imageDigest:'{image.Digest}'}}' in the repository with name '{repository.Name}' in the registry with id '{repository.Account}'"
            );
        }

        look -= scan.LooksNotFound;
        var isDone = look >= scan.LooksInProgress;
        answer["imageScanStatus"] = new JsonObject
        {
            ["status"] =
                isDone ? scan.Status
                : scan.IsEnhanced ? "PENDING"
                : "IN_PROGRESS",
        };
        if (isDone && scan.Description is { } description)
        {
            answer["imageScanStatus"]!["description"] = description;
        }

        answer["imageScanFindings"] =
            isDone && scan.Status is "COMPLETE" or "ACTIVE" && look >= scan.LooksInProgress + scan.LooksWithoutFindings
                ? Findings(answer, request, scan)
                : new JsonObject { ["findings"] = new JsonArray() };
        return answer;
    }

    /// <summary>Starts a basic scan. What it comes to is configured; without that, it finds nothing.</summary>
    public JsonObject StartImageScan(EcrRequest request, Repository repository)
    {
        var image = images.FindRequired(repository, request.ImageId);
        if (image.IsArchived)
        {
            throw new EcrException("ImageArchivedException", $"The image '{image.Digest}' is archived");
        }

        if (ImageManifest.Parse(image.Manifest, image.MediaType).IsIndex)
        {
            throw new EcrException(
                "UnsupportedImageTypeException",
                $"Images of media type '{image.MediaType}' cannot be scanned"
            );
        }

        var key = (repository.Arn, image.Digest);
        if (_started.TryGetValue(key, out var last) && clock.GetUtcNow() - last < OncePer)
        {
            throw new EcrException(
                "LimitExceededException",
                "The scan quota per image has been exceeded. Wait and try again."
            );
        }

        _started[key] = clock.GetUtcNow();
        // From here on the scan exists, however many looks it would take otherwise.
        _looks[key] = ScanOf(repository, image)!.LooksNotFound - 1;
        return new()
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["imageId"] = AnswerShapes.ImageId(image.Digest, request.ImageId.Tag),
            ["imageScanStatus"] = new JsonObject { ["status"] = "IN_PROGRESS" },
        };
    }

    /// <summary>An index is not scanned, but its images are, each for its own platform.</summary>
    private EmulatedScan? ScanOf(Repository repository, Image image)
    {
        if (
            (repository.Scan ?? (_started.ContainsKey((repository.Arn, image.Digest)) ? new() : null)) is not { } scan
            || ImageManifest.Parse(image.Manifest, image.MediaType) is not { IsIndex: false } manifest
        )
        {
            return null;
        }

        return
            scan.Platforms.Count > 0
            && manifest.Layers is [var config, ..]
            && PlatformOf(File.ReadAllBytes(blobs.PathOf(config.Digest))) is { } platform
            ? scan.Platforms.GetValueOrDefault(platform, scan)
            : scan;
    }

    /// <returns><see langword="null"/> of an artifact, which is for no platform.</returns>
    private static string? PlatformOf(byte[] config)
    {
        try
        {
            return JsonNode.Parse(config) is JsonObject image ? $"{image["os"]}/{image["architecture"]}" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private JsonObject Findings(JsonObject answer, EcrRequest request, EmulatedScan scan)
    {
        var member = scan.IsEnhanced ? "enhancedFindings" : "findings";
        var page = Page.CreateResponse(
            request,
            member,
            [.. scan.Findings.Select(finding => scan.IsEnhanced ? Enhanced(finding) : Basic(finding))]
        );
        if (page["nextToken"] is { } next)
        {
            answer["nextToken"] = next.DeepClone();
        }

        var now = AnswerShapes.EpochSeconds(clock.GetUtcNow());
        return new()
        {
            [member] = page[member]!.DeepClone(),
            ["imageScanCompletedAt"] = now,
            ["vulnerabilitySourceUpdatedAt"] = now.DeepClone(),
            ["findingSeverityCounts"] = new JsonObject(
                scan.Findings.CountBy(finding => finding.Severity)
                    .Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value))
            ),
        };
    }

    private static JsonObject Basic(EmulatedFinding finding) =>
        new()
        {
            ["name"] = finding.Name,
            ["severity"] = finding.Severity,
            ["attributes"] = new JsonArray(
                new JsonObject { ["key"] = "package_version", ["value"] = finding.Version },
                new JsonObject { ["key"] = "package_name", ["value"] = finding.Package }
            ),
        };

    private static JsonObject Enhanced(EmulatedFinding finding) =>
        new()
        {
            ["title"] = $"{finding.Name} - {finding.Package}",
            ["severity"] = finding.Severity,
            ["packageVulnerabilityDetails"] = new JsonObject
            {
                ["vulnerabilityId"] = finding.Name,
                ["vulnerablePackages"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = finding.Package,
                        ["version"] = finding.Version,
                        ["fixedInVersion"] = finding.FixedIn,
                    }
                ),
            },
        };
}
