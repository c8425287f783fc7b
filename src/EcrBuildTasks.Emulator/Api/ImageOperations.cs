using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations on the images of a repository.</summary>
internal sealed partial class ImageOperations(RegistryStore store, ImageStore images, ImageSigning signing)
{
    public JsonObject PutImage(EcrRequest request, Repository repository)
    {
        var tag = request.Text("imageTag");
        if (
            request.Text("imageManifestMediaType") is null
            && !ImageManifest.NamesItsType(request.RequiredText("imageManifest"))
        )
        {
            throw EcrException.InvalidParameter(
                "imageManifestMediaType",
                "Member must not be null, because the manifest does not contain its mediaType"
            );
        }

        var (image, existed) = images.Put(
            repository,
            request.RequiredText("imageManifest"),
            request.Text("imageManifestMediaType"),
            tag,
            request.Text("imageDigest")
        );
        signing.Sign(repository, image, request.Principal, request.Origin);
        if (!existed)
        {
            return new() { ["image"] = AnswerShapes.ImageWithManifest(repository, image, tag) };
        }

        var named = tag is null ? "" : $" and tag '{tag}'";
        throw new EcrException(
            "ImageAlreadyExistsException",
            $"Image with digest '{image.Digest}'{named} already exists in the repository with name '{repository.Name}' in registry with id '{repository.Account}'"
        );
    }

    public JsonObject BatchGetImage(EcrRequest request, Repository repository)
    {
        var (found, failures) = (new JsonArray(), new JsonArray());
        foreach (var (digest, tag) in ListedIds(request))
        {
            if (Mistake(digest, tag) is { } mistake)
            {
                failures.Add((JsonNode)mistake);
            }
            else if (images.FindActive(repository, tag, digest) is { } image)
            {
                found.Add((JsonNode)AnswerShapes.ImageWithManifest(repository, image, tag));
            }
            else
            {
                failures.Add((JsonNode)Failure(digest, tag, "ImageNotFound", "Requested image not found"));
            }
        }

        return new() { ["images"] = found, ["failures"] = failures };
    }

    public JsonObject BatchDeleteImage(EcrRequest request, Repository repository)
    {
        var (deleted, failures) = (new JsonArray(), new JsonArray());
        foreach (var (digest, tag) in ListedIds(request))
        {
            if (Mistake(digest, tag) is { } mistake)
            {
                failures.Add((JsonNode)mistake);
            }
            else if (images.Find(repository, tag, digest) is not { } image)
            {
                failures.Add((JsonNode)Failure(digest, tag, "ImageNotFound", "Requested image not found"));
            }
            else if (tag is null && images.IndexesOf(repository, image) is { Count: > 0 } indexes)
            {
                failures.Add(
                    (JsonNode)Failure(digest, tag, "ImageReferencedByManifestList", ImageStore.ReferencedBy(indexes))
                );
            }
            else
            {
                foreach (var gone in images.Delete(repository, image, tag).DefaultIfEmpty())
                {
                    deleted.Add((JsonNode)AnswerShapes.ImageId(image.Digest, gone));
                }
            }
        }

        return new() { ["imageIds"] = deleted, ["failures"] = failures };
    }

    public JsonObject DescribeImages(EcrRequest request, Repository repository)
    {
        var wanted = request.List("imageIds") is null
            ? store.Read(repository, () => (Image[])[.. repository.Images.Values.Where(IsOfStatus(request))])
            : [.. ImageIds(request).Select(id => images.FindRequired(repository, id)).Distinct()];
        var status = TagStatus(request);
        var described = store.Read(
            repository,
            () =>
                wanted
                    .Where(image => status is null || repository.TagsOf(image.Digest).Any() == (status == "TAGGED"))
                    .Select(image => AnswerShapes.DescribeImage(repository, image))
                    .ToList()
        );
        return Page.CreateResponse(request, "imageDetails", described);
    }

    public JsonObject DescribeImageTags(EcrRequest request, Repository repository) =>
        Page.CreateResponse(
            request,
            "imageTagDetails",
            store.Read(
                repository,
                () =>
                    repository
                        .ImageTags.Select(tag =>
                        {
                            var image = AnswerShapes.DescribeImage(repository, repository.Images[tag.Value]);
                            return new JsonObject
                            {
                                ["imageTag"] = tag.Key,
                                ["createdAt"] = image["imagePushedAt"]!.DeepClone(),
                                ["imageDetail"] = image,
                            };
                        })
                        .ToList()
            )
        );

