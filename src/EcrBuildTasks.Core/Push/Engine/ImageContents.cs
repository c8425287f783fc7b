using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Makes the content to be pushed out of any source.</summary>
internal static class ImageContents
{
    /// <summary>
    /// Opens an image. Layers are not read, unless they must be unpacked or compressed: then they stand in a temporary
    /// folder until the content is disposed of.
    /// </summary>
    /// <param name="source">Where the image is.</param>
    /// <param name="engine">Where the engine is that holds it.</param>
    /// <param name="cancellationToken">Stops the opening and removes what it has written.</param>
    /// <exception cref="PushException">It is missing, damaged, incomplete, or of a kind that cannot be pushed.</exception>
    public static async Task<ImageContent> OpenAsync(
        ImageSource source,
        EngineSearch engine,
        CancellationToken cancellationToken
    )
    {
        var workspace = new Workspace();
        try
        {
            var content = await OpenAsync(source, engine, workspace, cancellationToken);
            content.Workspace = workspace;
            return content;
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }

    /// <summary>The same with a workspace of the caller's, who hears there of each layer that is ready.</summary>
    /// <param name="source">Where the image is.</param>
    /// <param name="engine">Where the engine is that holds it.</param>
    /// <param name="workspace">Where layers are unpacked or compressed; it has to outlive the content.</param>
    /// <exception cref="PushException">
    /// It is missing, damaged, incomplete, or of a kind that cannot be pushed.
    /// </exception>
    public static async Task<ImageContent> OpenAsync(
        ImageSource source,
        EngineSearch engine,
        Workspace workspace,
        CancellationToken cancellationToken
    )
    {
        var (files, name) = source switch
        {
            ImageSource.Archive archive => (
                await ImageArchive.ReadAsync(archive.Path, workspace, cancellationToken),
                archive.Name
            ),
            ImageSource.OciLayout layout => (new FolderFiles(layout.Path), layout.Name),
            ImageSource.EngineImage image => (
                await EngineExport.ReceiveAsync(image.NameOrId, engine, workspace, cancellationToken),
                Name: null
            ),
            _ => throw new ArgumentException($"Unknown source {source}.", nameof(source)),
        };
        return await ImageArchive.OpenAsync(files, name, workspace, cancellationToken);
    }
}
