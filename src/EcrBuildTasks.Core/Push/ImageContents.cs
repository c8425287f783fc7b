using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Push;

/// <summary>Makes the content to be pushed out of any source.</summary>
internal static class ImageContents
{
    /// <summary>
    /// Opens an image. Layers are not read, unless they must be unpacked or compressed: then they stand in a temporary
    /// folder until the content is disposed of.
    /// </summary>
    /// <param name="source">Where the image is.</param>
    /// <param name="dockerHost">The engine that holds it, in the form of <c>DOCKER_HOST</c>; <see langword="null"/> for the usual one.</param>
    /// <param name="cancellationToken">Stops the opening and removes what it has written.</param>
    /// <exception cref="PushException">It is missing, damaged, incomplete, or of a kind that cannot be pushed.</exception>
    public static async Task<ImageContent> OpenAsync(
        ImageSource source,
        string? dockerHost,
        CancellationToken cancellationToken
    )
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
                _ => throw new NotSupportedException($"{source} of {dockerHost}"),
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
