using System.Net.Sockets;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Lint;

/// <summary>Conditions that match nothing as they are written, and conditions of an Allow that restrict nothing.</summary>
internal static class ConditionRules
{
    /// <summary>The keys that tell one account or network from another. Anyone can give the others the required value.</summary>
    private static readonly HashSet<string> CallerKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        PossiblePrincipalArns.Key,
        "aws:PrincipalAccount",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceIp",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "aws:userid",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
    };

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    private static readonly HashSet<string> AlwaysPresent = new(StringComparer.OrdinalIgnoreCase)
    {
        PossiblePrincipalArns.Key,
        "aws:CurrentTime",
        "aws:EpochTime",
        "aws:PrincipalAccount",
        "aws:PrincipalType",
        "aws:RequestedRegion",
        "aws:SecureTransport",
        "aws:userid",
    };

    public static IEnumerable<LintFinding> Check(LintedStatement linted)
    {
        foreach (var condition in linted.Statement.Conditions)
        {
            if (Unusable(condition) is { } mistake)
            {
                yield return linted.Finding(
                    LintProblem.UnusableCondition,
                    $"has the condition {condition.Operator} on {condition.Key}, {mistake}"
                );
            }
            else if (linted.Statement.Effect is Effect.Allow && WithoutEffect(condition, linted.Statement) is { } why)
            {
                yield return linted.Finding(
                    LintProblem.ConditionWithoutEffect,
                    $"has the condition {condition.Operator} on {condition.Key}, {why}"
                );
            }
        }
    }

    /// <summary>Whether the condition keeps out callers of other accounts, organizations or networks.</summary>
    public static bool RestrictsCallers(Condition condition, Statement statement) =>
        // What AWS does not accept has a finding of its own.
        condition.Parsed
            is not { } parsed
        || parsed is { IsNegated: false, Comparison: not Comparison.Null }
            && CallerKeys.Contains(condition.Key)
            && !HoldsWithoutKey(condition, statement)
            && condition.Values.All(value => NamesOne(parsed.Comparison, value));

    private static string? Unusable(Condition condition) =>
        condition.Parsed is not { } parsed ? "an operator that does not exist. Use an operator such as StringEquals."
        : parsed.Comparison is Comparison.String or Comparison.StringIgnoreCase
        && CallerKeys.Contains(condition.Key)
        && Array.Find([.. condition.Values], HasWildcard) is { } pattern
            ? $"which compares with {pattern} as literal text, so that no caller matches. Use {(pattern.StartsWith("arn:", StringComparison.Ordinal) ? "Arn" : "String")}{(parsed.IsNegated ? "Not" : "")}Like for wildcards."
        : parsed.Comparison is Comparison.Arn && Array.Find([.. condition.Values], value => !IsArn(value)) is { } text
            ? $"which requires an ARN, but {text} is not one, so that it matches nothing. Write the six parts of an ARN, such as arn:aws:iam::111122223333:role/ci."
        : null;

    private static string? WithoutEffect(Condition condition, Statement statement) =>
        HoldsWithoutKey(condition, statement)
            ? $"which also holds if a request does not have {condition.Key}, so that it restricts no such request. {(condition.Parsed!.IfExists ? "Remove IfExists" : "Use ForAnyValue")}, or add the condition Null with the value false for {condition.Key}."
        : Array.Find([.. condition.Values], value => MatchesAll(condition, value)) is { } pattern
            ? $"which always holds, because {pattern} matches every value. Name the callers to allow."
        : null;

    /// <summary>Whether the condition holds for a request without its key, and no other condition requires the key.</summary>
    private static bool HoldsWithoutKey(Condition condition, Statement statement) =>
        condition.Parsed is { } parsed
        && (parsed.IfExists || parsed.Quantifier is SetQuantifier.ForAllValues)
        && !AlwaysPresent.Contains(condition.Key)
        && !statement.Conditions.Any(other =>
            string.Equals(other.Key, condition.Key, StringComparison.OrdinalIgnoreCase) && RequiresKey(other)
        );

    private static bool RequiresKey(Condition condition) =>
        condition.Parsed switch
        {
            { Comparison: Comparison.Null } => condition.Values.All(value =>
                string.Equals(value, "false", StringComparison.OrdinalIgnoreCase)
            ),
            { IfExists: false, Quantifier: SetQuantifier.ForAnyValue } => true,
            { IfExists: false, Quantifier: SetQuantifier.None, IsNegated: false } => true,
            _ => false,
        };

    private static bool MatchesAll(Condition condition, string value) =>
        AlwaysPresent.Contains(condition.Key)
        && condition.Parsed switch
        {
            { IsNegated: true } => false,
            { Comparison: Comparison.StringPattern or Comparison.Arn } => Wildcard.IsMatch(
                value,
                TextThatOnlyWildcardsMatch(condition.Key)
            ),
            { Comparison: Comparison.Null } => string.Equals(value, "false", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };

    private static string TextThatOnlyWildcardsMatch(string key) =>
        key.EndsWith("Arn", StringComparison.OrdinalIgnoreCase)
            ? $"arn:aws:iam::{new string('\u0001', 12)}:\u0001/\u0001"
        : key.EndsWith("Account", StringComparison.OrdinalIgnoreCase) ? new string('\u0001', 12)
        : "\u0001";

    /// <summary>Whether the value, a pattern perhaps, is of one account, organization or network.</summary>
    private static bool NamesOne(Comparison comparison, string value) =>
        !value.Contains("${", StringComparison.Ordinal)
        && comparison switch
        {
            Comparison.String or Comparison.StringIgnoreCase => true,
            Comparison.StringPattern or Comparison.Arn => Arn.Parse(value) is { } arn
                ? !HasWildcard(arn.Account.Length > 0 ? arn.Account : arn.Resource)
                : !HasWildcard(value.Split('/', ':')[0]),
            // AWS counts a larger range as public: an IPv4 prefix below /8, an IPv6 prefix below /32.
            Comparison.IpAddress => AddressRange.TryParse(value, out var range)
                && range.Last - range.First < UInt128.One << (range.Family is AddressFamily.InterNetwork ? 24 : 96),
            _ => false,
        };

    private static bool HasWildcard(string text) => text.AsSpan().ContainsAny('*', '?');

    private static bool IsArn(string text) => Arn.Parse(text) is not null;
}
