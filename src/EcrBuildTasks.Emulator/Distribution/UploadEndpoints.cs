using System.Globalization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary><c>/v2/…/blobs/uploads/…</c>.</summary>
internal sealed class UploadEndpoints(RegistryStore store, LayerUploads uploads)
{
    public Task AnswerAsync(RegistryCall call, string id) =>
        (call.Method, id) switch
        {
            ("POST", "") => StartAsync(call),
            ("PATCH", not "") => AppendAsync(call, id),
            ("PUT", not "") => CompleteAsync(call, id),
            ("GET", not "") => StatusAsync(call, id),
            ("DELETE", not "") => CancelAsync(call, id),
            _ => throw call.MethodNotAllowed(),
        };

    private async Task StartAsync(RegistryCall call)
    {
        var repository = call.Authorize("InitiateLayerUpload");
        var query = call.Context.Request.Query;
        if (query["mount"].ToString() is { Length: > 0 } mounted && TryMount(call, repository, mounted, query["from"]))
        {
            AnswerLayer(call, mounted);
            return;
        }

        var upload = uploads.Open(repository);
        if (query["digest"].ToString() is { Length: > 0 } digest && call.Context.Request.ContentLength > 0)
        {
            call.Authorize("UploadLayerPart");
            await upload.AppendAsync(call.Context.Request.Body, firstByte: null, call.Context.RequestAborted);
            call.Authorize("CompleteLayerUpload");
            await uploads.CompleteAsync(upload, [digest], call.Context.RequestAborted);
            AnswerLayer(call, digest);
            return;
        }

        AnswerUpload(call, upload, StatusCodes.Status202Accepted);
    }

    private bool TryMount(RegistryCall call, Repository target, string digest, string? sourceName)
    {
        if (call.Setting("BLOB_MOUNTING") != "ENABLED" || string.IsNullOrEmpty(sourceName))
        {
            return false;
        }

        Repository source;
        try
        {
            source = call.Authorize("GetDownloadUrlForLayer", sourceName);
        }
        catch (EcrException error) when (error.Code == "RepositoryNotFoundException")
        {
            return false;
        }

        return store.Change(
            target,
            () =>
            {
                if (
                    (source.EncryptionType, source.KmsKey) != (target.EncryptionType, target.KmsKey)
                    || !source.Layers.TryGetValue(digest, out var size)
                )
                {
                    return false;
                }

                target.Layers[digest] = size;
                return true;
            }
        );
    }

    private async Task AppendAsync(RegistryCall call, string id)
    {
        var upload = uploads.Find(call.Authorize("UploadLayerPart"), id);
        await upload.AppendAsync(
            call.Context.Request.Body,
            FirstByte(call.Context.Request),
            call.Context.RequestAborted
        );
        // ECR's answer to a part; the specification has 202.
        AnswerUpload(call, upload, StatusCodes.Status201Created);
    }

    private async Task CompleteAsync(RegistryCall call, string id)
    {
        var upload = uploads.Find(call.Authorize("CompleteLayerUpload"), id);
        var request = call.Context.Request;
        if (request.ContentLength != 0 && (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0))
        {
            call.Authorize("UploadLayerPart");
            await upload.AppendAsync(request.Body, FirstByte(request), call.Context.RequestAborted);
            call.Authorize("CompleteLayerUpload");
        }

        var digest = request.Query["digest"].ToString();
        await uploads.CompleteAsync(upload, [digest], call.Context.RequestAborted);
        AnswerLayer(call, digest);
    }

    private Task StatusAsync(RegistryCall call, string id)
    {
        AnswerUpload(call, uploads.Find(call.Authorize("UploadLayerPart"), id), StatusCodes.Status204NoContent);
        return Task.CompletedTask;
    }

    private Task CancelAsync(RegistryCall call, string id)
    {
        uploads.Cancel(uploads.Find(call.Authorize("UploadLayerPart"), id));
        call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static void AnswerUpload(RegistryCall call, LayerUpload upload, int status)
    {
        var response = call.Context.Response;
        response.StatusCode = status;
        response.Headers["Docker-Upload-Uuid"] = upload.Id;
        response.Headers.Range = $"0-{upload.LastByteTold}";
        call.AnswerLocation($"blobs/uploads/{upload.Id}");
    }

    private static void AnswerLayer(RegistryCall call, string digest)
    {
        call.Context.Response.StatusCode = StatusCodes.Status201Created;
        call.Context.Response.Headers["Docker-Content-Digest"] = digest;
        call.AnswerLocation($"blobs/{digest}");
    }

    private static long? FirstByte(HttpRequest request)
    {
        var range = request.Headers.ContentRange.ToString();
        var first = range.Replace("bytes ", "", StringComparison.OrdinalIgnoreCase).Split('-')[0];
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
