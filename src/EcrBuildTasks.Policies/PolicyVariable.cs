namespace EcrBuildTasks.Policies;

/// <summary>A policy variable such as <c>${aws:PrincipalTag/team, 'default'}</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html</remarks>
internal sealed record PolicyVariable(string Key, string? Default)
{
    public static PolicyVariable Parse(string inner)
    {
        var comma = inner.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            return new PolicyVariable(inner.Trim(), Default: null);
        }

        var quoted = inner[(comma + 1)..].Trim();
        var isQuoted = quoted.Length >= 2 && quoted[0] == '\'' && quoted[^1] == '\'';
        return new PolicyVariable(inner[..comma].Trim(), isQuoted ? quoted[1..^1] : quoted);
    }

    /// <remarks>A multivalued key has no value here, whatever it holds.</remarks>
    /// <returns>Whether the value is known: with <paramref name="value"/> <see langword="null"/>, that there is none.</returns>
    public bool IsKnown(in Question question, out string? value)
    {
        value = Default;
        if (MultivaluedKeys.Contains(Key))
        {
            return true;
        }

        if (!question.Context.IsKnown(Key, out var values))
        {
            question.Lacks(Key);
            return false;
        }

        if (values is [var single])
        {
            value = single;
        }

        return true;
    }
}
