using System.Text.Json;

namespace EcrBuildTasks.Policies.Tests;

/// <summary>
/// One authorization case with its right answer: of <c>policy-cases.jsonl</c>, or of <c>reported-cases.jsonl</c>, whose policies are those
/// of public reports.
/// </summary>
public sealed record PolicyCase
{
    public required string Id { get; init; }

    public required AuthorizationRequest Request { get; init; }

    public required PolicySet Policies { get; init; }

    public required IReadOnlyList<Verdict> Accepted { get; init; }

    /// <summary>Any one of these is right; <see langword="null"/> when the case does not say.</summary>
    public required IReadOnlyList<DecidingStatement>? Statements { get; init; }

    /// <summary>Why the answer is not certain; empty: it is.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }

    public static IReadOnlyList<PolicyCase> All { get; } =
    [
        .. new[] { "policy-cases.jsonl", "reported-cases.jsonl" }
            .SelectMany(file => File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)))
            .Select(Read),
    ];

    public static PolicyCase Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        var expected = json.GetProperty("expected");
        return new PolicyCase
        {
            Id = json.GetProperty("id").GetString()!,
            Request = ReadRequest(json),
            Policies = ReadPolicies(json),
            Accepted = expected.TryGetProperty("accept", out var accept)
                ? [.. Strings(accept).Select(Enum.Parse<Verdict>)]
                : [Enum.Parse<Verdict>(expected.GetProperty("verdict").GetString()!)],
            Statements = expected.TryGetProperty("statements", out var statements)
                ? [.. statements.EnumerateArray().Select(DecidingStatement.Read)]
                : null,
            Doubts = Strings(json.GetProperty("doubts")),
        };
    }

    private static AuthorizationRequest ReadRequest(JsonElement json)
    {
        var caller = json.GetProperty("caller");
        var repository = json.GetProperty("repository");
        return new AuthorizationRequest
        {
            Action = json.GetProperty("action").GetString()!,
            Caller = new Caller(Text(caller, "arn"), Text(caller, "account"), Text(caller, "userId")),
            RepositoryArn = Text(repository, "arn"),
            RepositoryAccount = Text(repository, "account"),
            Context = RequestContext.Complete(
                json.GetProperty("context")
                    .EnumerateObject()
                    .Select(key => KeyValuePair.Create(key.Name, Strings(key.Value))),
                json.TryGetProperty("unknownContext", out var unknown) ? Strings(unknown) : null
            ),
        };
    }

    private static PolicySet ReadPolicies(JsonElement json) =>
        new()
        {
            RepositoryPolicy = Policy(json, "repositoryPolicy"),
            RegistryPolicy = Policy(json, "registryPolicy"),
            PermissionsBoundary = Policy(json, "permissionsBoundary"),
            SessionPolicy = Policy(json, "sessionPolicy"),
            IdentityPolicies = json.GetProperty("identityPolicies") is { ValueKind: JsonValueKind.Array } identity
                ? [.. identity.EnumerateArray().Select(p => new NamedPolicy(Text(p, "name"), Policy(p, "policy")!))]
                : null,
        };

    private static PolicyDocument? Policy(JsonElement json, string name) =>
        json.TryGetProperty(name, out var policy) && policy.ValueKind is not JsonValueKind.Null
            ? PolicyDocument.Parse(policy)
            : null;

    private static IReadOnlyList<string> Strings(JsonElement json) =>
        json.ValueKind is JsonValueKind.Array
            ? [.. json.EnumerateArray().Select(item => item.GetString()!)]
            : [json.GetString()!];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}

/// <summary>A statement as a case names it.</summary>
public sealed record DecidingStatement(string Policy, string? Name, int Index)
{
    public static DecidingStatement Read(JsonElement json)
    {
        var policy = json.GetProperty("policy").GetString()!;
        return new DecidingStatement(
            policy,
            policy == "identity" ? json.GetProperty("name").GetString() : null,
            json.GetProperty("index").GetInt32()
        );
    }

    public static DecidingStatement Of(StatementReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var policy = reference.Policy switch
        {
            PolicyKind.PermissionsBoundary => "boundary",
            var kind => kind.ToString().ToLowerInvariant(),
        };
        return new DecidingStatement(policy, reference.PolicyName, reference.Index);
    }
}
