namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>A mistake that a checker must not let pass.</summary>
/// <param name="Sample">The sample that it is made in.</param>
/// <param name="Right">What the sample says.</param>
/// <param name="Wrong">What it says instead.</param>
/// <param name="Finding">What the checker says of it; <see langword="null"/> where its words are its own.</param>
internal sealed record Mistake(string Sample, string Right, string Wrong, string? Finding = null)
{
    /// <summary>The text of the sample with the mistake in it.</summary>
    public string In(string text)
    {
        text.ShouldContain(Right);
        return text.Replace(Right, Wrong, StringComparison.Ordinal);
    }
}
