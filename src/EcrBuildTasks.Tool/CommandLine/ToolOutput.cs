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
    private bool _isWritten;

    public Reporter Reporter => _reporter ??= new(this, environment);

    public bool IsJson { get; } = format is OutputFormat.Json;

    public bool IsVerbose { get; } = verbose;

    /// <summary>Whether a program reads the result, so that standard output must hold not a line besides.</summary>
    public bool IsForPrograms { get; set; } = format is OutputFormat.Json;

    /// <summary>Standard error, for everything else.</summary>
    public IAnsiConsole Messages { get; } =
        Create(Console.Error, Console.IsErrorRedirected, noColor || environment["NO_COLOR"] is not null);

    /// <summary>Whether somebody looks on who sees things move.</summary>
    public bool IsLive => !quiet && Messages.Profile.Capabilities.Interactive && !Console.IsErrorRedirected;

    /// <summary>A line of the result.</summary>
    public void Write(string line) => _out.WriteLine(OutgoingText.ToLine(line));

    /// <summary>A table; in a file or a pipe without the blanks that fill its last column.</summary>
    public void Write(Table table)
    {
        if (!Console.IsOutputRedirected)
        {
            Create(_out, isRedirected: false, noColor || environment["NO_COLOR"] is not null).Write(table);
            return;
        }

        using var text = new StringWriter();
        Create(text, isRedirected: true, noColor: true).Write(table);
        foreach (var line in text.ToString().TrimEnd('\r', '\n').Split('\n'))
        {
            _out.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>A result of several lines in a format that quotes what is not ours, such as a script or a template.</summary>
    public void WriteDocument(string text) => _out.WriteLine(OutgoingText.Redact(text));

    /// <summary>A password, for the program that asked for it.</summary>
    public void WriteSecret(string secret) => _out.WriteLine(secret);

    /// <summary>A result that contains a password, for the program that asked for it.</summary>
    public void WriteSecret(JsonNode json) => _out.WriteLine(json.ToText());

    /// <summary>The result for programs.</summary>
    public void Write(JsonNode json)
    {
        _isWritten = true;
        _out.WriteLine(OutgoingText.Redact(json.ToText()));
    }

    /// <summary>Reports the failure of a command, also to a program that waits for a result.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(Exception failure)
    {
        IReadOnlyList<EcrDiagnostic> diagnostics = [Reporter.Report(failure).ForTool()];
        if (IsJson && !_isWritten)
        {
            Write(new JsonObject { ["diagnostics"] = ReportJson.Describe(diagnostics) });
        }

        return ExitCode.For(diagnostics);
    }

    /// <summary>The results for programs: of one target, or an array.</summary>
    public void Write(IReadOnlyList<JsonNode> results) =>
        Write(results is [var only] ? only : new JsonArray([.. results]));

    /// <param name="color">Puts the codes of a color around the line.</param>
    public void Note(string line, Func<string, string>? color = null)
    {
        if (!quiet)
        {
            WriteError(line, color);
        }
    }

    /// <summary>A line that nobody can turn off.</summary>
    /// <param name="color">Puts the codes of a color around the line.</param>
    public void WriteError(string line, Func<string, string>? color = null)
    {
        var printed = OutgoingText.ToLine(line);
        _error.WriteLine(color is null ? printed : color(printed));
    }

    /// <summary>What only those who asked for more want to know.</summary>
    public void Detail(string line)
    {
        if (IsVerbose)
        {
            WriteError(line);
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

    /// <summary>A cell of a table; it may have several lines.</summary>
    public static Text Cell(string text, Style? style = null) => new(OutgoingText.ToLines(text), style);

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
