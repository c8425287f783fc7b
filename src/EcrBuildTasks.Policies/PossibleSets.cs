namespace EcrBuildTasks.Policies;

/// <summary>What a multivalued key may hold, one representative for all sets that its conditions do not tell apart.</summary>
internal static class PossibleSets
{
    private const int MostSets = 1_024;

    /// <param name="elements">Values that stand for all values of which the conditions tell one from another.</param>
    /// <param name="conditions">The conditions on the key.</param>
    /// <returns>The sets, the empty one for absence; <see langword="null"/> when they are too many.</returns>
    public static IReadOnlyList<IReadOnlyList<string>>? Find(
        IReadOnlyList<string> elements,
        IReadOnlyList<Condition> conditions,
        in Question question
    )
    {
        var singles = new List<Candidate>();
        foreach (var element in elements)
        {
            singles.Add(Candidate.Create(element, conditions, question));
        }

        var sets = new Dictionary<string, Candidate>(StringComparer.Ordinal);
        var open = new Queue<Candidate>(singles);
        while (open.TryDequeue(out var candidate))
        {
            if (!sets.TryAdd(candidate.Signature, candidate))
            {
                continue;
            }

            if (sets.Count > MostSets)
            {
                return null;
            }

            foreach (var single in singles)
            {
                open.Enqueue(candidate.With(single));
            }
        }

        return
        [
            [],
            .. sets.Values.Select(candidate => candidate.Elements),
        ];
    }

    /// <summary>A set, and of each condition whether any and whether all of its elements satisfy it: more no set operator asks.</summary>
    private sealed class Candidate
    {
        private readonly Truth[] _any;
        private readonly Truth[] _all;

        private Candidate(string[] elements, Truth[] any, Truth[] all)
        {
            (Elements, this._any, this._all) = (elements, any, all);
            Signature = string.Concat(any.Concat(all).Select(truth => (char)('0' + (int)truth)));
        }

        public string[] Elements { get; }

        public string Signature { get; }

        public static Candidate Create(string element, IReadOnlyList<Condition> conditions, in Question question)
        {
            var holds = new Truth[conditions.Count];
            for (var i = 0; i < holds.Length; i++)
            {
                holds[i] = conditions[i].Parsed is { Quantifier: not SetQuantifier.None }
                    ? conditions[i].HoldsFor(element, question)
                    : Truth.Unknown;
            }

            return new Candidate([element], holds, holds);
        }

        public Candidate With(Candidate single) =>
            new(
                [.. Elements, .. single.Elements],
                [.. _any.Zip(single._any, (left, right) => left.Or(right))],
                [.. _all.Zip(single._all, (left, right) => left.And(right))]
            );
    }
}
