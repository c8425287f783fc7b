namespace EcrBuildTasks.Push;

/// <summary>Where an image is before it is pushed.</summary>
public abstract record ImageSource
{
    private ImageSource() { }

    /// <summary>
    /// An archive file in <c>docker save</c> format, gzipped or not: what the .NET SDK writes for
    /// <c>ContainerArchiveOutputPath</c>.
    /// </summary>
    /// <param name="Path">The file's path.</param>
    public sealed record Archive(string Path) : ImageSource
    {
        /// <summary>The path.</summary>
        public override string ToString() => Path;
    }

    /// <summary>An image that the engine already holds.</summary>
    /// <param name="NameOrId">Its name with tag, or its id.</param>
    public sealed record EngineImage(string NameOrId) : ImageSource
    {
        /// <summary>The name or id.</summary>
        public override string ToString() => NameOrId;
    }
}
