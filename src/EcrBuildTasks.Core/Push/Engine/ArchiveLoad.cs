using Docker.DotNet;
using Docker.DotNet.Models;
using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Loads an archive's image into the engine for the time of a push.</summary>
internal static class ArchiveLoad
{
    private static readonly string[] LoadedPrefixes = ["Loaded image ID: ", "Loaded image: "];

    /// <exception cref="PushException">The archive cannot be read, or the engine does not take it.</exception>
    public static async Task<(string ImageId, long Size)> RunAsync(
        IImageOperations images,
        EngineNames names,
        string path,
        CancellationToken cancellationToken
    )
    {
        var archive = await DockerArchive.ReadAsync(path, cancellationToken);
        foreach (var name in archive.Names)
        {
            await names.RememberAsync(name, cancellationToken);
        }

        var present = await images.ListImagesAsync(new ImagesListParameters(), cancellationToken);
        var messages = new LoadStream();
        await using (var tar = DockerArchive.Open(path))
        {
            try
            {
                await images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, tar, messages, cancellationToken);
            }
            catch (DockerApiException e)
            {
                messages.Error ??= EngineConnection.MessageOf(e);
            }
        }

        if (messages.Error is { } error)
        {
            var problem = error.Contains("no space left", StringComparison.Ordinal)
                ? PushProblem.EngineFailure
                : PushProblem.ArchiveInvalid;
            throw new PushException(
                problem,
                $"The Docker Engine does not load the image archive {path}: {error}",
                error
            );
        }

        var image =
            messages.Loaded is { } loaded && await names.FindAsync(loaded, cancellationToken) is { } found
                ? found
                : throw new PushException(
                    PushProblem.ArchiveInvalid,
                    $"The Docker Engine found no image in the archive {path}."
                );
        if (!present.Any(known => known.ID == image.ID))
        {
            names.RemoveAfterwards(image.ID!);
        }

        return (image.ID!, archive.SizeInBytes > 0 ? archive.SizeInBytes : image.Size);
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
