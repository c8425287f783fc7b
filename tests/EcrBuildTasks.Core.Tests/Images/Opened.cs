using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;

namespace EcrBuildTasks.Core.Tests.Images;

/// <summary>What a registry would check of an image, and what the tests ask.</summary>
internal static class Opened
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<ImageContent> OpenAsync(string source) =>
        ImageContents.OpenAsync(ImageSource.Parse(source), EngineSearch.Usual, Token);

    public static async Task<PushException> RefusedAsync(string source)
    {
        var failure = await Should.ThrowAsync<PushException>(async () => (await OpenAsync(source)).Dispose());
        failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
        return failure;
    }

    public static async Task<byte[]> ReadAsync(this BlobContent content)
    {
        var bytes = new byte[content.Length];
        for (var position = 0; position < bytes.Length; )
        {
            position += await content.ReadAsync(bytes.AsMemory(position), position, Token);
        }

        return bytes;
    }

    /// <summary>Holds every digest and size against the bytes, and every manifest against the blobs.</summary>
    public static async Task ShouldBeWholeAsync(this ImageContent content)
    {
        content.Blobs.Select(blob => blob.Digest).ShouldBeUnique();
        foreach (var blob in content.Blobs)
        {
            ToolImages.DigestOf(await blob.Content.ReadAsync()).ShouldBe(blob.Digest);
        }

        var known = content.Blobs.ToDictionary(blob => blob.Digest, blob => blob.Size);
        foreach (var manifest in content.Manifests)
        {
            ToolImages.DigestOf(manifest.Content.ToArray()).ShouldBe(manifest.Digest);
            foreach (var (_, digest, size) in manifest.Named())
            {
                known.ShouldContainKeyAndValue(digest, size);
            }

            known[manifest.Digest] = manifest.Content.Length;
        }
    }

    /// <summary>What a manifest names: its configuration and layers, or an index's manifests.</summary>
    public static IReadOnlyList<(string MediaType, string Digest, long Size)> Named(this ImageManifest manifest)
    {
        using var json = JsonDocument.Parse(manifest.Content);
        var root = json.RootElement;
        root.GetProperty("mediaType").GetString().ShouldBe(manifest.MediaType);
        return
        [
            .. (
                root.TryGetProperty("manifests", out var manifests)
                    ? manifests.EnumerateArray()
                    : root.GetProperty("layers").EnumerateArray().Prepend(root.GetProperty("config"))
            ).Select(named =>
                (
                    named.GetProperty("mediaType").GetString()!,
                    named.GetProperty("digest").GetString()!,
                    named.GetProperty("size").GetInt64()
                )
            ),
        ];
    }

    /// <summary>The plain layers of the image, as gzip itself unpacks them.</summary>
    public static async Task<IReadOnlyList<string>> DiffIdsAsync(this ImageContent content)
    {
        var diffIds = new List<string>();
        foreach (var (_, digest, _) in content.Root.Named().Skip(1))
        {
            var blob = content.Blobs.Single(blob => blob.Digest == digest);
            diffIds.Add("sha256:" + await GunzippedDigestAsync(await blob.Content.ReadAsync()));
        }

        return diffIds;
    }

    private static async Task<string> GunzippedDigestAsync(byte[] packed)
    {
        using var gzip = Process.Start(
            new ProcessStartInfo("gzip", ["-dc"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        var plain = SHA256.HashDataAsync(gzip.StandardOutput.BaseStream, Token).AsTask();
        await gzip.StandardInput.BaseStream.WriteAsync(packed, Token);
        gzip.StandardInput.Close();
        var digest = Convert.ToHexStringLower(await plain);
        await gzip.WaitForExitAsync(Token);
        gzip.ExitCode.ShouldBe(0);
        return digest;
    }
}
