using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies;

/// <summary>A statement of a policy.</summary>
public sealed partial class Statement
{
    // In this order they fill the lines best.
    private static readonly string[] ShortMembers = [nameof(Effect), nameof(Principal), nameof(Sid), nameof(Action)];

    private readonly Condition[] _conditions = [];

    /// <summary>The <c>Sid</c>; <see langword="null"/> when there is none.</summary>
    public string? Sid { get; internal init; }

    /// <summary>Whether it allows or denies.</summary>
    public Effect Effect { get; internal init; }

    /// <summary><c>Principal</c> or <c>NotPrincipal</c>; <see langword="null"/> in an identity policy.</summary>
    public PrincipalElement? Principal { get; internal init; }

    public ActionElement Action { get; internal init; } = ActionElement.Nothing;

    /// <summary><c>Resource</c> or <c>NotResource</c>; <see langword="null"/> in a repository policy.</summary>
    public ResourceElement? Resource { get; internal init; }

    /// <summary>The conditions, all of which must hold.</summary>
    public IReadOnlyList<Condition> Conditions
    {
        get => _conditions;
        internal init => _conditions = [.. value];
    }

    /// <summary>The statement as it was written.</summary>
    public JsonElement Json { get; internal init; }

    /// <summary>What AWS would not have stored; such a statement is never guessed about.</summary>
    internal string[] Flaws { get; init; } = [];

    internal ReadOnlySpan<Condition> ConditionSpan => _conditions;

    /// <summary>Parses one statement, as of a policy of version 2012-10-17.</summary>
    /// <exception cref="PolicyFormatException">The text is no statement.</exception>
    internal static Statement Parse(string json) =>
        PolicyDocument.Parse($$"""{"Version":"2012-10-17","Statement":[{{json}}]}""").Statements is [var statement]
            ? statement
            : throw new PolicyFormatException("The text must contain exactly one statement.");

    public string ToJson(bool indented = false) => PolicyWriter.Write(indented, Json.WriteTo);

    /// <summary>As JSON in lines for a terminal, which breaks longer ones. A longer name stays whole.</summary>
    public IEnumerable<string> ToLines(int width)
    {
        var members = Json.EnumerateObject()
            .OrderBy(member =>
                Array.IndexOf(ShortMembers, member.Name) switch
                {
                    < 0 => ShortMembers.Length,
                    var index => index,
                }
            );
        var json = new JsonObject(
            members.Select(member => KeyValuePair.Create(member.Name, JsonNode.Parse(member.Value.GetRawText())))
        );
        var line = "";
        foreach (
            var part in Part()
                .Matches(PolicyWriter.Write(indented: false, writer => json.WriteTo(writer)))
                .Select(match => match.Value)
        )
        {
            if (line.Length > 0 && line.Length + part.Length > width)
            {
                yield return line;
                line = " ";
            }

            line += part;
        }

        yield return line;
    }

    /// <inheritdoc/>
    public override string ToString() => ToJson();

    internal Statement Renamed(string? sid)
    {
        if (sid == Sid)
        {
            return this;
        }

        var renamed = JsonObject.Create(Json)!;
        renamed[nameof(Sid)] = sid;
        return StatementReader.Read(
            JsonElement.Parse(renamed.ToJsonString()),
            "2012-10-17",
            index: 0,
            flawsOfPolicy: []
        );
    }

    /// <summary>Up to a comma or an opening bracket that is not in a string.</summary>
    [GeneratedRegex(
        @"(?>""([^""\\]|\\.)*""|[^"",\[{])*([,\[{]|(?<=.)$)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Part();

    internal Statement ReadUnder(string? version) => StatementReader.Read(Json, version, index: 0, flawsOfPolicy: []);
}
