using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations on the images of a repository.</summary>
internal sealed class ImageOperations(RegistryStore store, ImageStore images)
{
    public JsonObject PutImage(EcrRequest request, Repository repository)
    {
        var tag = request.Text("imageTag");
        var (image, existed) = images.Put(
            repository,
            request.RequiredText("imageManifest"),
            request.Text("imageManifestMediaType"),
            tag,
            request.Text("imageDigest")
        );
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
        foreach (var (digest, tag) in ImageIds(request))
        {
            if (images.FindActive(repository, tag, digest) is { } image)
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
        foreach (var (digest, tag) in ImageIds(request))
        {
            if (images.Find(repository, tag, digest) is not { } image)
            {
                failures.Add((JsonNode)Failure(digest, tag, "ImageNotFound", "Requested image not found"));
            }
            else if (tag is null && images.IndexesOf(repository, image) is { Count: > 0 } indexes)
            {
                var reason = $"Requested image referenced by manifest list: [{string.Join(", ", indexes)}]";
                failures.Add((JsonNode)Failure(digest, tag, "ImageReferencedByManifestList", reason));
            }
            else
            {
                images.Delete(repository, image, tag);
                deleted.Add((JsonNode)AnswerShapes.ImageId(image.Digest, tag));
            }
        }

        return new() { ["imageIds"] = deleted, ["failures"] = failures };
    }

    public JsonObject DescribeImages(EcrRequest request, Repository repository)
    {
        var wanted = request.List("imageIds") is null
            ? store.Read(repository, () => (Image[])[.. repository.Images.Values.Where(IsOfStatus(request))])
            : [.. ImageIds(request).Select(id => Existing(repository, id)).Distinct()];
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

    private Image Existing(Repository repository, (string? Digest, string? Tag) id) =>
        images.Find(repository, id.Tag, id.Digest)
        ?? throw new EcrException(
            "ImageNotFoundException",
            $"The image with imageId {{imageDigest:'{id.Digest ?? "null"}', imageTag:'{id.Tag ?? "null"}'}} does not exist within the repository with name '{repository.Name}' in the registry with id '{repository.Account}'"
        );

    private static List<(string? Digest, string? Tag)> ImageIds(EcrRequest request) =>
        [.. request.RequiredList("imageIds").Select(ImageIdOf)];

    private static (string? Digest, string? Tag) ImageIdOf(JsonElement id)
    {
        var digest = EcrRequest.TextOf(id, "imageDigest", "imageIds");
        var tag = EcrRequest.TextOf(id, "imageTag", "imageIds");
        return digest is null && tag is null
            ? throw EcrException.InvalidParameter(
                "imageIds",
                "Member must satisfy constraint: [imageDigest or imageTag must be given]"
            )
            : (digest, tag);
    }

    private static string? TagStatus(EcrRequest request)
    {
        var status = request.Find("filter") is { } filter ? EcrRequest.TextOf(filter, "tagStatus", "filter") : null;
        return status == "ANY" ? null : status;
    }

    /// <summary>Without a filter, the images that can be pulled.</summary>
    private static Func<Image, bool> IsOfStatus(EcrRequest request) =>
        (request.Find("filter") is { } filter ? EcrRequest.TextOf(filter, "imageStatus", "filter") : null) switch
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
