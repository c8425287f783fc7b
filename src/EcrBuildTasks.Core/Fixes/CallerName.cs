using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Fixes;

/// <summary>What a caller's ARN names, as far as a fix has to know it.</summary>
internal sealed partial record CallerName(CallerName.Type Kind, string Partition, string Account, string Name)
{
    internal enum Type
    {
        Role,
        User,
        FederatedUser,
        Root,
        Other,
    }

    /// <summary>The name of the IAM Identity Center permission set behind the role; <see langword="null"/> for other callers.</summary>
    public string? PermissionSet =>
        Kind is Type.Role && IdentityCenterRole().Match(Name) is { Success: true } match
            ? match.Groups["set"].Value
            : null;

    /// <summary>The name as a word of a <c>Sid</c>.</summary>
    public string SidWord => Fixes.SidWord.Of(PermissionSet ?? Name);

    public static CallerName Of(Caller caller)
    {
        var parts = caller.Arn.Split(':', 6);
        if (parts.Length < 6)
        {
            return new CallerName(Type.Other, "aws", caller.Account, "");
        }

        var path = parts[5].Split('/');
        var (kind, name) = path[0] switch
        {
            "assumed-role" when path.Length > 1 => (Type.Role, path[1]),
            "role" => (Type.Role, path[^1]),
            "user" => (Type.User, path[^1]),
            "federated-user" => (Type.FederatedUser, path[^1]),
            "root" => (Type.Root, "root"),
            _ => (Type.Other, ""),
        };
        return new CallerName(kind, parts[1], caller.Account, name);
    }

    [GeneratedRegex(
        "^AWSReservedSSO_(?<set>.+)_[0-9a-f]{16}$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex IdentityCenterRole();
}
