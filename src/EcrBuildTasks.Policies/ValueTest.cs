namespace EcrBuildTasks.Policies;

/// <summary>One value of a condition, ready to be compared with a value of the request.</summary>
internal abstract class ValueTest
{
    /// <summary>Whether the request's value matches; the caller applies negation.</summary>
    public abstract Truth Matches(string contextValue, in Question question);

    public static ValueTest Create(Comparison comparison, string value, bool withVariables) =>
        comparison switch
        {
            Comparison.String => new TextTest(TextTemplate.Literal(value, withVariables, ignoreCase: false)),
            Comparison.StringIgnoreCase => new TextTest(TextTemplate.Literal(value, withVariables, ignoreCase: true)),
            Comparison.StringPattern => new TextTest(TextTemplate.Pattern(value, withVariables)),
            Comparison.Arn => new ArnTest(TextTemplate.Pattern(value, withVariables)),
            // Variables in Bool: two pages of AWS contradict each other, so it is literal.
            Comparison.Bool or Comparison.Null => new TextTest(
                TextTemplate.Literal(value, withVariables: false, ignoreCase: true)
            ),
            Comparison.Binary => new TextTest(TextTemplate.Literal(value, withVariables: false, ignoreCase: false)),
            Comparison.IpAddress => AddressRange.TryParse(value, out var range)
                ? new IpAddressTest(range)
                : new MalformedTest(value, "an IP address or a CIDR range"),
            Comparison.NumericEquals
            or Comparison.NumericLessThan
            or Comparison.NumericLessThanEquals
            or Comparison.NumericGreaterThan
            or Comparison.NumericGreaterThanEquals => NumericTest.TryParse(value, out var number)
                ? new NumericTest(comparison, number)
                : new MalformedTest(value, "a number"),
            _ => DateTest.TryParse(value, out var instant)
                ? new DateTest(comparison, instant)
                : new MalformedTest(value, "a date"),
        };
}

/// <summary>A value that AWS would have rejected.</summary>
internal sealed class MalformedTest(string value, string wanted) : ValueTest
{
    public override Truth Matches(string contextValue, in Question question)
    {
        question.Lacks($"how AWS evaluates \"{value}\", which is not {wanted}");
        return Truth.Unknown;
    }
}
