namespace EcrBuildTasks.Documentation.Tests.Markdown;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path in the repository.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Language">The word behind the fence; empty if there is none.</param>
/// <param name="Text">What stands between the fences, without the indentation of the first.</param>
/// <param name="Remark">The HTML comment right before it, which readers do not see.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Text, string? Remark)
{
    /// <summary>How failures and test cases call it.</summary>
    public string Place => $"{Page}:{Line}";
}
