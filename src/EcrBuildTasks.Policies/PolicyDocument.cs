using System.Text.Json;

namespace EcrBuildTasks.Policies;

/// <summary>A parsed IAM policy. Immutable, so that it may be evaluated from many threads.</summary>
public sealed class PolicyDocument
{
    private readonly IReadOnlyList<KeyValuePair<string, JsonElement>> _elements;
    private readonly Statement[] _statements;

    internal PolicyDocument(
        IReadOnlyList<KeyValuePair<string, JsonElement>> elements,
        string? version,
        Statement[] statements
    )
    {
        this._elements = elements;
        Version = version;
        this._statements = statements;
    }

    /// <summary>A policy without statements, version 2012-10-17.</summary>
    internal static PolicyDocument Empty { get; } = Parse("""{"Version":"2012-10-17","Statement":[]}""");

    /// <summary>The <c>Version</c>; <see langword="null"/> when there is none, which means 2008-10-17.</summary>
    public string? Version { get; }

    /// <summary>The statements, in the order of the policy.</summary>
    public IReadOnlyList<Statement> Statements => _statements;

    internal ReadOnlySpan<Statement> StatementSpan => _statements;

    /// <summary>Parses a policy in any shape that AWS stores.</summary>
    /// <exception cref="PolicyFormatException">The text is no policy.</exception>
    public static PolicyDocument Parse(string json) => PolicyReader.Read(json);

    /// <summary>Parses a policy that stands in a larger JSON text.</summary>
    /// <exception cref="PolicyFormatException">The element is no policy.</exception>
    public static PolicyDocument Parse(JsonElement json) => PolicyReader.Read(json);

    /// <summary>The policy with one more statement at its end; the others stay as they are.</summary>
    /// <param name="added">The statement; its <c>Sid</c> gets a number when another statement has the same.</param>
    internal PolicyDocument With(Statement added)
    {
        var statement = added.Renamed(UniqueSid(added.Sid)).ReadUnder(Version);
        return new PolicyDocument(_elements, Version, [.. Statements, statement]);
    }

    /// <summary>The policy as JSON; every statement exactly as it was parsed.</summary>
    public string ToJson(bool indented = false) =>
        PolicyWriter.Write(indented, writer => PolicyWriter.WritePolicy(writer, _elements, Statements));

    /// <inheritdoc/>
    public override string ToString() => ToJson();

    /// <summary>The policy without its denials: what it would grant.</summary>
    internal PolicyDocument WithoutDenials() =>
        new(_elements, Version, [.. Statements.Where(statement => statement.Effect is Effect.Allow)]);

    /// <summary>The policy with one of its statements only.</summary>
    internal PolicyDocument Only(int index) => new(_elements, Version, [Statements[index]]);

    /// <summary>The policy with another statement in the place of one.</summary>
    internal PolicyDocument Replacing(int index, Statement statement) =>
        new(
            _elements,
            Version,
            [.. Statements.Select((old, place) => place == index ? statement.ReadUnder(Version) : old)]
        );

    private string? UniqueSid(string? wanted)
    {
        if (wanted is null || !IsTaken(wanted))
        {
            return wanted;
        }

        var number = 2;
        while (IsTaken(wanted + number))
        {
            number++;
        }

        return wanted + number;
    }

    private bool IsTaken(string sid) => Statements.Any(statement => statement.Sid == sid);
}
