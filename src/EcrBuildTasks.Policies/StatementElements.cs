using System.Text.Json;

namespace EcrBuildTasks.Policies;

/// <summary>The elements of a statement, each undefined if missing; read in one pass.</summary>
internal struct StatementElements
{
    private List<string>? _unknown;

    public JsonElement Sid { get; private set; }

    public JsonElement Effect { get; private set; }

    public JsonElement Principal { get; private set; }

    public JsonElement NotPrincipal { get; private set; }

    public JsonElement Action { get; private set; }

    public JsonElement NotAction { get; private set; }

    public JsonElement Resource { get; private set; }

    public JsonElement NotResource { get; private set; }

    public JsonElement Condition { get; private set; }

    public static StatementElements Read(JsonElement statement)
    {
        var elements = default(StatementElements);
        foreach (var property in statement.EnumerateObject())
        {
            elements.Set(property);
        }

        return elements;
    }

    /// <summary>Elements that AWS would have rejected.</summary>
    public readonly IEnumerable<string> Flaws() =>
        [
            .. _unknown?.Select(name => $"how AWS evaluates the statement element \"{name}\"") ?? [],
            .. Pair("Principal", Principal, NotPrincipal),
            .. Pair("Action", Action, NotAction),
            .. Pair("Resource", Resource, NotResource),
        ];

    private void Set(JsonProperty property)
    {
        switch (property.Name)
        {
            case "Sid":
                Sid = property.Value;
                break;
            case "Effect":
                Effect = property.Value;
                break;
            case "Principal":
                Principal = property.Value;
                break;
            case "NotPrincipal":
                NotPrincipal = property.Value;
                break;
            case "Action":
                Action = property.Value;
                break;
            case "NotAction":
                NotAction = property.Value;
                break;
            case "Resource":
                Resource = property.Value;
                break;
            case "NotResource":
                NotResource = property.Value;
                break;
            case "Condition":
                Condition = property.Value;
                break;
            case var other:
                (_unknown ??= []).Add(other);
                break;
        }
    }

    private static string[] Pair(string name, JsonElement plain, JsonElement negated) =>
        plain.ValueKind is JsonValueKind.Undefined || negated.ValueKind is JsonValueKind.Undefined
            ? []
            : [$"how AWS evaluates \"{name}\" together with \"Not{name}\""];
}
