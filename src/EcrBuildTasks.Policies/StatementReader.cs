using System.Text.Json;

namespace EcrBuildTasks.Policies;

internal static class StatementReader
{
    public static Statement Read(JsonElement json, string? version, int index, IReadOnlyList<string> flawsOfPolicy)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            throw new PolicyFormatException(
                $"Statement {index + 1} must be an object, but is {PolicyReader.Name(json)}."
            );
        }

        var at = new StatementLocation(index);
        // Policy variables are literal text under any other version.
        var withVariables = version == "2012-10-17";
        var elements = StatementElements.Read(json);
        return new Statement
        {
            Json = json.Clone(),
            Sid = ReadSid(elements, at),
            Effect = ReadEffect(elements, at),
            Principal = ReadPrincipal(elements, at),
            Action = ReadAction(elements, at),
            Resource = ReadResource(elements, at, withVariables),
            Conditions = ConditionReader.Read(elements.Condition, at, withVariables),
            Flaws = [.. flawsOfPolicy, .. elements.Flaws()],
        };
    }

    private static string? ReadSid(in StatementElements elements, StatementLocation at) =>
        elements.Sid.ValueKind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.String => elements.Sid.GetString(),
            _ => throw at.Wrong("Sid", "a string", elements.Sid),
        };

    private static Effect ReadEffect(in StatementElements elements, StatementLocation at) =>
        elements.Effect.ValueKind switch
        {
            JsonValueKind.Undefined => throw at.Missing("Effect"),
            JsonValueKind.String => elements.Effect.GetString() switch
            {
                "Allow" => Effect.Allow,
                "Deny" => Effect.Deny,
                var other => throw new PolicyFormatException(
                    $"Statement {at.Number}: \"Effect\" must be Allow or Deny (case-sensitive), but is \"{other}\"."
                ),
            },
            _ => throw at.Wrong("Effect", "a string", elements.Effect),
        };

    private static PrincipalElement? ReadPrincipal(in StatementElements elements, StatementLocation at) =>
        elements switch
        {
            { Principal.ValueKind: not JsonValueKind.Undefined } => PrincipalElement.Read(
                elements.Principal,
                isNegated: false,
                at
            ),
            { NotPrincipal.ValueKind: not JsonValueKind.Undefined } => PrincipalElement.Read(
                elements.NotPrincipal,
                isNegated: true,
                at
            ),
            _ => null,
        };

    private static ActionElement ReadAction(in StatementElements elements, StatementLocation at) =>
        elements switch
        {
            { Action.ValueKind: not JsonValueKind.Undefined } => new ActionElement(
                at.Strings("Action", elements.Action),
                isNegated: false
            ),
            { NotAction.ValueKind: not JsonValueKind.Undefined } => new ActionElement(
                at.Strings("NotAction", elements.NotAction),
                isNegated: true
            ),
            _ => throw at.Missing("Action"),
        };

    private static ResourceElement? ReadResource(
        in StatementElements elements,
        StatementLocation at,
        bool withVariables
    ) =>
        elements switch
        {
            { Resource.ValueKind: not JsonValueKind.Undefined } => new ResourceElement(
                at.Strings("Resource", elements.Resource),
                isNegated: false,
                withVariables
            ),
            { NotResource.ValueKind: not JsonValueKind.Undefined } => new ResourceElement(
                at.Strings("NotResource", elements.NotResource),
                isNegated: true,
                withVariables
            ),
            _ => null,
        };
}
