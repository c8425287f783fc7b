namespace EcrBuildTasks.Policies;

/// <summary>One operator on one key of a statement's <c>Condition</c>.</summary>
public sealed class Condition
{
    private readonly ConditionOperator? _condition;
    private readonly ValueTest[] _tests;

    internal Condition(string operatorName, string key, IReadOnlyList<string> values, bool withVariables)
    {
        Operator = operatorName;
        Key = key;
        Values = values;
        _condition = ConditionOperator.Parse(operatorName);
        _tests = _condition is null
            ? []
            : [.. values.Select(value => ValueTest.Create(_condition.Comparison, value, withVariables))];
    }

    /// <summary>The operator as written, such as <c>ForAnyValue:StringLike</c>.</summary>
    public string Operator { get; }

    /// <summary>The context key as written.</summary>
    public string Key { get; }

    /// <summary>The values as written; JSON booleans and numbers as their text.</summary>
    public IReadOnlyList<string> Values { get; }

    internal ConditionOperator? Parsed => _condition;

    internal IReadOnlyList<ValueTest> Tests => _tests;

    internal Truth Holds(in Question question)
    {
        if (_condition is null)
        {
            question.Lacks($"how AWS evaluates the condition operator \"{Operator}\"");
            return Truth.Unknown;
        }

        if (!question.Context.IsKnown(Key, out var values))
        {
            question.Lacks(Key);
            return Truth.Unknown;
        }

        var isAbsent = values is null or { Count: 0 };
        if (_condition.Comparison is Comparison.Null)
        {
            return IsAnyOf(isAbsent ? "true" : "false", question);
        }

        return isAbsent ? HoldsWhenAbsent(_condition) : HoldsFor(values!, _condition, question);
    }

    /// <summary>The result for a key that the request does not have.</summary>
    private static Truth HoldsWhenAbsent(ConditionOperator condition) =>
        condition switch
        {
            { IfExists: true } => Truth.True,
            { Quantifier: SetQuantifier.ForAllValues } => Truth.True,
            { Quantifier: SetQuantifier.ForAnyValue } => Truth.False,
            _ => condition.IsNegated.ToTruth(),
        };

    private Truth HoldsFor(IReadOnlyList<string> values, ConditionOperator condition, in Question question)
    {
        if (condition.Quantifier is SetQuantifier.None)
        {
            return HoldsForTheOnlyValue(values, question);
        }

        var forAny = condition.Quantifier is SetQuantifier.ForAnyValue;
        var holds = forAny ? Truth.False : Truth.True;
        for (var i = 0; i < values.Count; i++)
        {
            var single = HoldsFor(values[i], question);
            holds = forAny ? holds.Or(single) : holds.And(single);
        }

        return holds;
    }

    private Truth HoldsForTheOnlyValue(IReadOnlyList<string> values, in Question question)
    {
        if (values.Count == 1 && !MultivaluedKeys.Contains(Key))
        {
            return HoldsFor(values[0], question);
        }

        // AWS requires a set operator here and does not document what happens without one.
        question.Lacks($"how AWS compares the multivalued key {Key} without a set operator");
        return Truth.Unknown;
    }

    /// <summary>Whether the value equals any of the condition's values; with a negated operator, none of them.</summary>
    internal Truth HoldsFor(string value, in Question question)
    {
        var matches = IsAnyOf(value, question);
        return _condition!.IsNegated ? matches.Not() : matches;
    }

    private Truth IsAnyOf(string value, in Question question)
    {
        var matches = Truth.False;
        foreach (var test in _tests)
        {
            matches = matches.Or(test.Matches(value, question));
            if (matches is Truth.True)
            {
                break;
            }
        }

        return matches;
    }
}
