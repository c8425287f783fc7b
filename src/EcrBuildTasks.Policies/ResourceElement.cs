namespace EcrBuildTasks.Policies;

/// <summary>The <c>Resource</c> or <c>NotResource</c> of a statement.</summary>
public sealed class ResourceElement
{
    private readonly TextTemplate[] _templates;

    internal ResourceElement(IReadOnlyList<string> patterns, bool isNegated, bool withVariables)
    {
        Patterns = patterns;
        IsNegated = isNegated;
        _templates = [.. patterns.Select(pattern => TextTemplate.Pattern(pattern, withVariables))];
    }

    public IReadOnlyList<string> Patterns { get; }

    /// <summary>Whether it is a <c>NotResource</c>, which matches each resource that is not listed.</summary>
    public bool IsNegated { get; }

    internal Truth Matches(in Question question)
    {
        var listed = Truth.False;
        foreach (var template in _templates)
        {
            listed = listed.Or(template.Matches(question.Resource, question));
            if (listed is Truth.True)
            {
                break;
            }
        }

        return IsNegated ? listed.Not() : listed;
    }
}
