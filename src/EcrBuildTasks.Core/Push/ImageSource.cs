namespace EcrBuildTasks.Push;

/// <summary>Where an image is before it is pushed.</summary>
public abstract record ImageSource
{
    private ImageSource() { }

    /// <summary>Reads what a user names: the path of an archive, or an image in the engine.</summary>
    /// <exception cref="PushException">It is a path, and nothing is there (<see cref="PushProblem.EngineImageNotFound"/>).</exception>
    public static ImageSource Parse(string text)
    {
        if (File.Exists(text))
        {
            return new Archive(System.IO.Path.GetFullPath(text));
        }

        return IsPath(text)
            ? throw new PushException(
                PushProblem.EngineImageNotFound,
                $"There is no archive {System.IO.Path.GetFullPath(text)}."
            )
            : new EngineImage(text);
    }

    private static bool IsPath(string text) =>
        System.IO.Path.IsPathRooted(text)
        || text.StartsWith('.')
        || text.EndsWith(".tar", StringComparison.OrdinalIgnoreCase)
        || text.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
        || text.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

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
