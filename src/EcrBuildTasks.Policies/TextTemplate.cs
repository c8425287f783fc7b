using System.Text;

namespace EcrBuildTasks.Policies;

/// <summary>A text of a policy that a value is compared with: literal text, wildcards and policy variables.</summary>
internal sealed class TextTemplate
{
    private readonly IReadOnlyList<Piece> _pieces;
    private readonly string? _text;
    private readonly bool[]? _literal;

    private TextTemplate(IReadOnlyList<Piece> pieces, bool ignoreCase)
    {
        this._pieces = pieces;
        IgnoreCase = ignoreCase;
        if (pieces is [{ Variable: null } only])
        {
            _text = only.Text;
            HasWildcards = only.HasWildcards;
            _literal = HasWildcards ? new bool[_text.Length] : null;
            return;
        }

        HasVariables = pieces.Any(piece => piece.Variable is not null);
        HasWildcards = pieces.Any(piece => piece.HasWildcards);
        if (!HasVariables)
        {
            _text = string.Concat(pieces.Select(piece => piece.Text));
            _literal = HasWildcards ? [.. pieces.SelectMany(LiteralFlags)] : null;
        }
    }

    public bool IgnoreCase { get; }

    private bool HasVariables { get; }

    private bool HasWildcards { get; }

    public static TextTemplate Pattern(string text, bool withVariables) =>
        new(Pieces(text, withVariables, isPattern: true), ignoreCase: false);

    public static TextTemplate Literal(string text, bool withVariables, bool ignoreCase) =>
        new(Pieces(text, withVariables, isPattern: false), ignoreCase);

    /// <summary>The six parts of an ARN pattern; <see langword="null"/> when it has fewer.</summary>
    /// <remarks>Split before variables are resolved: neither their names nor their values split an ARN.</remarks>
    public TextTemplate[]? ArnParts()
    {
        var parts = new List<List<Piece>> { new() };
        foreach (var piece in _pieces)
        {
            var rest = piece.Text;
            while (piece.Variable is null && parts.Count < 6 && rest.Split(':', 2) is [var before, var after])
            {
                parts[^1].Add(piece with { Text = before });
                parts.Add([]);
                rest = after;
            }

            parts[^1].Add(piece with { Text = rest });
        }

        return parts.Count == 6 ? [.. parts.Select(part => new TextTemplate(part, IgnoreCase))] : null;
    }

    public Truth Matches(ReadOnlySpan<char> value, in Question question)
    {
        if (_text is not null)
        {
            return IsMatch(_text, _literal, value).ToTruth();
        }

        var resolution = Resolve(question, out var resolved, out var literalAt);
        return resolution is Truth.True ? IsMatch(resolved, literalAt, value).ToTruth() : resolution;
    }

    /// <summary>The text with its variables replaced by their values, which are text and never a pattern.</summary>
    /// <returns>False when a variable has no value, unknown when that is not known.</returns>
    public Truth Resolve(in Question question, out string resolved, out bool[]? literalAt)
    {
        (resolved, literalAt) = (_text ?? "", _literal);
        if (_text is not null)
        {
            return Truth.True;
        }

        var builder = new StringBuilder();
        var flags = new List<bool>();
        foreach (var piece in _pieces)
        {
            if (piece.Variable is null)
            {
                builder.Append(piece.Text);
                flags.AddRange(LiteralFlags(piece));
                continue;
            }

            if (!piece.Variable.IsKnown(question, out var value))
            {
                return Truth.Unknown;
            }

            if (value is null)
            {
                return Truth.False;
            }

            builder.Append(value);
            flags.AddRange(Enumerable.Repeat(true, value.Length));
        }

        (resolved, literalAt) = (builder.ToString(), HasWildcards ? [.. flags] : null);
        return Truth.True;
    }

    private bool IsMatch(string pattern, bool[]? literalAt, ReadOnlySpan<char> value) =>
        literalAt is null
            ? value.Equals(pattern, IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            : Wildcard.IsMatch(pattern, literalAt, value, IgnoreCase);

    private static IEnumerable<bool> LiteralFlags(Piece piece) =>
        Enumerable.Repeat(!piece.IsPattern, piece.Text.Length);

    private static List<Piece> Pieces(string text, bool withVariables, bool isPattern)
    {
        var found = new List<Piece>(capacity: 1);
        var start = 0;
        while (withVariables && text.IndexOf("${", start, StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            found.Add(new Piece(text[start..open], isPattern, Variable: null));
            var inner = text[(open + 2)..close];
            found.Add(
                inner is "*" or "?" or "$"
                    ? new Piece(inner, IsPattern: false, Variable: null)
                    : new Piece("", IsPattern: false, PolicyVariable.Parse(inner))
            );
            start = close + 1;
        }

        found.Add(new Piece(text[start..], isPattern, Variable: null));
        return found;
    }

    private sealed record Piece(string Text, bool IsPattern, PolicyVariable? Variable)
    {
        public bool HasWildcards => IsPattern && Text.AsSpan().ContainsAny('*', '?');
    }
}
