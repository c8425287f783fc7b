namespace EcrBuildTasks.Policies.Explaining;

/// <summary>Conditions of a policy in words.</summary>
public static class ConditionWords
{
    /// <summary>All conditions of a statement; empty when there are none.</summary>
    internal static string Describe(IReadOnlyList<Condition> conditions) =>
        string.Join(" and ", conditions.Select(Describe));

    /// <summary>A condition: its key, how it is compared, and the values.</summary>
    public static string Describe(Condition condition)
    {
        if (condition.Parsed is not { } parsed)
        {
            return $"{condition.Operator} {condition.Key} {Values(condition)} (unknown operator)";
        }

        if (parsed.Comparison is Comparison.Null)
        {
            return $"{condition.Key} is {(condition.Values is ["true"] ? "absent" : "present")}";
        }

        var subject = parsed.Quantifier switch
        {
            SetQuantifier.ForAnyValue => $"any value of {condition.Key}",
            SetQuantifier.ForAllValues => $"every value of {condition.Key}",
            _ => condition.Key,
        };
        return $"{subject} {Verb(parsed)} {Values(condition)}{(parsed.IfExists ? ", if it is present" : "")}";
    }

    private static string Values(Condition condition) => string.Join(" or ", condition.Values);

    private static string Verb(ConditionOperator parsed) =>
        (parsed.Comparison, parsed.IsNegated) switch
        {
            (Comparison.StringPattern or Comparison.Arn, false) => "matches",
            (Comparison.StringPattern or Comparison.Arn, true) => "does not match",
            (Comparison.IpAddress, false) => "is in",
            (Comparison.IpAddress, true) => "is not in",
            (Comparison.NumericLessThan, _) => "is less than",
            (Comparison.NumericLessThanEquals, _) => "is at most",
            (Comparison.NumericGreaterThan, _) => "is greater than",
            (Comparison.NumericGreaterThanEquals, _) => "is at least",
            (Comparison.DateLessThan, _) => "is before",
            (Comparison.DateLessThanEquals, _) => "is not after",
            (Comparison.DateGreaterThan, _) => "is after",
            (Comparison.DateGreaterThanEquals, _) => "is not before",
            (_, true) => "is not",
            _ => "is",
        };
}
