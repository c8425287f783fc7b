namespace EcrBuildTasks.Policies.Fixes;

/// <summary>The command that adds a statement to a repository policy.</summary>
internal static class RepositoryPolicyCommand
{
    // SetRepositoryPolicy replaces the whole policy, so the statement is merged into what is there at that moment:
    // a lone statement may stand without an array, the same statement is not added twice, and its Sid stays unique.
    private const string ReadMergeWrite = """
        (
          error=$(mktemp) || exit 1
          trap 'rm -f "$error"' EXIT
          if ! policy=$(aws SERVICE get-repository-policy REPOSITORY --query policyText --output text 2>"$error"); then
            grep -q RepositoryPolicyNotFoundException "$error" || { cat "$error" >&2; exit 1; }
            policy='{"Version":"2012-10-17","Statement":[]}'
          fi
          add=STATEMENT
          policy=$(printf '%s' "$policy" | jq -ce --argjson add "$add" '
            .Statement |= (if type == "array" then . else [.] end)
            | [.Statement[].Sid] as $taken
            | (([$add.Sid] + [range(2; 1000) | $add.Sid + tostring]) - $taken) as $free
            | if any(.Statement[]; del(.Sid) == ($add | del(.Sid))) then .
              else .Statement += [$add | .Sid = $free[0]] end
          ') || exit 1
          aws SERVICE set-repository-policy REPOSITORY --policy-text "$policy"
        )
        """;

    public static string Instruction(PolicyFix fix) =>
        fix.IsTooLong
            ? $"The policy of repository {Name(fix)} in account {fix.OwnerAccount} would exceed ECR's limit of {PolicyFix.LongestRepositoryPolicy} characters: shorten it, then add this statement."
            : $"In account {fix.OwnerAccount}, add this to the policy of {Name(fix)}{AndCaller(fix)}.{RolePath(fix)}";

    private static string AndCaller(PolicyFix fix) =>
        fix.Request.IsSameAccount ? "" : $"; {fix.Request.Caller.Account} must allow it too";

    private static string RolePath(PolicyFix fix) =>
        fix is { Request.RoleArn: null, Statement.Principal.Principals: [{ Kind: PrincipalKind.Role }] }
            ? " If the role has a path, use its full ARN; Amazon ECR rejects a role ARN that does not exist."
            : "";

    public static string? For(PolicyFix fix)
    {
        if (fix.IsTooLong)
        {
            return null;
        }

        return fix.Request is { RepositoryPolicySeen: true, RepositoryPolicy: null }
            ? Set(fix, ShellWord.Quote(fix.ChangedPolicy!.ToJson()))
            : ReadMergeWrite
                .Replace("SERVICE", Service(fix), StringComparison.Ordinal)
                .Replace("REPOSITORY", Repository(fix), StringComparison.Ordinal)
                .Replace("STATEMENT", ShellWord.Quote(fix.Statement.ToJson()), StringComparison.Ordinal);
    }

    private static string Set(PolicyFix fix, string policy) =>
        $"aws {Service(fix)} set-repository-policy {Repository(fix)} --policy-text {policy}";

    private static string Service(PolicyFix fix) => fix.Request.IsPublic ? "ecr-public" : "ecr";

    private static string Repository(PolicyFix fix) =>
        $"--registry-id {ShellWord.Quote(fix.OwnerAccount)} --repository-name {ShellWord.Quote(Name(fix))}"
        + $" --region {ShellWord.Quote(fix.Request.Region)}";

    private static string Name(PolicyFix fix) => fix.Request.RepositoryName;
}
