using System.Text.RegularExpressions;

namespace EcrBuildTasks.Documentation.Tests.Markdown;

/// <summary>A page as GitHub shows it, as far as the tests ask: its headings, links, code and fenced blocks.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<CodeBlock> _blocks = [];
    private readonly List<string> _prose = [];
    private readonly List<(int Level, string Text, int Line)> _headings = [];

    public MarkdownPage(string path, string text)
    {
        Path = path;
        Text = text;
        Read(Lines(text));
    }

    /// <summary>The path in the repository, with slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<CodeBlock> Blocks => _blocks;

    /// <summary>The headings with their levels, in order.</summary>
    public IEnumerable<(int Level, string Text)> Headings => _headings.Select(heading => (heading.Level, heading.Text));

    /// <summary>What a link can name behind <c>#</c>.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (_, text, _) in _headings)
            {
                var slug = SlugOf(text);
                var number = 0;
                while (!anchors.Add(number == 0 ? slug : $"{slug}-{number}"))
                {
                    number++;
                }
            }

            return anchors;
        }
    }

    /// <summary>The targets of links and pictures.</summary>
    public IEnumerable<string> Links =>
        // A link may go on in the next line.
        Link().Matches(Code().Replace(string.Join('\n', _prose), "``")).Select(link => link.Groups["target"].Value);

    /// <summary>What stands in backticks within the prose.</summary>
    public IEnumerable<string> InlineCode =>
        _prose.SelectMany(line => Code().Matches(line)).Select(code => code.Groups["text"].Value.Trim());

    /// <summary>The rows of all tables, as their trimmed cells.</summary>
    public IEnumerable<string[]> Rows =>
        _prose
            .Where(line => line.TrimStart().StartsWith('|'))
            .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => !cells.All(cell => cell.All(letter => letter is '-' or ':')));

    /// <summary>The prose and blocks between a heading and the next of its level or above.</summary>
    public string Section(string heading)
    {
        var start = _headings.FindIndex(each => each.Text == heading);
        start.ShouldBeGreaterThanOrEqualTo(0, $"{Path} has no heading '{heading}'.");
        var end = _headings.FindIndex(start + 1, each => each.Level <= _headings[start].Level);
        return string.Join('\n', Lines(Text)[(_headings[start].Line + 1)..(end < 0 ? ^0 : _headings[end].Line)]);
    }

    private void Read(string[] lines)
    {
        string? remark = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var fence = Fence().Match(lines[i]);
            if (fence.Success)
            {
                var indent = fence.Groups["indent"].Length;
                var end = Array.FindIndex(lines, i + 1, line => line.Trim() == fence.Groups["fence"].Value);
                end.ShouldBeGreaterThan(i, $"{Path}:{i + 1}: the fence is not closed.");
                var content = lines[(i + 1)..end]
                    .Select(line => line.Length > indent ? line[indent..] : line.TrimStart());
                _blocks.Add(new(Path, i + 1, fence.Groups["language"].Value, string.Join('\n', content), remark));
                i = end;
                remark = null;
                continue;
            }

            _prose.Add(lines[i]);
            if (Heading().Match(lines[i]) is { Success: true } heading)
            {
                _headings.Add((heading.Groups["level"].Length, heading.Groups["text"].Value, i));
            }

            if (lines[i].Length > 0)
            {
                remark = Comment().Match(lines[i]) is { Success: true } comment ? comment.Groups["text"].Value : null;
            }
        }
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    /// <summary>GitHub's own rule: lower case, hyphens for spaces, and of other signs only hyphen and underscore.</summary>
    private static string SlugOf(string heading) =>
        string.Concat(
            Link()
                .Replace(heading, link => link.Groups["text"].Value)
                .Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')
                .Select(letter => letter == ' ' ? '-' : char.ToLowerInvariant(letter))
        );

    private const RegexOptions Options = RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"^(?<indent> *)(?<fence>`{3,})(?<language>[^`]*)$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(?<level>#{1,6}) +(?<text>.+?)\s*$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\((?<target>[^)\s]+)\)", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<ticks>`+)(?<text>.+?)\k<ticks>", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\s*<!-- (?<text>.*) -->\s*$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
