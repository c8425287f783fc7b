using System.Globalization;

namespace EcrBuildTasks.Policies;

/// <summary>The numeric operators: numbers as numbers, so that <c>30.0</c> is <c>30</c>.</summary>
internal sealed class NumericTest(Comparison comparison, decimal number) : ValueTest
{
    public decimal Number => number;

    public static bool TryParse(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    public override Truth Matches(string contextValue, in Question question) =>
        (TryParse(contextValue, out var value) && Holds(value.CompareTo(number))).ToTruth();

    private bool Holds(int order) =>
        comparison switch
        {
            Comparison.NumericLessThan => order < 0,
            Comparison.NumericLessThanEquals => order <= 0,
            Comparison.NumericGreaterThan => order > 0,
            Comparison.NumericGreaterThanEquals => order >= 0,
            _ => order == 0,
        };
}
