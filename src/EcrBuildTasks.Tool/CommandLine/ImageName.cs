using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>An image as people write it: <c>host/repository:tag</c>, or <c>repository:tag</c> in the caller's own registry.</summary>
/// <param name="Registry">The registry's host, if one was written.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Tag">The tag; <c>latest</c> unless one was written, as docker has it.</param>
internal sealed record ImageName(string? Registry, string Repository, string Tag)
{
    private const string DefaultTag = "latest";

    /// <summary>Reads an image; what it is made of is checked when it is used.</summary>
    public static ImageName Parse(string text)
    {
        var rest = text.Trim();
        string? registry = null;
        // As docker has it: what looks like a host is one.
        if (rest.Split('/', 2) is [var host, var path] && (host.Contains('.') || host.Contains(':')))
        {
            (registry, rest) = (EcrRegistry.Parse(host).Host, path);
        }

        var colon = rest.LastIndexOf(':');
        return colon > rest.LastIndexOf('/')
            ? new(registry, rest[..colon], rest[(colon + 1)..])
            : new(registry, rest, DefaultTag);
    }
}
