using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>An error of the registry protocol.</summary>
internal sealed class OciError(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>ECR Public's answer to those who may pull only.</summary>
    public static OciError NotAuthorized() => new(StatusCodes.Status403Forbidden, "DENIED", "Not Authorized");

    public static OciError ExpiredToken(int status = StatusCodes.Status403Forbidden) =>
        new(status, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");

    /// <summary>What the registry protocol calls a refusal of the API.</summary>
    public static OciError From(EcrException error)
    {
        var (status, code) = error.Code switch
        {
            "AccessDeniedException" or "LimitExceededException" => (StatusCodes.Status403Forbidden, "DENIED"),
            "ThrottlingException" => (StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS"),
            "RepositoryNotFoundException" => (StatusCodes.Status404NotFound, "NAME_UNKNOWN"),
            "UploadNotFoundException" => (StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN"),
            "EmptyUploadException" or "InvalidLayerException" or "LayerPartTooSmallException" => (
                StatusCodes.Status400BadRequest,
                "BLOB_UPLOAD_INVALID"
            ),
            "InvalidLayerPartException" => (StatusCodes.Status416RangeNotSatisfiable, "BLOB_UPLOAD_INVALID"),
            "LayersNotFoundException" or "ReferencedImagesNotFoundException" => (
                StatusCodes.Status404NotFound,
                "MANIFEST_BLOB_UNKNOWN"
            ),
            "ImageTagAlreadyExistsException" => (StatusCodes.Status400BadRequest, "TAG_INVALID"),
            "ImageDigestDoesNotMatchException" => (StatusCodes.Status400BadRequest, "DIGEST_INVALID"),
            // Invalid parameters too, such as a manifest that ECR does not accept.
            _ => (StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED"),
        };
        return new(status, code, error.Message);
    }

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Task.CompletedTask;
        }

        var error = new JsonObject { ["code"] = Code, ["message"] = Message };
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(
            new JsonObject { ["errors"] = new JsonArray(error) }.ToJsonString(),
            context.RequestAborted
        );
    }
}