    public JsonObject ListImages(EcrRequest request, Repository repository)
    {
        var (status, isWanted) = (TagStatus(request), IsOfStatus(request));
        var ids = store.Read(
            repository,
            () =>
            {
                var tagged = repository
                    .ImageTags.Where(tag => isWanted(repository.Images[tag.Value]))
                    .Select(tag => AnswerShapes.ImageId(tag.Value, tag.Key));
                var untagged = repository
                    .Images.Values.Where(isWanted)
                    .Select(image => image.Digest)
                    .Where(digest => !repository.TagsOf(digest).Any())
                    .Select(digest => AnswerShapes.ImageId(digest, tag: null));
                return (status == "UNTAGGED" ? [] : tagged).Concat(status == "TAGGED" ? [] : untagged).ToList();
            }
        );
        return Page.CreateResponse(request, "imageIds", ids);
    }

    public JsonObject DescribeImageSigningStatus(EcrRequest request, Repository repository)
    {
        var image = images.FindRequired(repository, request.ImageId);
        return new()
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["imageId"] = AnswerShapes.ImageId(image.Digest, request.ImageId.Tag),
            ["signingStatuses"] = new JsonArray([
                .. image.Signatures.Select(signature =>
                {
                    var status = new JsonObject
                    {
                        ["signingProfileArn"] = signature.Profile,
                        ["status"] = signature.Failure is null ? "COMPLETE" : "FAILED",
                    };
                    if (signature.Failure is { } reason)
                    {
                        (status["failureCode"], status["failureReason"]) = ("AccessDeniedException", reason);
                    }

                    return status;
                }),
            ]),
        };
    }

    public JsonObject ListImageReferrers(EcrRequest request, Repository repository)
    {
        var subject = request.Text("subjectId", "imageDigest") ?? throw EcrRequest.Missing("subjectId.imageDigest");
        var types = request.Texts("filter", "artifactTypes") ?? [];
        var referrers = images
            .ReferrersOf(repository, subject)
            .Where(IsOfStatus(request, "artifactStatus"))
            .Where(image => types.Count == 0 || types.Contains(image.ArtifactMediaType ?? "", StringComparer.Ordinal));
        return Page.CreateResponse(
            request,
            "referrers",
            [
                .. referrers.Select(image =>
                {
                    var referrer = image.ToDescriptor();
                    referrer["artifactStatus"] = AnswerShapes.Status(image);
                    return referrer;
                }),
            ],
            largest: 50
        );
    }

    private static List<(string? Digest, string? Tag)> ImageIds(EcrRequest request) =>
        ListedIds(request) is var ids && ids.Contains((null, null))
            ? throw EcrException.InvalidParameter(
                "imageIds",
                "Member must satisfy constraint: [imageDigest or imageTag must be given]"
            )
            : ids;

    private static List<(string? Digest, string? Tag)> ListedIds(EcrRequest request) =>
        [
            .. request
                .RequiredList("imageIds")
                .Select(id =>
                    (EcrRequest.TextOf(id, "imageDigest", "imageIds"), EcrRequest.TextOf(id, "imageTag", "imageIds"))
                ),
        ];

    /// <summary>The batch operations report what is wrong with one ID beside their other results.</summary>
    private static JsonObject? Mistake(string? digest, string? tag) =>
        (digest, tag) switch
        {
            (null, null) => Failure(
                digest,
                tag,
                "MissingDigestAndTag",
                "Invalid request parameters: both tag and digest cannot be null"
            ),
            ({ } given, _) when !Digest().IsMatch(given) => Failure(
                digest,
                tag,
                "InvalidImageDigest",
                "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"
            ),
            _ => null,
        };

    [GeneratedRegex("^[a-zA-Z0-9_+.-]+:[a-fA-F0-9]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digest();

    private static string? TagStatus(EcrRequest request)
    {
        var status = request.Find("filter") is { } filter ? EcrRequest.TextOf(filter, "tagStatus", "filter") : null;
        return status == "ANY" ? null : status;
    }

    /// <summary>Without a filter, the images that can be pulled.</summary>
    private static Func<Image, bool> IsOfStatus(EcrRequest request, string member = "imageStatus") =>
        request.Text("filter", member) switch
        {
            null or "ACTIVE" => image => !image.IsArchived,
            "ARCHIVED" => image => image.IsArchived,
            "ACTIVATING" => _ => false,
            "ANY" => _ => true,
            _ => throw EcrException.InvalidParameter(
                "filter",
                "Member must satisfy enum value set: [ACTIVE, ARCHIVED, ACTIVATING, ANY]"
            ),
        };

    private static JsonObject Failure(string? digest, string? tag, string code, string reason) =>
        new()
        {
            ["imageId"] = AnswerShapes.ImageId(digest, tag),
            ["failureCode"] = code,
            ["failureReason"] = reason,
        };
}
