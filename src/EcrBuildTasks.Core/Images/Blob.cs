namespace EcrBuildTasks.Images;

/// <summary>A configuration or a layer, as a manifest describes it.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits; what its source claims until a registry has checked it.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record Blob(string Digest, BlobContent Content)
{
    /// <summary>The digest's first digits, as Docker shows them.</summary>
    public string ShortId => Images.Digest.Short(Digest);

    /// <summary>In bytes.</summary>
    public long Size => Content.Length;
}
