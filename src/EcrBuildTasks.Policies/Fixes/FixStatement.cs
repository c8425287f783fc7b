using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Writes the statements of fixes.</summary>
internal static class FixStatement
{
    /// <returns><see langword="null"/> when a name in the request is not valid.</returns>
    public static Statement? ForRepositoryPolicy(
        FixRequest request,
        string sid,
        JsonNode principal,
        IReadOnlyList<string> actions,
        JsonObject? condition
    ) =>
        Write(
            request,
            sid,
            actions,
            json =>
            {
                json.WritePropertyName("Principal");
                principal.WriteTo(json);
            },
            json =>
            {
                if (condition is not null)
                {
                    json.WritePropertyName("Condition");
                    condition.WriteTo(json);
                }
            }
        );

    /// <returns><see langword="null"/> when a name in the request is not valid.</returns>
    public static Statement? ForIdentityPolicy(
        FixRequest request,
        string sid,
        IReadOnlyList<string> actions,
        string resource
    ) => Write(request, sid, actions, _ => { }, json => json.WriteString("Resource", resource));

    private static Statement? Write(
        FixRequest request,
        string sid,
        IReadOnlyList<string> actions,
        Action<Utf8JsonWriter> writePrincipal,
        Action<Utf8JsonWriter> writeRest
    ) =>
        request.InvalidName is not null
            ? null
            : Statement.Parse(
                PolicyWriter.Write(
                    indented: false,
                    json =>
                    {
                        json.WriteStartObject();
                        json.WriteString("Sid", sid);
                        json.WriteString("Effect", "Allow");
                        writePrincipal(json);
                        json.WriteStartArray("Action");
                        foreach (var action in actions)
                        {
                            json.WriteStringValue(action);
                        }

                        json.WriteEndArray();
                        writeRest(json);
                        json.WriteEndObject();
                    }
                )
            );

    /// <summary>The denied actions that are about the repository, each once.</summary>
    public static IReadOnlyList<string> RepositoryActions(FixRequest request) =>
        [
            .. request
                .Actions.Where(action => !PushAction.IsOfToken(action) && action is not SignerActions.SignPayload)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary>The denied actions that are about a token, in the spelling of AWS.</summary>
    /// <remarks>AWS asks for the second action of ECR Public only when it has allowed the first.</remarks>
    public static IReadOnlyList<string> TokenActionsOf(FixRequest request) =>
        [
            .. PushAction.TokenActions.Where(action =>
                request.Actions.Contains(action, StringComparer.OrdinalIgnoreCase)
                || action is PushAction.GetServiceBearerToken
                    && request.Actions.Contains(
                        PushAction.TokenOf(RegistryKind.Public),
                        StringComparer.OrdinalIgnoreCase
                    )
            ),
        ];

    /// <summary>What the actions are for, in one word for a <c>Sid</c>.</summary>
    public static string Purpose(IReadOnlyList<string> actions) =>
        actions.Any(PushAction.IsForPushOnly) ? "Push"
        : actions.All(action => EcrActions.ForPull.Contains(action, StringComparer.OrdinalIgnoreCase)) ? "Pull"
        : "Access";
}
