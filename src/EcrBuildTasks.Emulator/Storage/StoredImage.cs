namespace EcrBuildTasks.Emulator.Storage;

/// <summary>An image, or an index of images, in a repository.</summary>
/// <param name="Account">The 12 digits of the registry's account.</param>
/// <param name="Region">The registry's region; <c>public</c> for the public registry of the account.</param>
/// <param name="Repository">The repository's name, with its namespaces.</param>
/// <param name="Digest">The digest of the manifest, <c>sha256:…</c>.</param>
/// <param name="Tags">The tags in alphabetical order; none for an image that only an index or a digest refers to.</param>
/// <param name="MediaType">The media type of the manifest, by which an index can be told from an image.</param>
public sealed record StoredImage(
    string Account,
    string Region,
    string Repository,
    string Digest,
    IReadOnlyList<string> Tags,
    string MediaType
);
