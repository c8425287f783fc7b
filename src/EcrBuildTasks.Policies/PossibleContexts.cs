namespace EcrBuildTasks.Policies;

/// <summary>
/// Settles what stays unknown when each statement is looked at alone: tries every presence and value of the unknown keys,
/// by one representative for all values that no condition tells apart.
/// </summary>
internal static class PossibleContexts
{
    private const int MostContexts = 16_384;

    /// <returns>The decision in all contexts; <see langword="null"/> when they differ or are too many.</returns>
    public static Decision? Settle(in Question question)
    {
        if (question.Context.IsComplete)
        {
            return null;
        }

        var choices = Choices(question);
        if (
            choices.Count == 0
            || choices.Aggregate(1L, (product, choice) => product * choice.Values.Count) > MostContexts
        )
        {
            return null;
        }

        Decision? settled = null;
        var picks = new int[choices.Count];
        var assumed = new KeyValuePair<string, IReadOnlyList<string>?>[choices.Count];
        var context = question.With(question.Context.Assuming(assumed), missing: null);
        do
        {
            for (var i = 0; i < picks.Length; i++)
            {
                assumed[i] = KeyValuePair.Create(choices[i].Key, choices[i].Values[picks[i]]);
            }

            var decision = PolicyEvaluator.Decide(context);
            settled = settled is null ? decision : Common(settled, decision);
        } while (settled.Verdict is not Verdict.Unknown && Next(picks, choices));

        return settled.Verdict is Verdict.Unknown ? null : settled;
    }

    private static List<(string Key, IReadOnlyList<IReadOnlyList<string>?> Values)> Choices(in Question question)
    {
        var choices = new List<(string, IReadOnlyList<IReadOnlyList<string>?>)>();
        foreach (var conditions in UnknownConditions(question).GroupBy(c => c.Key, StringComparer.OrdinalIgnoreCase))
        {
            // A value that a variable carries into other comparisons needs representatives that are not known here.
            if (IsVariable(conditions.Key, question.Policies))
            {
                continue;
            }

            if (PossibleValues.Find(conditions.Key, [.. conditions], question) is { } values)
            {
                choices.Add((conditions.Key, values));
            }
        }

        return choices;
    }

    private static bool IsVariable(string key, PolicySet policies) =>
        !MultivaluedKeys.Contains(key)
        && Statements(policies)
            .SelectMany(statement =>
                statement
                    .Conditions.SelectMany(condition => condition.Values)
                    .Concat(statement.Resource?.Patterns ?? [])
            )
            .Any(text =>
                text.Contains("${", StringComparison.Ordinal) && text.Contains(key, StringComparison.OrdinalIgnoreCase)
            );

    private static List<Condition> UnknownConditions(in Question question)
    {
        var unknown = new List<Condition>();
        foreach (var statement in Statements(question.Policies))
        {
            if (MayMatch(statement, question))
            {
                foreach (var condition in statement.Conditions)
                {
                    if (!question.Context.IsKnown(condition.Key, out _))
                    {
                        unknown.Add(condition);
                    }
                }
            }
        }

        return unknown;
    }

    private static bool MayMatch(Statement statement, in Question question) =>
        statement.Action.Matches(question.Request.Action)
        && statement.Principal?.ReachOf(statement.Effect, question).Possible is not Reach.None;

    private static IEnumerable<Statement> Statements(PolicySet policies) =>
        new[]
        {
            policies.RepositoryPolicy,
            policies.RegistryPolicy,
            policies.PermissionsBoundary,
            policies.SessionPolicy,
        }
            .Concat(policies.IdentityPolicies?.Select(named => named.Policy) ?? [])
            .OfType<PolicyDocument>()
            .SelectMany(policy => policy.Statements);

    private static Decision Common(Decision left, Decision right)
    {
        if (left.Verdict == right.Verdict)
        {
            return left.DecidedBy == right.DecidedBy ? left : left with { DecidedBy = null };
        }

        if (!IsDenied(left.Verdict) || !IsDenied(right.Verdict))
        {
            return new Decision { Verdict = Verdict.Unknown };
        }

        return new Decision { Verdict = Verdict.Denied, Silent = left.Silent.Count > 0 ? left.Silent : right.Silent };
    }

    private static bool IsDenied(Verdict verdict) =>
        verdict is Verdict.ImplicitlyDenied or Verdict.ExplicitlyDenied or Verdict.Denied;

    /// <summary>Counts up like an odometer.</summary>
    private static bool Next(int[] picks, List<(string Key, IReadOnlyList<IReadOnlyList<string>?> Values)> choices)
    {
        for (var i = 0; i < picks.Length; i++)
        {
            if (++picks[i] < choices[i].Values.Count)
            {
                return true;
            }

            picks[i] = 0;
        }

        return false;
    }
}
