namespace EcrBuildTasks.Diagnostics;

/// <summary>Turns lists into words.</summary>
internal static class Words
{
    public static string List(IEnumerable<string> words) => string.Join(", ", words);
}
