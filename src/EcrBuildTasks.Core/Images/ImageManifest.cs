namespace EcrBuildTasks.Images;

/// <summary>A manifest or an index, byte for byte as a registry is to keep it.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits: the SHA-256 of <paramref name="Content"/>.</param>
/// <param name="MediaType">Its media type, to be sent as Content-Type.</param>
internal sealed record ImageManifest(string Digest, string MediaType, ReadOnlyMemory<byte> Content)
{
    /// <summary>Whether it names other manifests, one for each architecture.</summary>
    public bool IsIndex => MediaTypes.IsIndex(MediaType);
}
