namespace EcrBuildTasks.Policies.Fixes;

/// <summary>The command that adds a statement to an identity policy, as an inline policy of its own.</summary>
internal static class IdentityPolicyCommand
{
    public static string Instruction(PolicyFix fix)
    {
        var caller = CallerName.FromCaller(fix.Request.Caller);
        var what = fix.Also.Count == 0 ? "this statement" : "these statements";
        return caller switch
        {
            { PermissionSet: { } set } =>
                $"Add {what} to the inline policy of the IAM Identity Center permission set {set} and provision it to account {fix.OwnerAccount}. The role of a permission set cannot be edited directly.",
            { Kind: CallerName.Type.Role } =>
                $"In account {fix.OwnerAccount}, add {what} to a policy of role {caller.Name}.",
            { Kind: CallerName.Type.User } =>
                $"In account {fix.OwnerAccount}, add {what} to a policy of IAM user {caller.Name}.",
            { Kind: CallerName.Type.FederatedUser } =>
                $"In account {fix.OwnerAccount}, add {what} to a policy of the IAM user that creates the session of federated user {caller.Name}, and allow the same actions in the session policy of the request.",
            _ => $"In account {fix.OwnerAccount}, add {what} to an identity policy of {fix.Request.Caller.Arn}.",
        };
    }

    public static string? For(PolicyFix fix)
    {
        if (InlinePolicy.Create(fix) is not { } inline)
        {
            return null;
        }

        var holder = ShellWord.Quote(inline.Holder);
        var put = inline.IsForRole ? $"put-role-policy --role-name {holder}" : $"put-user-policy --user-name {holder}";
        return $"aws iam {put} --policy-name {ShellWord.Quote(inline.Name)} --policy-document {ShellWord.Quote(inline.Policy.ToJson())}";
    }
}
