using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>A short name for one of several targets of a push: the parts that differ from the others.</summary>
internal static class TargetName
{
    /// <returns><see langword="null"/> for the only one.</returns>
    public static string? Of(PushRequest request, IReadOnlyList<PushRequest> all)
    {
        var name = string.Join(
            ' ',
            PartsOf(request)
                .Index()
                .Where(part => all.Any(other => PartsOf(other)[part.Index] != part.Item))
                .Select(part => part.Item)
        );
        return name.Length == 0 ? null : name;
    }

    private static string[] PartsOf(PushRequest request)
    {
        var registry = request.Registry is null ? null : EcrRegistry.Parse(request.Registry);
        return registry is { Kind: RegistryKind.Public }
            ? [registry.Alias ?? registry.Host, "public", request.Repository]
            : [registry?.Account ?? "own", registry?.Region ?? request.Region ?? "own", request.Repository];
    }
}
