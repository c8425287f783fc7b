using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary><c>/v2/…/manifests/…</c> and <c>/v2/…/tags/list</c>.</summary>
internal sealed class ManifestEndpoints(RegistryStore store, ImageStore images, ImageSigning signing)
{
    private const int MaximumSize = 4 * 1024 * 1024;

    public Task AnswerAsync(RegistryCall call, string reference) =>
        call.Method switch
        {
            "GET" or "HEAD" => GetAsync(call, reference),
            "PUT" => PutAsync(call, reference),
            "DELETE" => DeleteAsync(call, reference),
            _ => throw call.MethodNotAllowed(),
        };

    public async Task ListTagsAsync(RegistryCall call)
    {
        if (!HttpMethods.IsGet(call.Method))
        {
            throw call.MethodNotAllowed();
        }

        var repository = call.Authorize("ListImages");
        var query = call.Context.Request.Query;
        var last = query["last"].ToString();
        var size = int.TryParse(query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 1000;
        EcrException.RequirePageSize(size);

        var tags = store.Read(
            repository,
            () => repository.ImageTags.Keys.Where(tag => string.CompareOrdinal(tag, last) > 0).Take(size + 1).ToList()
        );
        if (tags.Count > size)
        {
            tags.RemoveAt(size);
            call.Context.Response.Headers.Link = $"</v2/{call.Name}/tags/list?n={size}&last={tags[^1]}>; rel=\"next\"";
        }

        var answer = new JsonObject
        {
            ["name"] = call.Name,
            ["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]),
        };
        call.Context.Response.ContentType = "application/json; charset=utf-8";
        await call.Context.Response.WriteAsync(answer.ToJsonString(), call.Context.RequestAborted);
    }

    /// <summary>The referrers API of OCI; the subject need not exist.</summary>
    public async Task ListReferrersAsync(RegistryCall call, string digest)
    {
        if (!HttpMethods.IsGet(call.Method))
        {
            throw call.MethodNotAllowed();
        }

        var repository = call.Authorize("BatchGetImage");
        if (Split(digest).Digest is null)
        {
            throw new OciError(StatusCodes.Status400BadRequest, "DIGEST_INVALID", $"'{digest}' is not a digest");
        }

        var response = call.Context.Response;
        var type = call.Context.Request.Query["artifactType"].ToString();
        if (type.Length > 0)
        {
            response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        var referrers = images
            .ReferrersOf(repository, digest)
            .Where(image => !image.IsArchived && (type.Length == 0 || image.ArtifactMediaType == type));
        var index = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ImageManifest.OciIndex,
            ["manifests"] = new JsonArray([.. referrers.Select(image => image.ToDescriptor())]),
        };
        response.ContentType = ImageManifest.OciIndex;
        await response.WriteAsync(index.ToJsonString(), call.Context.RequestAborted);
    }

    private async Task GetAsync(RegistryCall call, string reference)
    {
        var repository = call.Authorize("BatchGetImage");
        var (tag, digest) = Split(reference);
        var image =
            images.FindActive(repository, tag, digest)
            ?? throw new OciError(StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "Requested image not found");
        var bytes = Encoding.UTF8.GetBytes(image.Manifest);
        var response = call.Context.Response;
        response.ContentType = image.MediaType;
        response.ContentLength = bytes.Length;
        response.Headers["Docker-Content-Digest"] = image.Digest;
        if (HttpMethods.IsGet(call.Method))
        {
            await response.Body.WriteAsync(bytes, call.Context.RequestAborted);
        }
    }

    private async Task PutAsync(RegistryCall call, string reference)
    {
        var repository = call.Authorize("PutImage");
        var (tag, digest) = Split(reference);
        var manifest = await ReadAsync(call.Context);
        var mediaType = call.Context.Request.ContentType?.Split(';')[0].Trim();
        var (image, _) = images.Put(repository, manifest, mediaType, tag, digest);
        call.Sign(signing, repository, image);
        call.Context.Response.StatusCode = StatusCodes.Status201Created;
        call.Context.Response.Headers["Docker-Content-Digest"] = image.Digest;
        if (image.SubjectDigest is { } subject)
        {
            call.Context.Response.Headers["OCI-Subject"] = subject;
        }

        call.AnswerLocation($"manifests/{image.Digest}");
    }

    private Task DeleteAsync(RegistryCall call, string reference)
    {
        var repository = call.Authorize("BatchDeleteImage");
        var (tag, digest) = Split(reference);
        var image =
            images.Find(repository, tag, digest)
            ?? throw new OciError(StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "Requested image not found");
        if (tag is null && images.IndexesOf(repository, image) is { Count: > 0 } indexes)
        {
            throw new EcrException("ImageReferencedByManifestList", ImageStore.ReferencedBy(indexes));
        }

        images.Delete(repository, image, tag);
        call.Context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            if (body.Length + count > MaximumSize)
            {
                throw new OciError(
                    StatusCodes.Status413PayloadTooLarge,
                    "MANIFEST_INVALID",
                    "The manifest is larger than 4 MiB"
                );
            }

            await body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.ToArray());
        }
        catch (DecoderFallbackException)
        {
            throw EcrException.InvalidParameter("ImageManifest", "Invalid JSON syntax");
        }
    }

    private static (string? Tag, string? Digest) Split(string reference) =>
        reference.StartsWith("sha256:", StringComparison.Ordinal) ? (null, reference)
        : IsTag(reference) ? (reference, null)
        : throw new OciError(
            StatusCodes.Status400BadRequest,
            "TAG_INVALID",
            $"Invalid parameter at 'imageTag' failed to satisfy constraint: 'Invalid image tag: {reference}'"
        );

    private static bool IsTag(string text) =>
        text.Length <= 128
        && text[0] is not ('.' or '-')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
