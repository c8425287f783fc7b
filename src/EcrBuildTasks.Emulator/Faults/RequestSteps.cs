using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Tells which steps a request is.</summary>
internal static partial class RequestSteps
{
    public static async ValueTask<IReadOnlyList<string>> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "";
        return path.StartsWith("/v2", StringComparison.Ordinal) ? OfRegistry(request, path)
            : request.Headers["X-Amz-Target"].ToString() is { Length: > 0 } target ? [target.Split('.')[^1]]
            : request.HasFormContentType ? [await QueryActionAsync(context)]
            : [];
    }

    /// <summary>The repository in a path of the registry protocol; empty where there is none.</summary>
    public static string RepositoryOf(PathString path) => RepositoryPath().Match(path.Value ?? "").Groups["name"].Value;

    private static string[] OfRegistry(HttpRequest request, string path)
    {
        if (path is "/v2" or "/v2/")
        {
            return [FaultStep.Ping];
        }

        var match = RepositoryPath().Match(path);
        var reference = match.Groups["reference"].Value;
        return (request.Method, match.Groups["kind"].Value) switch
        {
            ("POST", "blobs/uploads") => request.Query.ContainsKey("mount")
                ? [FaultStep.StartUpload, FaultStep.MountBlob]
                : [FaultStep.StartUpload],
            ("PATCH", "blobs/uploads") => [FaultStep.UploadBlob],
            ("PUT", "blobs/uploads") => InterruptionFault.HasBody(request)
                ? [FaultStep.CompleteUpload, FaultStep.UploadWholeBlob]
                : [FaultStep.CompleteUpload],
            ("GET", "blobs/uploads") => [FaultStep.UploadStatus],
            ("HEAD", "blobs") => [FaultStep.HeadBlob],
            ("GET", "blobs") => [FaultStep.GetBlob],
            ("HEAD", "manifests") => [FaultStep.HeadManifest],
            ("GET", "manifests") => [FaultStep.GetManifest],
            ("PUT", "manifests") => reference.Contains(':', StringComparison.Ordinal)
                ? [FaultStep.PutManifest, FaultStep.PutManifestByDigest]
                : [FaultStep.PutManifest, FaultStep.PutManifestByTag],
            _ => [],
        };
    }

    /// <summary>STS names its action in the body, which is left unread for who answers.</summary>
    private static async Task<string> QueryActionAsync(HttpContext context)
    {
        const int LongestForm = 64 * 1024;
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (!read.IsCompleted && read.Buffer.Length < LongestForm)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var form = Encoding.UTF8.GetString(read.Buffer.ToArray());
            reader.AdvanceTo(read.Buffer.Start);
            return QueryHelpers.ParseQuery(form).TryGetValue("Action", out var action) ? action.ToString() : "";
        }
    }

    [GeneratedRegex(
        "^/v2/(?<name>.+)/(?<kind>blobs/uploads|blobs|manifests)/(?<reference>[^/]*)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex RepositoryPath();
}
