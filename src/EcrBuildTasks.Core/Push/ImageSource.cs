using EcrBuildTasks.Failures;
using EcrBuildTasks.Images.Packing;
using IO = System.IO;

namespace EcrBuildTasks.Push;

/// <summary>Where an image is before it is pushed.</summary>
public abstract record ImageSource
{
    private ImageSource() { }

    /// <summary>
    /// Reads what a user names: the path of an archive or of an OCI layout's folder, either with <c>:name</c> to choose one
    /// of several images as skopeo does, or an image in the engine.
    /// </summary>
    /// <exception cref="PushException">
    /// The path does not exist (<see cref="EcrCode.SourceImageMissing"/>) or is a folder that is not an OCI layout
    /// (<see cref="EcrCode.ArchiveInvalid"/>).
    /// </exception>
    public static ImageSource Parse(string text)
    {
        if (FromPath(text, name: null) is { } whole)
        {
            return whole;
        }

        for (var colon = text.IndexOf(':'); colon > 0; colon = text.IndexOf(':', colon + 1))
        {
            if (colon < text.Length - 1 && FromPath(text[..colon], text[(colon + 1)..]) is { } chosen)
            {
                return chosen;
            }
        }

        return IsPath(text)
            ? throw new PushException(
                EcrCode.SourceImageMissing,
                $"The archive or OCI layout {IO.Path.GetFullPath(text)} does not exist."
            )
            : new EngineImage(text);
    }

    private static ImageSource? FromPath(string path, string? name)
    {
        if (File.Exists(path))
        {
            return new Archive(IO.Path.GetFullPath(path)) { Name = name };
        }

        if (!Directory.Exists(path))
        {
            return null;
        }

        // A folder that happens to have the name of an image does not hide the image.
        var missing = Array.Find(["oci-layout", "index.json"], file => !File.Exists(IO.Path.Combine(path, file)));
        return missing switch
        {
            null => new OciLayout(IO.Path.GetFullPath(path)) { Name = name },
            _ when name is not null && !IsPath(path) => null,
            _ => throw new PushException(
                EcrCode.ArchiveInvalid,
                $"The folder {IO.Path.GetFullPath(path)} is not an OCI layout: {missing} is missing. Specify a folder with oci-layout and index.json, an archive, or an image of the engine with its tag."
            ),
        };
    }

    private static bool IsPath(string text) =>
        IO.Path.IsPathRooted(text)
        || text.StartsWith('.')
        || text.EndsWith(".tar", StringComparison.OrdinalIgnoreCase)
        || text.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
        || text.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// An archive file, gzipped or not: in <c>docker save</c> format or an OCI layout, which is what the .NET SDK writes for
    /// <c>ContainerArchiveOutputPath</c>.
    /// </summary>
    /// <param name="Path">The file's path.</param>
    internal sealed record Archive(string Path) : ImageSource
    {
        /// <summary>Which of several images: its name as the archive gives it; <see langword="null"/> for the only one.</summary>
        public string? Name { get; init; }

        /// <summary>The path and, if given, the name.</summary>
        public override string ToString() => Name is null ? Path : $"{Path}:{Name}";
    }

    /// <summary>A folder that holds an OCI image layout.</summary>
    /// <param name="Path">The folder's path.</param>
    public sealed record OciLayout(string Path) : ImageSource
    {
        /// <summary>Which of several images: its <c>org.opencontainers.image.ref.name</c>; <see langword="null"/> for the only one.</summary>
        public string? Name { get; init; }

        /// <summary>The path and, if given, the name.</summary>
        public override string ToString() => Name is null ? Path : $"{Path}:{Name}";
    }

    /// <summary>An image of the .NET SDK without the layers of its base image.</summary>
    /// <param name="Layouts">The folders that <see cref="ImagePacking"/> has written, one for each platform.</param>
    /// <param name="BaseRegistry">The registry of the base image, where its layers are.</param>
    /// <param name="BaseRepository">The repository of the base image.</param>
    internal sealed record Packed(IReadOnlyList<string> Layouts, string BaseRegistry, string BaseRepository)
        : ImageSource
    {
        public override string ToString() => string.Join(" and ", Layouts);
    }

    /// <summary>An image that the engine already holds.</summary>
    /// <param name="NameOrId">Its name with tag, or its id.</param>
    public sealed record EngineImage(string NameOrId) : ImageSource
    {
        public override string ToString() => NameOrId;
    }
}
