using System.Security.Cryptography;
using System.Text;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A policy of its own, in a role or a user, that holds the statement of a fix.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="IsForRole">Whether a role holds it, and not a user.</param>
/// <param name="Holder">The name of the role or user.</param>
internal sealed record InlinePolicy(string Name, PolicyDocument Policy, bool IsForRole, string Holder)
{
    private const int LongestName = 128;

    /// <returns><see langword="null"/> when the caller cannot hold one: the role of a permission set cannot be edited.</returns>
    public static InlinePolicy? Create(PolicyFix fix)
    {
        var caller = CallerName.FromCaller(fix.Request.Caller);
        if (caller is not { PermissionSet: null, Kind: CallerName.Type.Role or CallerName.Type.User })
        {
            return null;
        }

        var policy = fix.WholePolicy!;
        return new(NameOf(fix.Statement, policy), policy, caller.Kind is CallerName.Type.Role, caller.Name);
    }

    /// <summary>
    /// Putting an inline policy replaces one of the same name: a name made from the content can only replace itself.
    /// </summary>
    private static string NameOf(Statement statement, PolicyDocument policy)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(policy.ToJson())))[..8];
        var name = statement.Sid!;
        return $"{name[..Math.Min(name.Length, LongestName - digest.Length - 1)]}-{digest}";
    }
}
