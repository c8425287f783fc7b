using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary><c>/v2/…/blobs/…</c>.</summary>
internal sealed class BlobEndpoints(RegistryStore store, LayerDownloads downloads)
{
    public Task AnswerAsync(RegistryCall call, string digest)
    {
        var action = call.Method switch
        {
            "HEAD" => "BatchCheckLayerAvailability",
            "GET" => "GetDownloadUrlForLayer",
            _ => throw call.MethodNotAllowed(),
        };
        var repository = call.Authorize(action);
        var size =
            store.Read(repository, () => repository.Layers.TryGetValue(digest, out var known) ? (long?)known : null)
            ?? throw new OciError(
                StatusCodes.Status404NotFound,
                "BLOB_UNKNOWN",
                $"The layer with digest '{digest}' does not exist in the repository with name '{repository.Name}' in registry with id '{repository.Account}'"
            );
        var response = call.Context.Response;
        response.Headers["Docker-Content-Digest"] = digest;
        if (HttpMethods.IsHead(call.Method))
        {
            response.ContentType = "application/octet-stream";
            response.ContentLength = size;
            return Task.CompletedTask;
        }

        var endpoint = new Uri($"{call.Context.Request.Scheme}://{call.Context.Request.Host}");
        response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        response.Headers.Location = downloads.UrlFor(digest, endpoint).ToString();
        return Task.CompletedTask;
    }
}
