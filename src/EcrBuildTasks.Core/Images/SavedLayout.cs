namespace EcrBuildTasks.Images;

/// <summary>
/// Reads an OCI layout that is an archive of <c>docker save</c> too, as Docker writes it since version 25. The layout is the image,
/// unless it cannot be pushed as it stands: an index of which the engine holds only one platform, or plain layers.
/// </summary>
internal static class SavedLayout
{
    public static async Task<ImageContent> OpenAsync(
        ImageFiles files,
        string? name,
        Workspace workspace,
        CancellationToken cancellationToken
    )
    {
        var layout = new OciLayout(files, mayLackPlatforms: true);
        var root = await layout.ChooseAsync(name, cancellationToken);
        var content = await layout.OpenAsync(root, cancellationToken);
        if (!layout.LacksPlatforms && !layout.HasPlainLayers)
        {
            return content;
        }

        var saved = new SavedImages(files, workspace);
        var images = await saved.ReadAsync(cancellationToken);
        var known = layout
            .Images.Select(image =>
                (image.Manifest, Saved: images.FirstOrDefault(i => i.Config == Digest.FileName(image.Configuration)))
            )
            .Where(image => image.Saved is not null)
            .ToList();
        return known switch
        {
            [var (_, image)] when layout.HasPlainLayers => await saved.OpenAsync(image!, cancellationToken),
            [var (manifest, _)] => await new OciLayout(files).OpenAsync(DescriptorOf(manifest), cancellationToken),
            // Says what is missing.
            _ => await new OciLayout(files).OpenAsync(root, cancellationToken),
        };
    }

    private static Descriptor DescriptorOf(ImageManifest manifest) =>
        new(
            manifest.MediaType,
            manifest.Digest,
            manifest.Content.Length,
            Urls: null,
            Annotations: null,
            Platform: null
        );
}
