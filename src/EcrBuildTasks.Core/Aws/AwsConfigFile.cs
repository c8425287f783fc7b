using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A file of the AWS CLI's and SDKs' common format, config or credentials. The SDK's own reader keeps, for the whole process,
/// the paths that the first environment named.
/// </summary>
internal sealed class AwsConfigFile
{
    // A command line may hold what elsewhere begins a comment.
    private const string CommandKey = "credential_process";

    private static readonly string[] CommentMarks = [" #", " ;", "\t#", "\t;"];

    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal);

    /// <summary>The sections' headings, such as <c>profile dev</c>, in the file's order.</summary>
    public IEnumerable<string> Sections => _sections.Keys;

    /// <summary>A section's settings by their names in lower case; those nested in another as <c>ecr.endpoint_url</c>.</summary>
    public Dictionary<string, string>? this[string section] => _sections.GetValueOrDefault(section);

    /// <summary>Reads a file; a missing or unreadable file is empty.</summary>
    /// <exception cref="AwsSessionException">A line is neither a heading nor a setting.</exception>
    public static AwsConfigFile Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new();
        }
    }

    private static AwsConfigFile Parse(IEnumerable<string> lines, string path)
    {
        var file = new AwsConfigFile();
        Dictionary<string, string>? section = null;
        string? outer = null;
        foreach (var (index, line) in lines.Index())
        {
            if (line.AsSpan().TrimStart() is [] or ['#' or ';', ..])
            {
                continue;
            }

            if (line[0] == '[')
            {
                section = file.Section(Heading(line) ?? throw Malformed(path, index));
                outer = null;
            }
            else if (line.Split('=', 2) is not [var left, var right])
            {
                // Indented, it goes on with the value above, of a kind that nothing here reads.
                if (outer is null || !char.IsWhiteSpace(line[0]))
                {
                    throw Malformed(path, index);
                }
            }
            else if (section is not null)
            {
                var key = left.Trim().ToLowerInvariant();
                var isNested = char.IsWhiteSpace(line[0]) && outer is not null;
                section[isNested ? $"{outer}.{key}" : key] = Value(key, right);
                outer = isNested ? outer : key;
            }
        }

        return file;
    }

    /// <summary>Says where the line is, not what it says: that may be a key that was pasted there.</summary>
    private static AwsSessionException Malformed(string path, int index) =>
        new(
            EcrCode.ProfileUnusable,
            $"Line {index + 1} of {path} is neither a [section] nor a setting (name = value). Correct or remove the line, which is not shown here because it can contain a secret."
        );

    private Dictionary<string, string> Section(string heading)
    {
        if (!_sections.TryGetValue(heading, out var section))
        {
            _sections[heading] = section = new(StringComparer.Ordinal);
        }

        return section;
    }

    /// <summary>What stands in the brackets, with one space between its words and no quotes.</summary>
    private static string? Heading(string line)
    {
        var end = line.IndexOf(']', StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var text = line[1..end].Trim();
        return text.Split(
            (char[]?)null,
            2,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        ) switch
        {
            [var kind, var name] => $"{kind} {name.Trim('"', '\'')}",
            [var name] => name,
            _ => null,
        };
    }

    private static string Value(string key, string text)
    {
        if (key != CommandKey)
        {
            var comments = CommentMarks.Select(mark => text.IndexOf(mark, StringComparison.Ordinal));
            var end = comments.Where(index => index >= 0).DefaultIfEmpty(text.Length).Min();
            text = text[..end];
        }

        return text.Trim();
    }
}
