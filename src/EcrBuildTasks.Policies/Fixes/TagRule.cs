using System.Text.Json.Nodes;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A statement of the repository policy that would allow the caller, if the repository had a tag.</summary>
/// <param name="Tag">The key of the tag.</param>
/// <param name="Operator">How its value is compared, such as <c>StringEquals</c>.</param>
/// <param name="Values">What it is compared with.</param>
public sealed record TagRule(StatementReference Reference, string Tag, string Operator, IReadOnlyList<string> Values)
{
    /// <summary>The rules that decide one of the denied actions: an Allow without the condition would bypass them.</summary>
    public static IReadOnlyList<TagRule> For(FixRequest request)
    {
        var question = new RepositoryQuestion(request);
        var actions = FixStatement.RepositoryActions(request);
        return request.RepositoryPolicy is not { } policy
            ? []
            :
            [
                .. policy
                    .Statements.Select((statement, index) => (statement, index))
                    .Where(one =>
                        one.statement.Effect is Effect.Allow && ResourceTags.ConditionsIn(one.statement).Any()
                    )
                    .Where(one => actions.Any(action => IsDecidedByTag(action, one.statement, one.index)))
                    .SelectMany(one =>
                        ResourceTags
                            .ConditionsIn(one.statement)
                            .Select(condition => new TagRule(
                                new(PolicyKind.Repository, PolicyName: null, one.index, one.statement.Sid),
                                ResourceTags.TagOf(condition.Key)!,
                                condition.Operator,
                                condition.Values
                            ))
                    ),
            ];

        bool IsDecidedByTag(string action, Statement statement, int index)
        {
            var alone = policy.Only(index);
            return question.Ask(action, alone) is not Verdict.Allowed
                && question.Ask(action, alone.Replacing(0, WithoutTags(statement))) is Verdict.Allowed;
        }
    }

    private static Statement WithoutTags(Statement statement)
    {
        var json = JsonObject.Create(statement.Json)!;
        foreach (var (_, keys) in json["Condition"]!.AsObject())
        {
            foreach (
                var (key, _) in keys!.AsObject().Where(entry => ResourceTags.TagOf(entry.Key) is not null).ToList()
            )
            {
                keys.AsObject().Remove(key);
            }
        }

        return Statement.Parse(json.ToJsonString());
    }
}
