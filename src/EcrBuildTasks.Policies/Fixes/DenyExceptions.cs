using System.Text.Json.Nodes;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Finds what to except from the denials of a repository policy: against a Deny no added Allow helps.</summary>
public static class DenyExceptions
{
    private const string PrincipalArn = "aws:PrincipalArn";

    private static readonly Statement AllowEveryone = Statement.Parse(
        """{"Effect":"Allow","Principal":"*","Action":"*"}"""
    );

    /// <summary>One for each statement that denies an action of the request for certain; if none does, each that may.</summary>
    /// <remarks>
    /// The exception is a condition on <c>aws:PrincipalArn</c>, also where the statement has <c>NotPrincipal</c>: that would
    /// have to list the account too, and AWS advises against it.
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    /// </remarks>
    public static IReadOnlyList<DenyException> For(FixRequest request)
    {
        if (request.RepositoryPolicy is not { } policy)
        {
            return [];
        }

        var question = new RepositoryQuestion(request);
        var actions = FixStatement.RepositoryActions(request);
        var denials = new List<DenyException>();
        for (var i = 0; i < policy.Statements.Count; i++)
        {
            var statement = policy.Statements[i];
            var verdicts = statement.Effect is Effect.Deny ? Verdicts(policy, i) : [];
            if (verdicts.Exists(verdict => verdict is not Verdict.Allowed))
            {
                denials.Add(Except(i, verdicts.Contains(Verdict.ExplicitlyDenied)));
            }
        }

        return denials.Exists(denial => denial.IsCertain) ? [.. denials.Where(denial => denial.IsCertain)] : denials;

        List<Verdict> Verdicts(PolicyDocument document, int index) =>
            [.. actions.Select(action => question.Ask(action, document.Only(index).With(AllowEveryone)))];

        DenyException Except(int index, bool isCertain)
        {
            var statement = policy.Statements[index];
            var changed = RepositoryPrincipal.ArnPatterns(request) is { } arns ? Excepting(statement, arns) : null;
            var changedPolicy = changed is null ? null : policy.Replacing(index, changed);
            var helps =
                changedPolicy is not null && Verdicts(changedPolicy, index).TrueForAll(v => v is Verdict.Allowed);
            return new()
            {
                Reference = new(PolicyKind.Repository, PolicyName: null, index, statement.Sid),
                IsCertain = isCertain,
                Statement = helps ? changed : null,
                OtherActions = OtherActions(statement, actions),
                ChangedPolicy = helps ? changedPolicy : null,
            };
        }
    }

    private static IReadOnlyList<string> OtherActions(Statement statement, IReadOnlyList<string> actions) =>
        statement.Action.IsNegated
            ? ["all but " + string.Join(", ", statement.Action.Patterns)]
            : [.. statement.Action.Patterns.Except(actions, StringComparer.OrdinalIgnoreCase)];

    private static Statement Excepting(Statement statement, IReadOnlyList<string> arns)
    {
        var json = JsonObject.Create(statement.Json)!;
        if (json["Condition"] is not JsonObject conditions)
        {
            json["Condition"] = conditions = [];
        }

        // Of a negated operator no value may match, so that a further value excepts a further caller.
        var exceptions =
            conditions
                .Where(entry => entry.Key is "ArnNotLike" or "ArnNotEquals")
                .Select(entry => entry.Value!.AsObject())
                .FirstOrDefault(keys => KeyIn(keys) is not null)
            ?? conditions["ArnNotLike"]?.AsObject();
        if (exceptions is null)
        {
            conditions["ArnNotLike"] = exceptions = [];
        }

        var key = KeyIn(exceptions) ?? PrincipalArn;
        var values = exceptions[key] switch
        {
            JsonArray list => list.Select(value => value!.DeepClone()),
            JsonNode single => [single.DeepClone()],
            null => [],
        };
        exceptions[key] = new JsonArray([.. values, .. arns.Select(arn => JsonValue.Create(arn))]);
        return Statement.Parse(json.ToJsonString());
    }

    private static string? KeyIn(JsonObject keys) =>
        keys.Select(entry => entry.Key)
            .FirstOrDefault(key => string.Equals(key, PrincipalArn, StringComparison.OrdinalIgnoreCase));
}
