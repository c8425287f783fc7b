using Docker.DotNet;
using Docker.DotNet.Models;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Loads an archive's image into the engine for the time of a push.</summary>
internal static class ArchiveLoad
{
    private static readonly string[] LoadedPrefixes = ["Loaded image ID: ", "Loaded image: "];

    /// <param name="images">The engine's images.</param>
    /// <param name="names">Remembers the names that the archive brings.</param>
    /// <param name="source">An archive or a layout.</param>
    /// <exception cref="PushException">The source cannot be read, or the engine does not take it.</exception>
    public static async Task<ImageInspectResponse> RunAsync(
        IImageOperations images,
        EngineNames names,
        ImageSource source,
        CancellationToken cancellationToken
    )
    {
        if (source is ImageSource.Archive { Name: null, Path: var path })
        {
            using var workspace = new Workspace();
            var files = await ImageArchive.ReadAsync(path, workspace, cancellationToken);
            // Only newer engines load an OCI layout as it is.
            if (SavedImages.IsIn(files))
            {
                var saved = new SavedImages(files, workspace);
                var image = await saved.ChooseAsync(name: null, cancellationToken);
                foreach (var name in image.RepoTags?.OfType<string>() ?? [])
                {
                    await names.RememberAsync(name, cancellationToken);
                }

                await using var tar = File.OpenRead(saved.FindParts(image)[0].StoredAt);
                return await LoadAsync(images, names, source, tar, cancellationToken);
            }
        }

        using var content = await ImageContents.OpenAsync(source, EngineSearch.Usual, cancellationToken);
        ImageInspectResponse? loaded = null;
        await SavedImageStream.ReadAsync(
            content,
            async tar => loaded = await LoadAsync(images, names, source, tar, cancellationToken),
            cancellationToken
        );
        return loaded!;
    }

    private static async Task<ImageInspectResponse> LoadAsync(
        IImageOperations images,
        EngineNames names,
        ImageSource source,
        Stream tar,
        CancellationToken cancellationToken
    )
    {
        var present = await images.ListImagesAsync(new ImagesListParameters(), cancellationToken);
        var messages = new LoadStream();
        try
        {
            await images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, tar, messages, cancellationToken);
        }
        catch (DockerApiException e)
        {
            messages.Error ??= EngineConnection.MessageOf(e);
        }

        if (messages.Error is { } error)
        {
            var problem = error.Contains("no space left", StringComparison.Ordinal)
                ? EcrCode.EngineFailed
                : EcrCode.ArchiveInvalid;
            throw new PushException(
                problem,
                $"The Docker Engine could not load the image {source}: {error} To push without an engine, set EcrPushMode to Registry (--mode registry).",
                error
            );
        }

        var image =
            messages.Loaded is { } loaded && await names.FindAsync(loaded, cancellationToken) is { } found
                ? found
                : throw new PushException(
                    EcrCode.ArchiveInvalid,
                    $"The Docker Engine did not find an image in {source}."
                );
        if (!present.Any(known => known.ID == image.ID))
        {
            names.RemoveAfterwards(image.ID!);
        }

        return image;
    }

    private sealed class LoadStream : IProgress<JSONMessage>
    {
        public string? Error { get; set; }

        public string? Loaded { get; private set; }

        public void Report(JSONMessage value)
        {
            Error ??= value.Error?.Message;
            foreach (var line in (value.Stream ?? "").Split('\n'))
            {
                var prefix = Array.Find(LoadedPrefixes, p => line.StartsWith(p, StringComparison.Ordinal));
                Loaded ??= prefix is null ? null : line[prefix.Length..].Trim();
            }
        }
    }
}
