namespace EcrBuildTasks.Push.Images;

/// <summary>A layer that its source holds plain, compressed for the way.</summary>
/// <param name="StoredAt">The file with the gzipped bytes.</param>
/// <param name="Digest">Their digest.</param>
/// <param name="Length">Their number.</param>
/// <param name="DiffId">The digest of the plain bytes.</param>
internal sealed record PackedLayer(string StoredAt, string Digest, long Length, string DiffId);
