using System.Text.Json.Nodes;

namespace EcrBuildTasks.Policies.Explaining;

public static class ExplanationJson
{
    /// <summary>The pushers, the statements and what they mean.</summary>
    /// <param name="owner">The account of the repository; <see langword="null"/> when it is not known.</param>
    public static JsonObject Write(PolicyExplanation explanation, string? owner) =>
        new()
        {
            ["pushers"] = new JsonArray([.. explanation.Pushers.Select(Pusher)]),
            ["statements"] = new JsonArray([.. explanation.Statements.Select(Statement)]),
            ["accounts"] = Texts(ExplanationWords.Accounts(explanation, owner)),
        };

    /// <summary>A principal that can push, or that lacks some of the push actions.</summary>
    public static JsonObject Pusher(Pusher pusher) =>
        new()
        {
            ["who"] = pusher.Who,
            ["principal"] = pusher.Principal?.Text,
            ["except"] = Texts([.. pusher.Except.Select(principal => principal.Text)]),
            ["account"] = pusher.Principal?.Account is { Length: > 0 } account ? account : null,
            ["mayPush"] = pusher.Missing.Count == 0,
            ["partly"] = pusher.IsPartly,
            ["missing"] = Texts(pusher.Missing),
            ["conditions"] = Conditions(pusher.Conditions),
            ["by"] = new JsonArray([.. pusher.By.Select(Reference)]),
        };

    private static JsonObject Statement(StatementExplanation statement)
    {
        var json = Reference(statement.Reference);
        json["effect"] = statement.Statement.Effect.ToString();
        json["push"] = statement.Part.ToString();
        json["pushActions"] = Texts(statement.PushActions);
        json["who"] = PrincipalWords.Describe(statement.Statement.Principal);
        json["conditions"] = Conditions(statement.Statement.Conditions);
        json["meaning"] = ExplanationWords.Statement(statement);
        return json;
    }

    private static JsonObject Reference(StatementReference reference) =>
        new() { ["statement"] = reference.Index, ["sid"] = reference.Sid };

    private static JsonArray Conditions(IReadOnlyList<Condition> conditions) =>
        new([
            .. conditions.Select(condition => new JsonObject
            {
                ["operator"] = condition.Operator,
                ["key"] = condition.Key,
                ["values"] = Texts(condition.Values),
            }),
        ]);

    private static JsonArray Texts(IReadOnlyList<string> texts) =>
        new([.. texts.Select(text => JsonValue.Create(text))]);
}
