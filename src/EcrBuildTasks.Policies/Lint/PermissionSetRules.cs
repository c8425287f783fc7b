using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>Names of IAM Identity Center roles, <c>AWSReservedSSO_</c>, the permission set, <c>_</c> and 16 changing characters.</summary>
internal static partial class PermissionSetRules
{
    public static IEnumerable<LintFinding> Check(LintedStatement linted)
    {
        var named = linted
            .Statement.Principal?.Principals.Where(principal => principal.Kind is PrincipalKind.Role)
            .Select(principal => principal.Text);
        var compared = linted.CallerConditions.SelectMany(condition => condition.Values).ToList();
        foreach (var arn in (named ?? []).Concat(compared))
        {
            if (Exact().Match(arn) is { Success: true } exact && !IsKnown(exact.Groups["role"].Value, linted.Context))
            {
                yield return linted.Finding(
                    LintProblem.PermissionSetSuffix,
                    $"names {arn}{(linted.Context.PermissionSetRoles is null ? ", whose last 16 characters change when the permission set is removed from the account and assigned again" : ", which does not exist: the permission set was removed and assigned again, so its role now has a different suffix")}. Allow the account with the condition ArnLike on aws:PrincipalArn, and write 16 question marks for the suffix."
                );
            }
        }

        foreach (var pattern in compared.Where(value => Unanchored().IsMatch(value)))
        {
            yield return linted.Finding(
                LintProblem.UnanchoredPermissionSet,
                $"compares with {pattern}, which also matches other permission sets whose names start or end the same way. Write AWSReservedSSO_ after a slash, and end the pattern with an underscore and 16 question marks."
            );
        }
    }

    private static bool IsKnown(string role, LintContext context) =>
        context.PermissionSetRoles?.Contains(role, StringComparer.Ordinal) ?? false;

    [GeneratedRegex(
        @":role/(.*/)?(?<role>AWSReservedSSO_[^*?/]+_[0-9a-f]{16})\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Exact();

    [GeneratedRegex(
        @"AWSReservedSSO_[^*?/]+[^/]*\*|[^/]AWSReservedSSO_[^*?/]",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Unanchored();
}
