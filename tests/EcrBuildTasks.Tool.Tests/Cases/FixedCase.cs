using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Tool.Tests.Cases;

/// <summary>A case with statements added, evaluated anew from its JSON.</summary>
internal sealed class FixedCase
{
    private const string AllowsEverything =
        """{"name":"all","policy":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}""";

    private readonly JsonObject json;

    public FixedCase(JsonObject sample)
    {
        json = sample.DeepClone().AsObject();
        // Identity policies that are not known are taken to allow.
        json["identityPolicies"] ??= new JsonArray(JsonNode.Parse(AllowsEverything));
    }

    public string CallerArn => (string)json["caller"]!["arn"]!;

    public string CallerAccount => (string)json["caller"]!["account"]!;

    public string RepositoryArn => (string)json["repository"]!["arn"]!;

    public bool IsSameAccount => CallerAccount == (string)json["repository"]!["account"]!;

    public string Action => (string)json["action"]!;

    /// <summary>The ARN that a repository policy names: a session's role, else the caller.</summary>
    public string DurableArn =>
        CallerArn.Contains(":assumed-role/") ? (string)json["context"]!["aws:PrincipalArn"]! : CallerArn;

    public FixedCase With(IEnumerable<JsonNode> fixes)
    {
        var changed = new FixedCase(json);
        foreach (var fix in fixes)
        {
            changed.Add((string)fix["policy"]!, fix["statement"]!.DeepClone());
        }

        return changed;
    }

    /// <summary>Nothing but one statement in the repository policy and, across accounts, the caller's own consent.</summary>
    public FixedCase Alone(JsonNode repositoryStatement)
    {
        var alone = new FixedCase(json);
        alone.json["repositoryPolicy"] = new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = repositoryStatement.DeepClone(),
        };
        alone.json["identityPolicies"] = IsSameAccount
            ? new JsonArray()
            : new JsonArray(JsonNode.Parse(AllowsEverything));
        alone.json["sessionPolicy"] = JsonNode.Parse(AllowsEverything)!["policy"]!.DeepClone();
        foreach (var other in (string[])["registryPolicy", "permissionsBoundary", "unknownContext"])
        {
            alone.json.Remove(other);
        }

        return alone;
    }

    public FixedCase AskedBy(string arn, string account, string userId, string principalArn)
    {
        var other = new FixedCase(json);
        other.json["caller"] = new JsonObject
        {
            ["arn"] = arn,
            ["account"] = account,
            ["userId"] = userId,
        };
        other.json["context"]!["aws:PrincipalArn"] = principalArn;
        other.json["context"]!["aws:PrincipalAccount"] = account;
        other.json["context"]!["aws:userid"] = userId;
        return other;
    }

    public Verdict Verdict()
    {
        var read = CaseReader.Read(Encoding.UTF8.GetBytes(json.ToJsonString()));
        return PolicyEvaluator.Evaluate(read.Request, read.Policies).Verdict;
    }

    private void Add(string policy, JsonNode statement)
    {
        if (policy == "identity")
        {
            json["identityPolicies"]!
                .AsArray()
                .Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = "fix",
                            ["policy"] = new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = statement },
                        }
                );
            return;
        }

        var repositoryPolicy =
            json["repositoryPolicy"]?.AsObject() ?? new JsonObject { ["Statement"] = new JsonArray() };
        json["repositoryPolicy"] ??= repositoryPolicy;
        if (repositoryPolicy["Statement"] is JsonObject only)
        {
            repositoryPolicy["Statement"] = new JsonArray(only.DeepClone());
        }

        repositoryPolicy["Statement"]!.AsArray().Add(statement);
    }
}
