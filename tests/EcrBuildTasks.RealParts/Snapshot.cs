using System.Text.RegularExpressions;
using Xunit;

namespace EcrBuildTasks.RealParts;

/// <summary>
/// The wording that users meet, in <c>tests/Snapshots</c>. <c>UPDATE_SNAPSHOTS=1</c> writes the files instead of comparing
/// them, except in CI.
/// </summary>
public static class Snapshot
{
    private static readonly bool IsUpdated =
        Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1" && !RealPart.AreRequired;

    /// <summary>What differs from run to run or from machine to machine, in the order in which it is replaced.</summary>
    private static readonly (Regex Text, string Placeholder)[] Placeholders =
    [
        (Pattern(@"\r\n?"), "\n"),
        // Colors and other control sequences of a terminal.
        (Pattern(@"\x1b(\[[\d;?]*[a-zA-Z]|[=>])"), ""),
        (Pattern(@"[ \t]+$", RegexOptions.Multiline), ""),
        (Pattern(@" --endpoint-url [^\s']+"), ""),
        (Pattern(Regex.Escape(SourceTree.Tool)), "ecr"),
        (Pattern(@"^\$ \S*script -qec '(?<command>.*)' /dev/null$", RegexOptions.Multiline), "$$ ${command}"),
        (Pattern(@"^\$ \S*/dotnet ", RegexOptions.Multiline), "$$ dotnet "),
        (Pattern(Regex.Escape(Path.GetTempPath()) + @"ecr-[a-z]+-\w+"), "<folder>"),
        (Pattern(Regex.Escape(SourceTree.Root)), "<repository>"),
        (Pattern(@"127\.0\.0\.1:\d+"), "<emulator>"),
        (Pattern("(?<before>sha256:|layer )([0-9a-f]{64}|[0-9a-f]{12})"), "${before}<digest>"),
        (Pattern("ecr-check-[0-9a-f]{32}"), "ecr-check-<id>"),
        (Pattern(@"\d{8}T\d{6}Z|\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(Z| UTC)?"), "<time>"),
        (Pattern(@"\d+(\.\d+)? (B|KB|MB)\b"), "<size>"),
        (Pattern(@"(?<exit>\(exit code \d+) after .*\)"), "${exit})"),
        (Pattern(@"\b\d+\.\d+ s\b"), "<duration>"),
        (Pattern(@"(?<sdk>\.NET SDK .* )10\.\S+"), "${sdk}10.<version>"),
    ];

    /// <summary>Fails if <c>tests/Snapshots/<paramref name="name"/>.txt</c> has another text.</summary>
    /// <param name="name">A literal: a test finds the files that no call names.</param>
    /// <param name="parts">The parts of the text, which are separated by blank lines.</param>
    public static void Match(string name, params IEnumerable<object> parts)
    {
        var actual = Placeholders.Aggregate(
            string.Join("\n\n", parts.Select(part => $"{part}".Trim('\r', '\n'))) + "\n",
            (text, one) => one.Text.Replace(text, one.Placeholder)
        );
        var file = Path.Combine(SourceTree.Root, "tests", "Snapshots", $"{name}.txt");
        if (IsUpdated)
        {
            File.WriteAllText(file, actual);
            return;
        }

        var expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (expected == actual)
        {
            return;
        }

        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var same = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail(
            $"""
            {file}:{same + 1}:
            - {old.ElementAtOrDefault(same)}
            + {now.ElementAtOrDefault(same)}
            If the new text is right, run the test with UPDATE_SNAPSHOTS=1. All of it:
            {actual}
            """
        );
    }

    private static Regex Pattern(string pattern, RegexOptions options = RegexOptions.None) =>
        new(pattern, options | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
