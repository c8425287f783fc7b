using System.Net.Sockets;

namespace EcrBuildTasks.Policies;

/// <summary>What an unknown key may hold, one representative for all values that its conditions do not tell apart.</summary>
internal static class PossibleValues
{
    /// <returns>The possibilities, <see langword="null"/> among them for absence; <see langword="null"/> when they cannot be told.</returns>
    public static IReadOnlyList<IReadOnlyList<string>?>? Find(
        string key,
        IReadOnlyList<Condition> conditions,
        in Question question
    )
    {
        if (string.Equals(key, PossiblePrincipalArns.Key, StringComparison.OrdinalIgnoreCase))
        {
            return PossiblePrincipalArns.Find(conditions, question);
        }

        if (Representatives(conditions, question) is not { } values)
        {
            return null;
        }

        if (MultivaluedKeys.Contains(key))
        {
            return PossibleSets.Find(values, conditions, question);
        }

        return [null, .. values.Select(value => new[] { value })];
    }

    private static IReadOnlyList<string>? Representatives(IReadOnlyList<Condition> conditions, in Question question)
    {
        // Null asks for presence, which has a representative of its own.
        var onValue = conditions.Where(condition => condition.Parsed is { Comparison: not Comparison.Null }).ToList();
        var tests = onValue.SelectMany(condition => condition.Tests).Where(test => test is not MalformedTest).ToList();
        var comparisons = onValue.Select(condition => condition.Parsed!.Comparison).ToHashSet();
        return comparisons switch
        {
            _ when comparisons.All(comparison => comparison is Comparison.Bool) => ["true", "false"],
            _ when tests.All(test => test is TextTest) => PossibleTexts.Find(
                tests.Cast<TextTest>().Select(test => test.Template),
                question
            ),
            _ when tests.All(test => test is ArnTest) => PossibleTexts.Find(
                tests.Cast<ArnTest>().Select(test => test.Template),
                question,
                areArns: true
            ),
            _ when tests.All(test => test is IpAddressTest) => Addresses(tests.Cast<IpAddressTest>()),
            _ when tests.All(test => test is NumericTest) => Numbers(tests.Cast<NumericTest>()),
            _ when tests.All(test => test is DateTest) => Dates(tests.Cast<DateTest>()),
            _ => null,
        };
    }

    /// <summary>Ranges change nothing but at their ends, so the ends and their neighbours stand for all addresses.</summary>
    private static List<string> Addresses(IEnumerable<IpAddressTest> tests)
    {
        var ranges = tests.Select(test => test.Range).ToList();
        return
        [
            .. ranges
                .SelectMany(range => Ends(range).Select(address => (range.Family, address)))
                .Append((AddressFamily.InterNetwork, UInt128.Zero))
                .Append((AddressFamily.InterNetworkV6, UInt128.Zero))
                .Distinct()
                .Select(end => AddressRange.Format(end.Item1, end.Item2)),
        ];
    }

    private static IEnumerable<UInt128> Ends(AddressRange range)
    {
        var highest = range.Family is AddressFamily.InterNetwork ? uint.MaxValue : UInt128.MaxValue;
        yield return range.First;
        yield return range.Last;
        if (range.First > 0)
        {
            yield return range.First - 1;
        }

        if (range.Last < highest)
        {
            yield return range.Last + 1;
        }
    }

    private static List<string> Numbers(IEnumerable<NumericTest> tests) =>
        [.. Between(tests.Select(test => test.Number)).Select(number => number.ToString())];

    private static List<string> Dates(IEnumerable<DateTest> tests) =>
        [.. Between(tests.Select(test => (decimal)test.Instant.ToUnixTimeSeconds())).Select(date => date.ToString())];

    /// <summary>Each number, one between each two neighbours, one below all and one above.</summary>
    private static IEnumerable<decimal> Between(IEnumerable<decimal> numbers)
    {
        decimal? previous = null;
        foreach (var number in numbers.Distinct().Order())
        {
            yield return previous is { } below ? (below + number) / 2 : number - 1;
            yield return number;
            previous = number;
        }

        yield return (previous ?? 0) + 1;
    }
}
