using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies;

/// <summary>The ARN operators: six parts compared one by one, each with wildcards.</summary>
internal sealed class ArnTest(TextTemplate template) : ValueTest
{
    private readonly TextTemplate[]? _parts = template.ArnParts();

    public TextTemplate Template => template;

    public override Truth Matches(string contextValue, in Question question)
    {
        Span<Range> ranges = stackalloc Range[6];
        var value = contextValue.AsSpan();
        if (_parts is null || !Arn.TrySplit(value, ranges))
        {
            return Truth.False;
        }

        var matches = Truth.True;
        for (var i = 0; i < _parts.Length && matches is not Truth.False; i++)
        {
            matches = matches.And(_parts[i].Matches(value[ranges[i]], question));
        }

        return matches;
    }
}
