namespace EcrBuildTasks.Images;

/// <summary>A layer that its source holds plain, compressed for the way.</summary>
/// <param name="Blob">Its gzipped bytes.</param>
/// <param name="DiffId">The digest of the plain bytes.</param>
internal sealed record PackedLayer(Blob Blob, string DiffId);
