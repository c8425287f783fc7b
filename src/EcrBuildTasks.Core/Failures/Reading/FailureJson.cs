using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>What a text tells of a failed push, for programs.</summary>
public static class FailureJson
{
    /// <summary>The reading with what to do. What the text does not tell is <see langword="null"/>.</summary>
    public static JsonObject Write(FailureReading reading)
    {
        var json = Facts(reading);
        json["authorizationId"] = reading.Authorization?.Id;
        json["cause"] = reading.Cause;
        json["remedies"] = new JsonArray([.. reading.Remedies.Select(remedy => JsonValue.Create(remedy))]);
        json["fixes"] = new JsonArray([.. reading.Fixes.Select(Fix)]);
        json["fixNote"] = reading.FixNote;
        json["helpLink"] = reading.Code?.HelpLink.ToString();
        return json;
    }

    internal static JsonObject Facts(FailureReading reading) =>
        new()
        {
            ["code"] = reading.Code?.Id,
            ["kind"] = reading.Kind,
            ["principal"] = reading.Principal,
            ["action"] = reading.Action,
            ["resource"] = reading.Resource,
            ["policyType"] = reading.PolicyType,
            ["policyArn"] = reading.PolicyArn,
            ["callerAccount"] = reading.CallerAccount,
            ["repositoryAccount"] = reading.RepositoryAccount,
            ["registry"] = reading.Registry?.ToString(),
            ["repository"] = reading.Repository,
        };

    private static JsonObject Fix(PolicyFix fix) =>
        new()
        {
            ["policyType"] = DenialReason.Name(fix.Policy),
            ["account"] = fix.OwnerAccount,
            ["instruction"] = fix.Instruction,
            ["statement"] = JsonNode.Parse(fix.ToJson()),
            ["command"] = fix.AwsCommand(),
        };
}
