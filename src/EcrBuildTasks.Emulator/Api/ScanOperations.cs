using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operation that tells what the scan of an image found, as it is configured.</summary>
internal sealed class ScanOperations(ImageStore images)
{
    private readonly ConcurrentDictionary<(string Repository, string Digest), int> looks = new();

    public JsonObject DescribeImageScanFindings(EcrRequest request, Repository repository)
    {
        var id = request.Find("imageId") ?? throw EcrRequest.Missing("imageId");
        var image =
            images.Find(
                repository,
                EcrRequest.TextOf(id, "imageTag", "imageId"),
                EcrRequest.TextOf(id, "imageDigest", "imageId")
            )
            ?? throw new EcrException(
                "ImageNotFoundException",
                $"The image does not exist within the repository with name '{repository.Name}' in the registry with id '{repository.Account}'"
            );
        var isIndex = ImageManifest.Parse(image.Manifest, image.MediaType).IsIndex;
        if (repository.Scan is not { } scan || isIndex)
        {
            throw new EcrException(
                "ScanNotFoundException",
                $"Image scan does not exist for the image with '{{imageDigest:'{image.Digest}'}}' in the repository with name '{repository.Name}' in the registry with id '{repository.Account}'"
            );
        }

        var answer = new JsonObject
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["imageId"] = AnswerShapes.ImageId(image.Digest, tag: null),
        };
        if (looks.AddOrUpdate((repository.Arn, image.Digest), 1, (_, count) => count + 1) <= scan.LooksInProgress)
        {
            answer["imageScanStatus"] = new JsonObject { ["status"] = scan.IsEnhanced ? "PENDING" : "IN_PROGRESS" };
            return answer;
        }

        answer["imageScanStatus"] = new JsonObject { ["status"] = scan.Status, ["description"] = scan.Description };
        if (scan.Status is "COMPLETE" or "ACTIVE")
        {
            AddFindings(answer, request, scan);
        }

        return answer;
    }

    private static void AddFindings(JsonObject answer, EcrRequest request, EmulatedScan scan)
    {
        var member = scan.IsEnhanced ? "enhancedFindings" : "findings";
        var page = Page.Of(
            request,
            member,
            [.. scan.Findings.Select(finding => scan.IsEnhanced ? Enhanced(finding) : Basic(finding))]
        );
        answer["imageScanFindings"] = new JsonObject { [member] = page[member]!.DeepClone() };
        if (page["nextToken"] is { } next)
        {
            answer["nextToken"] = next.DeepClone();
        }
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
