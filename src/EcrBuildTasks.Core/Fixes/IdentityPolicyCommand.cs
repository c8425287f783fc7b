using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Fixes;

/// <summary>The command that adds a statement to an identity policy, as an inline policy of its own.</summary>
internal static class IdentityPolicyCommand
{
    private const int LongestName = 128;

    public static string Instruction(PolicyFix fix)
    {
        var caller = CallerName.Of(fix.Request.Caller);
        return caller switch
        {
            { PermissionSet: { } set } =>
                $"Add this statement to the inline policy of the IAM Identity Center permission set {set} and provision it to account {fix.OwnerAccount}: its role cannot be edited itself.",
            { Kind: CallerName.Type.Role } =>
                $"In account {fix.OwnerAccount}, add this statement to a policy of role {caller.Name}.",
            { Kind: CallerName.Type.User } =>
                $"In account {fix.OwnerAccount}, add this statement to a policy of IAM user {caller.Name}.",
            { Kind: CallerName.Type.FederatedUser } =>
                $"In account {fix.OwnerAccount}, add this statement to a policy of the IAM user that creates the session of federated user {caller.Name}, and allow the same in the session policy that it passes.",
            _ =>
                $"In account {fix.OwnerAccount}, add this statement to an identity policy of {fix.Request.Caller.Arn}.",
        };
    }

    public static string? For(PolicyFix fix)
    {
        var caller = CallerName.Of(fix.Request.Caller);
        var target = caller switch
        {
            { PermissionSet: not null } => null,
            { Kind: CallerName.Type.Role } => $"put-role-policy --role-name {ShellWord.Quote(caller.Name)}",
            { Kind: CallerName.Type.User } => $"put-user-policy --user-name {ShellWord.Quote(caller.Name)}",
            _ => null,
        };
        if (target is null)
        {
            return null;
        }

        var policy = PolicyDocument.Empty.With(fix.Statement).ToJson();
        return $"aws iam {target} --policy-name {ShellWord.Quote(PolicyName(fix.Statement, policy))} --policy-document {ShellWord.Quote(policy)}";
    }

    /// <summary>
    /// Putting an inline policy replaces one of the same name: a name made from the content can only replace itself.
    /// </summary>
    private static string PolicyName(Statement statement, string policy)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(policy)))[..8];
        var name = statement.Sid!;
        return $"{name[..Math.Min(name.Length, LongestName - digest.Length - 1)]}-{digest}";
    }
}
