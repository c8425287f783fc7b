namespace EcrBuildTasks.RealParts;

/// <summary>A question and its answer, as they passed a proxy.</summary>
/// <param name="Start">When the question came, since the proxy started.</param>
/// <param name="End">
/// When its answer began to leave, or the connection broke; <see langword="null"/> while neither has happened.
/// </param>
public record Exchange(TimeSpan Start, TimeSpan? End);

/// <summary>What a row of exchanges says about the client.</summary>
public static class Exchanges
{
    /// <summary>
    /// The round trips that a client waited for one after the other: the longest row of exchanges each of which began only after
    /// the answer to the one before.
    /// </summary>
    /// <param name="exchanges">What passed, in any order.</param>
    /// <param name="latency">
    /// How long the way to the client and back takes from where the exchanges were seen: nothing at the client's end of a
    /// <see cref="LatencyProxy"/>, a round trip at its far end. It keeps exchanges that only happen to follow each other from being
    /// counted.
    /// </param>
    public static int CountRoundTrips(this IEnumerable<Exchange> exchanges, TimeSpan latency = default)
    {
        var rows = new List<(TimeSpan End, int Length)>();
        foreach (var exchange in exchanges.OrderBy(exchange => exchange.Start))
        {
            var before = rows.Where(row => row.End + latency <= exchange.Start).Select(row => row.Length);
            rows.Add((exchange.End ?? TimeSpan.MaxValue, 1 + before.DefaultIfEmpty().Max()));
        }

        return rows.Select(row => row.Length).DefaultIfEmpty().Max();
    }

    /// <summary>How many exchanges were under way at once, at most.</summary>
    public static int CountConcurrent(this IEnumerable<Exchange> exchanges)
    {
        var all = exchanges.ToList();
        return all.Select(one =>
                all.Count(other => other.Start <= one.Start && (other.End is not { } end || end > one.Start))
            )
            .DefaultIfEmpty()
            .Max();
    }
}
