using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies;

internal enum CallerKind
{
    Other,
    User,
    RoleSession,
    FederatedUser,
    Root,
}

/// <summary>A caller's ARN, taken apart.</summary>
internal readonly ref struct CallerPrincipal
{
    private CallerPrincipal(CallerKind kind, ReadOnlySpan<char> partition, ReadOnlySpan<char> name)
    {
        Kind = kind;
        Partition = partition;
        Name = name;
    }

    public CallerKind Kind { get; }

    public ReadOnlySpan<char> Partition { get; }

    /// <summary>Of a role's session the role's name, which has no path; else what follows the kind.</summary>
    public ReadOnlySpan<char> Name { get; }

    public static CallerPrincipal FromCaller(Caller caller)
    {
        Span<Range> parts = stackalloc Range[6];
        var arn = caller.Arn.AsSpan();
        if (!Arn.TrySplit(arn, parts))
        {
            return default;
        }

        var partition = arn[parts[1]];
        var resource = arn[parts[5]];
        if (resource.SequenceEqual("root"))
        {
            return new CallerPrincipal(CallerKind.Root, partition, resource);
        }

        var slash = resource.IndexOf('/');
        if (slash < 0)
        {
            return default;
        }

        var name = resource[(slash + 1)..];
        return resource[..slash] switch
        {
            "user" => new CallerPrincipal(CallerKind.User, partition, name),
            "federated-user" => new CallerPrincipal(CallerKind.FederatedUser, partition, name),
            "assumed-role" => new CallerPrincipal(CallerKind.RoleSession, partition, BeforeSlash(name)),
            // The role itself never calls, but one may ask what any session of it may do.
            "role" => new CallerPrincipal(CallerKind.RoleSession, partition, name[(name.LastIndexOf('/') + 1)..]),
            _ => default,
        };
    }

    private static ReadOnlySpan<char> BeforeSlash(ReadOnlySpan<char> text) =>
        text.IndexOf('/') is >= 0 and var slash ? text[..slash] : text;
}
