using System.Security.Cryptography;
using System.Text;

namespace EcrBuildTasks.Emulator.Tests;

internal static class TestImage
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    public static string Manifest((string Digest, int Size) config, params (string Digest, int Size)[] layers)
    {
        var descriptors = layers.Select(layer =>
            $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{layer.Digest}}","size":{{layer.Size}}}"""
        );
        return $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{config.Digest}}}","size":{{{config.Size}}}},"layers":[{{{string.Join(
                ',',
                descriptors
            )}}}]}
            """;
    }

    public static string Digest(string text) => Digest(Encoding.UTF8.GetBytes(text));

    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
