using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Push;

/// <summary>Makes the content to be pushed out of any source.</summary>
internal static class ImageContents
{
    /// <summary>
    /// Opens an image. Layers are not read, unless they must be unpacked or compressed: then they stand in a temporary
    /// folder until the content is disposed of.
    /// </summary>
    /// <exception cref="PushException">It is missing, damaged, incomplete, or of a kind that cannot be pushed.</exception>
    public static async Task<ImageContent> OpenAsync(ImageSource source, CancellationToken cancellationToken)
    {
        var workspace = new Workspace();
        try
        {
            var content = source switch
            {
                ImageSource.Archive archive => await ImageArchive.OpenAsync(
                    await ImageArchive.ReadAsync(archive.Path, workspace, cancellationToken),
                    archive.Name,
                    workspace,
                    cancellationToken
                ),
                ImageSource.OciLayout layout => await ImageArchive.OpenAsync(
                    new FolderFiles(layout.Path),
                    layout.Name,
                    workspace,
                    cancellationToken
                ),
                _ => throw new ArgumentException($"Unknown source {source}.", nameof(source)),
            };
            content.Workspace = workspace;
            return content;
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }
}
