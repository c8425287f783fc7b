namespace EcrBuildTasks.Documentation.Tests.Shell;

/// <summary>A program and its arguments, as a shell would run it.</summary>
/// <param name="Words">The program and its arguments, without quotes, redirections and variables set for it alone.</param>
internal sealed record ShellCommand(IReadOnlyList<string> Words)
{
    public string Program => Words[0];

    public string[] Arguments => [.. Words.Skip(1)];

    public override string ToString() => string.Join(' ', Words);
}
