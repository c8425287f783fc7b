using System.Text.Json.Nodes;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Reporting;
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
) : IReportSink
{
    // Wide enough that no line of a log is ever broken.
    private const int WidthOfLogs = 1000;

    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;

    private Reporter? _reporter;

    public Reporter Reporter => _reporter ??= new(this, environment);

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
    public void Write(JsonNode json) => _out.WriteLine(json.ToText());

    /// <summary>The results for programs: of one target, or an array.</summary>
    public void Write(IReadOnlyList<JsonNode> results) =>
        Write(results is [var only] ? only : new JsonArray([.. results]));

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

    bool IReportSink.HasOptions => true;

    /// <summary>In the form that MSBuild and the tools around it know.</summary>
    void IReportSink.Write(EcrDiagnostic diagnostic)
    {
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
    }

    /// <summary>A program that reads JSON gets the result in it.</summary>
    void IReportSink.WriteResults(IReadOnlyList<ReportLine> lines)
    {
        foreach (var line in lines)
        {
            if (!line.IsResult)
            {
                Note(line.Text);
            }
            else if (!IsJson)
            {
                Write(line.Text);
            }
        }
    }

    void IReportSink.WriteDetail(string line) => Detail(line);

    void IReportSink.WriteCommand(string command, bool isReadFromStandardError) =>
        (isReadFromStandardError || IsForPrograms ? _error : _out).WriteLine(command);

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
