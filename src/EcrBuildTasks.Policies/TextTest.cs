namespace EcrBuildTasks.Policies;

/// <summary>The string operators, literal or with wildcards.</summary>
internal sealed class TextTest(TextTemplate template) : ValueTest
{
    public TextTemplate Template => template;

    public override Truth Matches(string contextValue, in Question question) =>
        template.Matches(contextValue, question);
}
