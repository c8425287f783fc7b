using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Fixes;

/// <summary>Writes the statements of fixes.</summary>
internal static class FixStatement
{
    public const string TokenAction = "ecr:GetAuthorizationToken";

    private static readonly string[] PushActions =
    [
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
    ];

    private static readonly string[] PullActions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

    public static Statement ForRepositoryPolicy(
        string sid,
        JsonNode principal,
        IReadOnlyList<string> actions,
        JsonObject? condition
    )
    {
        var statement = new JsonObject
        {
            ["Sid"] = sid,
            ["Effect"] = "Allow",
            ["Principal"] = principal,
            ["Action"] = Array(actions),
        };
        if (condition is not null)
        {
            statement["Condition"] = condition;
        }

        return Statement.Parse(statement.ToJsonString());
    }

    public static Statement ForIdentityPolicy(string sid, IReadOnlyList<string> actions, string resource) =>
        Statement.Parse(
            new JsonObject
            {
                ["Sid"] = sid,
                ["Effect"] = "Allow",
                ["Action"] = Array(actions),
                ["Resource"] = resource,
            }.ToJsonString()
        );

    /// <summary>The denied actions that are about the repository, each once.</summary>
    public static IReadOnlyList<string> RepositoryActions(FixRequest request) =>
        [.. request.Actions.Where(action => !IsTokenAction(action)).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static bool IsTokenAction(string action) =>
        string.Equals(action, TokenAction, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the actions are for, in one word for a <c>Sid</c>.</summary>
    public static string Purpose(IReadOnlyList<string> actions) =>
        actions.Any(action => PushActions.Contains(action, StringComparer.OrdinalIgnoreCase)) ? "Push"
        : actions.All(action => PullActions.Contains(action, StringComparer.OrdinalIgnoreCase)) ? "Pull"
        : "Use";

    private static JsonArray Array(IReadOnlyList<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
