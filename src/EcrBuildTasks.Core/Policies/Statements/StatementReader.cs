using System.Text.Json;

namespace EcrBuildTasks.Policies;

internal static class StatementReader
{
    private static readonly string[] Known =
    [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];

    public static Statement Read(JsonElement json, string? version, int index, IReadOnlyList<string> flawsOfPolicy)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            throw new PolicyFormatException($"Statement {index} is {PolicyReader.Name(json)}, not an object.");
        }

        var at = new StatementLocation(index);
        // Policy variables are literal text under any other version (R31).
        var withVariables = version == "2012-10-17";
        var conditions = ConditionReader.Read(json, at, withVariables);
        return new Statement
        {
            Json = json.Clone(),
            Sid = ReadSid(json, at),
            Effect = ReadEffect(json, at),
            Principal = ReadPrincipal(json, at),
            Action = ReadAction(json, at),
            Resource = ReadResource(json, at, withVariables),
            Conditions = conditions,
            Flaws = [.. flawsOfPolicy, .. Flaws(json)],
        };
    }

    private static string? ReadSid(JsonElement json, StatementLocation at)
    {
        if (!json.TryGetProperty("Sid", out var sid))
        {
            return null;
        }

        return sid.ValueKind is JsonValueKind.String ? sid.GetString() : throw at.Wrong("Sid", "a string", sid);
    }

    private static Effect ReadEffect(JsonElement json, StatementLocation at)
    {
        if (!json.TryGetProperty("Effect", out var effect))
        {
            throw at.Missing("Effect");
        }

        return effect.ValueKind is not JsonValueKind.String
            ? throw at.Wrong("Effect", "a string", effect)
            : effect.GetString() switch
            {
                "Allow" => Effect.Allow,
                "Deny" => Effect.Deny,
                var other => throw new PolicyFormatException(
                    $"Statement {at.Index}: \"Effect\" is exactly Allow or Deny, not \"{other}\"."
                ),
            };
    }

    private static PrincipalElement? ReadPrincipal(JsonElement json, StatementLocation at)
    {
        if (json.TryGetProperty("Principal", out var principal))
        {
            return PrincipalElement.Read(principal, isNegated: false, at);
        }

        return json.TryGetProperty("NotPrincipal", out principal)
            ? PrincipalElement.Read(principal, isNegated: true, at)
            : null;
    }

    private static ActionElement ReadAction(JsonElement json, StatementLocation at)
    {
        if (json.TryGetProperty("Action", out var action))
        {
            return new ActionElement(at.Strings("Action", action), isNegated: false);
        }

        return json.TryGetProperty("NotAction", out action)
            ? new ActionElement(at.Strings("NotAction", action), isNegated: true)
            : throw at.Missing("Action");
    }

    private static ResourceElement? ReadResource(JsonElement json, StatementLocation at, bool withVariables)
    {
        if (json.TryGetProperty("Resource", out var resource))
        {
            return new ResourceElement(at.Strings("Resource", resource), isNegated: false, withVariables);
        }

        return json.TryGetProperty("NotResource", out resource)
            ? new ResourceElement(at.Strings("NotResource", resource), isNegated: true, withVariables)
            : null;
    }

    private static IEnumerable<string> Flaws(JsonElement json)
    {
        foreach (var property in json.EnumerateObject().Where(property => !Known.Contains(property.Name)))
        {
            yield return $"what AWS makes of the statement element \"{property.Name}\"";
        }

        foreach (var name in (string[])["Principal", "Action", "Resource"])
        {
            if (json.TryGetProperty(name, out _) && json.TryGetProperty("Not" + name, out _))
            {
                yield return $"what AWS makes of \"{name}\" beside \"Not{name}\"";
            }
        }
    }
}
