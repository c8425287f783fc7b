using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Reporting.Pipelines;
using EcrBuildTasks.Settings;
using Spectre.Console;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Where a command prints: the result, and nothing else, to standard output; the rest to standard error.</summary>
internal sealed class ToolOutput(
    EnvironmentVariables environment,
    OutputFormat format,
    bool noColor,
    bool quiet,
    bool verbose
)
{
    // Wide enough that no line of a log is ever broken.
    private const int WidthOfLogs = 1000;

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly PipelineHost? _pipeline = PipelineHost.Find(name => environment[name]);

    public bool IsJson { get; } = format is OutputFormat.Json;

    public bool IsVerbose { get; } = verbose;

    /// <summary>Whether a program reads the result, so that standard output must hold not a line besides.</summary>
    public bool IsForPrograms { get; set; } = format is OutputFormat.Json;

    /// <summary>Standard output, for results that people look at.</summary>
    public IAnsiConsole Result { get; } =
        Create(Console.Out, Console.IsOutputRedirected, noColor || environment["NO_COLOR"] is not null);

    /// <summary>Standard error, for everything else.</summary>
    public IAnsiConsole Messages { get; } =
        Create(Console.Error, Console.IsErrorRedirected, noColor || environment["NO_COLOR"] is not null);

    /// <summary>Whether somebody looks on who sees things move.</summary>
    public bool IsLive => !quiet && Messages.Profile.Capabilities.Interactive && !Console.IsErrorRedirected;

    /// <summary>A line of the result.</summary>
    public void Write(string line) => _out.WriteLine(line);

    /// <summary>The result for programs.</summary>
    public void Write(JsonNode json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteTo(writer);
        }

        _out.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    public void Note(string line)
    {
        if (!quiet)
        {
            _error.WriteLine(line);
        }
    }

    /// <summary>What only those who asked for more want to know.</summary>
    public void Detail(string line)
    {
        if (IsVerbose)
        {
            _error.WriteLine(line);
        }
    }

    public void Report(IEnumerable<EcrDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Report(diagnostic);
        }
    }

    /// <summary>
    /// An error or a warning, in the form that MSBuild and the tools around it know; once, also when it is the outcome of several
    /// targets.
    /// </summary>
    public void Report(EcrDiagnostic diagnostic)
    {
        if (!_reported.Add(diagnostic.ToString()))
        {
            return;
        }

        var (severity, color) =
            diagnostic.Severity is DiagnosticSeverity.Error ? ("error", Palette.Bad) : ("warning", Palette.Doubtful);
        var (label, message) = ($"{severity} {diagnostic.Code.Id}", $": {diagnostic.Message}");
        if (Console.IsErrorRedirected)
        {
            _error.WriteLine(label + message);
        }
        else
        {
            // Broken between words. What follows is not: it is there to be copied.
            Messages.Write(new Paragraph(label, new Style(color)).Append(message));
            Messages.WriteLine();
        }

        foreach (var line in diagnostic.Details)
        {
            _error.WriteLine($"  {line}");
        }

        _error.WriteLine($"  Help: {diagnostic.HelpLink}");
        Tell(_pipeline?.Annotate(diagnostic) is { } annotation ? [annotation] : []);
    }

    /// <summary>Tells the system that runs the command, if one does, for its pages and later steps.</summary>
    public void Tell(
        IReadOnlyList<PushResult> results,
        IReadOnlyList<EcrDiagnostic> diagnostics,
        IReadOnlyList<PolicyFix> fixes
    )
    {
        if (_pipeline is null)
        {
            return;
        }

        Tell([.. results.Take(1).SelectMany(_pipeline.Output)]);
        if (JobSummary.Of(results, diagnostics, fixes) is { Length: > 0 } summary)
        {
            Tell(_pipeline.Summarize(summary));
        }
    }

    private void Tell(IReadOnlyList<string> lines)
    {
        var log = _pipeline is { ReadsStandardError: false } && !IsForPrograms ? _out : _error;
        foreach (var line in lines)
        {
            log.WriteLine(line);
        }
    }

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected, bool noColor)
    {
        var isPlain = noColor || isRedirected;
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            }
        );
        if (isRedirected)
        {
            console.Profile.Width = WidthOfLogs;
        }

        return console;
    }
}
