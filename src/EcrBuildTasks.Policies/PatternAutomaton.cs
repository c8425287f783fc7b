namespace EcrBuildTasks.Policies;

/// <summary>Matches a literal or pattern one character after the other.</summary>
/// <remarks>A state is the set of places in the pattern that the text read so far may have come to.</remarks>
internal sealed class PatternAutomaton
{
    private const int ArnParts = 6;

    private readonly bool[]? _literal;
    private readonly int _lastPart;

    /// <param name="literal">
    /// At each index, whether the character stands for itself; <see langword="null"/>: all do.
    /// </param>
    /// <param name="ignoreCase">Whether the case of letters does not matter.</param>
    /// <param name="isArn">Whether wildcards keep to their part of an ARN.</param>
    public PatternAutomaton(string text, bool[]? literal, bool ignoreCase, bool isArn)
    {
        Text = text;
        this._literal = literal;
        IgnoreCase = ignoreCase;
        _lastPart = isArn ? StartOfLastPart(text) : 0;
        Start = _lastPart < 0 ? "" : State([0]);
    }

    public string Text { get; }

    public bool IgnoreCase { get; }

    public string Start { get; }

    public bool Accepts(string state) => state.Length > 0 && state[^1] == Text.Length;

    public string Next(string state, char character) =>
        State(
            state
                .Where(place => place < Text.Length && Fits(place, character))
                .Select(place => IsWildcard(place, '*') ? place : place + 1)
        );

    private bool Fits(int place, char character)
    {
        if (IsWildcard(place, '*') || IsWildcard(place, '?'))
        {
            return character != ':' || place >= _lastPart;
        }

        return Text[place] == character
            || (IgnoreCase && char.ToUpperInvariant(Text[place]) == char.ToUpperInvariant(character));
    }

    private bool IsWildcard(int place, char wildcard) =>
        _literal is not null && !_literal[place] && Text[place] == wildcard;

    /// <summary>The places in ascending order, with those that a star lets pass without reading.</summary>
    private string State(IEnumerable<int> places)
    {
        var reached = new SortedSet<char>();
        foreach (var place in places)
        {
            var next = place;
            while (reached.Add((char)next) && next < Text.Length && IsWildcard(next, '*'))
            {
                next++;
            }
        }

        return string.Concat(reached);
    }

    private static int StartOfLastPart(string text)
    {
        var start = 0;
        for (var part = 1; part < ArnParts; part++)
        {
            var colon = text.IndexOf(':', start);
            if (colon < 0)
            {
                return -1;
            }

            start = colon + 1;
        }

        return start;
    }
}
