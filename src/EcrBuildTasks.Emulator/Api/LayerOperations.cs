using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations that move layers; the registry protocol needs their permissions too.</summary>
internal sealed partial class LayerOperations(RegistryStore store, LayerUploads uploads, LayerDownloads downloads)
{
    private const int PartSize = 20 * 1024 * 1024;
    private const string LayerMediaType = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    public JsonObject BatchCheckLayerAvailability(EcrRequest request, Repository repository)
    {
        var (layers, failures) = (new JsonArray(), new JsonArray());
        foreach (var element in request.RequiredList("layerDigests"))
        {
            var digest = EcrRequest.TextOf(element, "layerDigests");
            if (!Digest().IsMatch(digest))
            {
                failures.Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["layerDigest"] = digest,
                            ["failureCode"] = "InvalidLayerDigest",
                            ["failureReason"] = "Invalid layer digest",
                        }
                );
                continue;
            }

            var size = SizeOf(repository, digest);
            var layer = new JsonObject
            {
                ["layerDigest"] = digest,
                ["layerAvailability"] = size is null ? "UNAVAILABLE" : "AVAILABLE",
            };
            if (size is not null)
            {
                layer["layerSize"] = size;
                layer["mediaType"] = LayerMediaType;
            }

            layers.Add((JsonNode)layer);
        }

        return new() { ["layers"] = layers, ["failures"] = failures };
    }

    public JsonObject InitiateLayerUpload(EcrRequest request, Repository repository) =>
        new() { ["uploadId"] = uploads.Open(repository).Id, ["partSize"] = PartSize };

    public async Task<JsonObject> UploadLayerPartAsync(
        EcrRequest request,
        Repository repository,
        CancellationToken cancellation
    )
    {
        var first = request.RequiredNumber("partFirstByte");
        var last = request.RequiredNumber("partLastByte");
        var upload = FindUpload(request, repository);
        byte[] blob;
        try
        {
            blob = Convert.FromBase64String(request.RequiredText("layerPartBlob"));
        }
        catch (FormatException)
        {
            throw new EcrException("SerializationException", "'layerPartBlob' is not base64");
        }

        if (blob.Length > PartSize || last - first + 1 != blob.Length)
        {
            throw EcrException.InvalidParameter(
                "layerPartBlob",
                $"Member must have at most {PartSize} bytes and the length given by partFirstByte and partLastByte"
            );
        }

        using var part = new MemoryStream(blob);
        await upload.AppendAsync(part, first, cancellation);
        return Answer(repository, upload, ("lastByteReceived", last));
    }

    public async Task<JsonObject> CompleteLayerUploadAsync(
        EcrRequest request,
        Repository repository,
        CancellationToken cancellation
    )
    {
        var digests = request
            .RequiredList("layerDigests")
            .Select(digest => EcrRequest.TextOf(digest, "layerDigests"))
            .ToList();
        var upload = FindUpload(request, repository);
        var (layerDigest, existed) = await uploads.CompleteAsync(upload, digests, cancellation);
        return existed
            ? throw new EcrException(
                "LayerAlreadyExistsException",
                $"The layer with digest '{layerDigest}' already exists in the repository with name '{repository.Name}' in registry with id '{repository.Account}'"
            )
            : Answer(repository, upload, ("layerDigest", layerDigest));
    }

    public JsonObject GetDownloadUrlForLayer(EcrRequest request, Repository repository)
    {
        var digest = request.RequiredText("layerDigest");
        return SizeOf(repository, digest) is null
            ? throw new EcrException(
                "LayersNotFoundException",
                $"The layer with digest '{digest}' does not exist in the repository with name '{repository.Name}' in registry with id '{repository.Account}'"
            )
            : new()
            {
                ["downloadUrl"] = downloads.UrlFor(digest, request.Endpoint).ToString(),
                ["layerDigest"] = digest,
            };
    }

    private LayerUpload FindUpload(EcrRequest request, Repository repository)
    {
        var id = request.RequiredText("uploadId");
        return Guid.TryParseExact(id, "D", out _)
            ? uploads.Find(repository, id)
            : throw EcrException.InvalidParameter(
                "uploadId",
                "must satisfy regular expression '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'"
            );
    }

    private long? SizeOf(Repository repository, string digest) =>
        store.Read(repository, () => repository.Layers.TryGetValue(digest, out var size) ? (long?)size : null);

    private static JsonObject Answer(Repository repository, LayerUpload upload, (string Name, JsonNode Value) result) =>
        new()
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["uploadId"] = upload.Id,
            [result.Name] = result.Value,
        };

    [GeneratedRegex("^sha256:[a-f0-9]{64}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digest();
}
