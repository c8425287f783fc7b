using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>Serves layers at addresses that carry their own permission, as ECR does from S3.</summary>
internal sealed class LayerDownloads(BlobStore blobs, TimeProvider clock)
{
    public const string PathPrefix = "/layer-downloads/";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public Uri UrlFor(string digest, Uri endpoint)
    {
        var expires = (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new Uri(endpoint, $"{PathPrefix}{digest}?expires={expires}&signature={Sign(digest, expires)}");
    }

    public async Task AnswerAsync(HttpContext context, CallRecord record)
    {
        (record.Service, record.Action) = ("registry", "DownloadLayer");
        var digest = context.Request.Path.Value![PathPrefix.Length..];
        var expires = context.Request.Query["expires"].ToString();
        var signature = Encoding.ASCII.GetBytes(context.Request.Query["signature"].ToString());
        if (
            !CryptographicOperations.FixedTimeEquals(signature, Encoding.ASCII.GetBytes(Sign(digest, expires)))
            || clock.GetUtcNow().ToUnixTimeSeconds() >= long.Parse(expires, CultureInfo.InvariantCulture)
        )
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await TypedResults
            .PhysicalFile(blobs.PathOf(digest), "application/octet-stream", enableRangeProcessing: true)
            .ExecuteAsync(context);
    }

    private string Sign(string digest, string expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{digest}\n{expires}")));
}
