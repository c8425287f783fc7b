using System.Text.Json;

namespace EcrBuildTasks.Policies.Tests;

/// <summary>Callers, repositories and statements that the tests speak about.</summary>
internal static class Samples
{
    public const string Owner = "111111111111";
    public const string Other = "222222222222";
    public const string RepositoryArn = $"arn:aws:ecr:eu-west-1:{Owner}:repository/team-a/web";

    public static readonly string[] PushActions =
    [
        "ecr:BatchCheckLayerAvailability",
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
        "ecr:BatchGetImage",
    ];

    public static Caller User(string account, string name = "alice") =>
        new($"arn:aws:iam::{account}:user/{name}", account, "AIDAALICE");

    public static Caller Session(string account, string role = "ci", string session = "run-1") =>
        new($"arn:aws:sts::{account}:assumed-role/{role}/{session}", account, $"AROACI:{session}");

    public static Caller Federated(string account, string name = "jane") =>
        new($"arn:aws:sts::{account}:federated-user/{name}", account, $"{account}:{name}");

    public static Caller Root(string account) => new($"arn:aws:iam::{account}:root", account, account);

    public static PolicyDocument Policy(params string[] statements) =>
        PolicyDocument.Parse($$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""");

    public static string Allow(string principal, string action = "\"ecr:*\"", string more = "") =>
        $$"""{"Effect":"Allow","Principal":{{principal}},"Action":{{action}}{{more}}}""";

    public static string Deny(string principal, string action = "\"ecr:*\"", string more = "") =>
        $$"""{"Effect":"Deny","Principal":{{principal}},"Action":{{action}}{{more}}}""";

    public static string Arn(params string[] principals) => $$"""{"AWS":{{JsonSerializer.Serialize(principals)}}}""";

    public static string IdentityAllow(string action = "ecr:*", string resource = "*", string more = "") =>
        $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"{{more}}}""";

    public static string Condition(string operatorName, string key, params string[] values) =>
        $$$""","Condition":{"{{{operatorName}}}":{"{{{key}}}":{{{JsonSerializer.Serialize(values)}}} } }""";

    public static IReadOnlyList<NamedPolicy> Identity(params string[] statements) =>
        [new NamedPolicy("push", Policy(statements))];

    public static RequestContext Context(params (string Key, string[] Values)[] keys) =>
        RequestContext.Complete(keys.Select(key => KeyValuePair.Create(key.Key, (IReadOnlyList<string>)key.Values)));

    public static Decision Ask(
        Caller caller,
        PolicySet policies,
        RequestContext? context = null,
        string action = "ecr:PutImage"
    ) =>
        PolicyEvaluator.Evaluate(
            new AuthorizationRequest
            {
                Caller = caller,
                Action = action,
                RepositoryArn = RepositoryArn,
                RepositoryAccount = Owner,
                Context = context ?? RequestContext.Empty,
            },
            policies
        );

    /// <summary>What a repository policy of this one statement says to a caller of the same account without other policies.</summary>
    public static Verdict AskRepository(Caller caller, string statement, RequestContext? context = null) =>
        Ask(caller, new PolicySet { RepositoryPolicy = Policy(statement), IdentityPolicies = [] }, context).Verdict;
}
