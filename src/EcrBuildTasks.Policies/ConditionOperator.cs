namespace EcrBuildTasks.Policies;

/// <summary>How a condition compares its key's value with its own values.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html</remarks>
internal enum Comparison
{
    String,
    StringIgnoreCase,
    StringPattern,
    Arn,
    NumericEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    Binary,
    IpAddress,
    Null,
}

/// <summary>Which of a key's values have to match.</summary>
internal enum SetQuantifier
{
    None,
    ForAnyValue,
    ForAllValues,
}

/// <summary>A condition operator such as <c>ForAnyValue:StringNotLikeIfExists</c>, taken apart.</summary>
internal sealed record ConditionOperator(
    Comparison Comparison,
    bool IsNegated = false,
    bool IfExists = false,
    SetQuantifier Quantifier = SetQuantifier.None
)
{
    private const string IfExistsSuffix = "IfExists";

    /// <returns>The operator; <see langword="null"/> when AWS knows none of this name.</returns>
    public static ConditionOperator? Parse(string text)
    {
        var (quantifier, rest) = text.Split(':', 2) switch
        {
            ["ForAnyValue", var after] => (SetQuantifier.ForAnyValue, after),
            ["ForAllValues", var after] => (SetQuantifier.ForAllValues, after),
            _ => (SetQuantifier.None, text),
        };
        var ifExists = rest.EndsWith(IfExistsSuffix, StringComparison.Ordinal);
        var plain = Plain(ifExists ? rest[..^IfExistsSuffix.Length] : rest);
        // Null is the one operator that takes neither IfExists nor a set operator.
        return plain is { Comparison: Comparison.Null } && (ifExists || quantifier is not SetQuantifier.None) ? null
            : plain is null ? null
            : plain with { IfExists = ifExists, Quantifier = quantifier };
    }

    private static ConditionOperator? Plain(string name) =>
        name switch
        {
            "StringEquals" => new(Comparison.String),
            "StringNotEquals" => new(Comparison.String, IsNegated: true),
            "StringEqualsIgnoreCase" => new(Comparison.StringIgnoreCase),
            "StringNotEqualsIgnoreCase" => new(Comparison.StringIgnoreCase, IsNegated: true),
            "StringLike" => new(Comparison.StringPattern),
            "StringNotLike" => new(Comparison.StringPattern, IsNegated: true),
            "ArnEquals" or "ArnLike" => new(Comparison.Arn),
            "ArnNotEquals" or "ArnNotLike" => new(Comparison.Arn, IsNegated: true),
            "NumericEquals" => new(Comparison.NumericEquals),
            "NumericNotEquals" => new(Comparison.NumericEquals, IsNegated: true),
            "NumericLessThan" => new(Comparison.NumericLessThan),
            "NumericLessThanEquals" => new(Comparison.NumericLessThanEquals),
            "NumericGreaterThan" => new(Comparison.NumericGreaterThan),
            "NumericGreaterThanEquals" => new(Comparison.NumericGreaterThanEquals),
            "DateEquals" => new(Comparison.DateEquals),
            "DateNotEquals" => new(Comparison.DateEquals, IsNegated: true),
            "DateLessThan" => new(Comparison.DateLessThan),
            "DateLessThanEquals" => new(Comparison.DateLessThanEquals),
            "DateGreaterThan" => new(Comparison.DateGreaterThan),
            "DateGreaterThanEquals" => new(Comparison.DateGreaterThanEquals),
            "Bool" => new(Comparison.Bool),
            "BinaryEquals" => new(Comparison.Binary),
            "IpAddress" => new(Comparison.IpAddress),
            "NotIpAddress" => new(Comparison.IpAddress, IsNegated: true),
            "Null" => new(Comparison.Null),
            _ => null,
        };
}
