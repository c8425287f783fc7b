using System.Globalization;
using System.Text;

namespace EcrBuildTasks.RealParts;

/// <summary>What a program said and how it ended; <see cref="ToString"/> is a transcript to read in a failed test.</summary>
/// <param name="Program">The program as it was named.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="ExitCode">0 for success by custom.</param>
/// <param name="Output">Standard output, lines joined by <c>\n</c>.</param>
/// <param name="Error">Standard error, likewise.</param>
/// <param name="Elapsed">From start to end.</param>
public sealed record CliResult(
    string Program,
    IReadOnlyList<string> Arguments,
    int ExitCode,
    string Output,
    string Error,
    TimeSpan Elapsed
)
{
    /// <summary>Returns this result if the program succeeded.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0; the message is the transcript.</exception>
    public CliResult EnsureSuccess() => ExitCode == 0 ? this : throw new InvalidOperationException(ToString());

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder("$ ").Append(Program);
        foreach (var argument in Arguments)
        {
            text.Append(' ').Append(argument.Contains(' ', StringComparison.Ordinal) ? $"'{argument}'" : argument);
        }

        text.AppendLine();
        Append(text, Output, "");
        Append(text, Error, "! ");
        return text.Append(CultureInfo.InvariantCulture, $"(exit code {ExitCode} after {Elapsed.TotalSeconds:0.0} s)")
            .ToString();
    }

    private static void Append(StringBuilder text, string lines, string prefix)
    {
        foreach (var line in lines.Trim('\n').Split('\n').SkipWhile(_ => lines.Length == 0))
        {
            text.Append(prefix).AppendLine(line);
        }
    }
}
