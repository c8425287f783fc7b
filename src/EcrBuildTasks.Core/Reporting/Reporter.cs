using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting.CiSystems;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Reporting;

/// <summary>
/// Reports outcomes for a build and for the tool alike: lines, result files, and the commands, outputs and summary of the CI
/// system that runs the process.
/// </summary>
public sealed class Reporter(IReportSink sink, EnvironmentVariables environment)
{
    private readonly CiSystem? _ciSystem = CiSystem.Find(name => environment[name]);
    private readonly List<EcrDiagnostic> _diagnostics = [];
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly List<AccessRequest> _requests = [];
    private readonly List<PushResult> _pushed = [];
    private readonly List<ReportLine> _results = [];

    /// <summary>Reports it once, also when it is the outcome of several targets.</summary>
    public void Report(EcrDiagnostic diagnostic) => Report(InItsWords(diagnostic), InItsWords(diagnostic));

    /// <param name="diagnostic">What the CI system gets.</param>
    /// <param name="shown">What the log shows; it can be shorter.</param>
    private void Report(EcrDiagnostic diagnostic, EcrDiagnostic shown)
    {
        if (!_reported.Add(diagnostic.ToString()))
        {
            return;
        }

        _diagnostics.Add(diagnostic);
        sink.Write(shown);
        Send(_ciSystem?.Annotate(diagnostic) is { } annotation ? [annotation] : []);
    }

    /// <returns>What it is reported as: a bug of ours if it is not known.</returns>
    public EcrDiagnostic Report(Exception failure)
    {
        var diagnostic =
            FailureDiagnosis.Find(failure)
            ?? EcrDiagnostic.Error(
                EcrCode.InternalError,
                $"This is a bug in EcrBuildTasks. Please report it: {failure.GetType().FullName}: {failure.Message}"
            );
        Report(diagnostic);
        return diagnostic;
    }

    public void Report(IEnumerable<EcrDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Report(diagnostic);
        }
    }

    public void Report(PreflightOutcome outcome, ResultFolder? folder = null)
    {
        if (outcome.Report is { } report)
        {
            folder?.Write(ResultFolder.Preflight, ReportJson.Describe(outcome).ToText(), Report);
            foreach (var line in PreflightLines.Describe(report))
            {
                sink.WriteDetail(OutgoingText.ToLine(line));
            }
        }

        Report(outcome.Report, outcome.Diagnostics, outcome.Fixes, folder);
    }

    /// <summary>Reports whether a preflight passed. What failed is reported by its diagnostics.</summary>
    public void ReportVerdict(PreflightOutcome outcome)
    {
        if (outcome is { Report: { } report, Succeeded: true })
        {
            _results.Add(new(PreflightLines.Verdict(report), IsResult: true));
            _results.AddRange(
                PreflightLines.Limits(outcome).Select(line => new ReportLine($"  {line}", IsResult: true))
            );
        }
    }

    public void Report(PushOutcome outcome, ResultFolder? folder = null)
    {
        if (outcome.Result is { } result)
        {
            Report(result, folder);
        }

        Report(outcome.Report, outcome.Diagnostics, outcome.Fixes, folder);
    }

    public void Report(PushResult result, ResultFolder? folder = null)
    {
        _pushed.Add(result);
        folder?.Write(ResultFolder.Push, ReportJson.Describe(result).ToText(), Report);
        _results.AddRange(PushLines.Images(result).Select(image => new ReportLine(image, IsResult: true)));
        foreach (var line in PushLines.Describe(result))
        {
            AddNote(line);
        }
    }

    /// <summary>Adds a line to the results.</summary>
    public void AddNote(string note) => _results.Add(new($"  {note}", IsResult: false));

    /// <summary>Writes the results that were reported, together: the terminal logger of MSBuild shows one message of a project.</summary>
    public void WriteResults()
    {
        if (_results.Count > 0)
        {
            sink.WriteResults([.. _results.Select(line => line with { Text = OutgoingText.ToLine(line.Text) })]);
            _results.Clear();
        }
    }

    /// <summary>Writes what is left to write, and the outputs and the summary for the CI system.</summary>
    public void Complete()
    {
        WriteResults();
        if (_ciSystem is not null)
        {
            Send([.. _pushed.Take(1).SelectMany(_ciSystem.Output)]);
            var summary = JobSummary.Render(_pushed, _diagnostics, _requests);
            Send(summary.Length > 0 ? _ciSystem.Summarize(summary) : []);
        }
    }

    private void Report(
        PreflightReport? report,
        IReadOnlyList<EcrDiagnostic> diagnostics,
        IReadOnlyList<PolicyFix> fixes,
        ResultFolder? folder
    )
    {
        folder?.Write(fixes, Report);
        var request = report is { Denied.Count: > 0 } ? new AccessRequest(report, diagnostics, fixes) : null;
        foreach (var diagnostic in diagnostics.Select(InItsWords))
        {
            var isDenial =
                diagnostic.Severity is DiagnosticSeverity.Error
                && diagnostic.Code.Id.StartsWith("ECR2", StringComparison.Ordinal);
            Report(diagnostic, isDenial ? Complete(diagnostic, fixes, request, folder) : diagnostic);
        }

        if (request is not null)
        {
            _requests.Add(request);
            folder?.Write(ResultFolder.Request, request.ToMarkdown(), Report);
        }
    }

    private EcrDiagnostic InItsWords(EcrDiagnostic diagnostic) => sink.HasOptions ? diagnostic.ForTool() : diagnostic;

    /// <summary>
    /// Names the folder in the first line, which is all that some loggers show; where there is none, gives the commands that have
    /// no other place.
    /// </summary>
    private EcrDiagnostic Complete(
        EcrDiagnostic denial,
        IReadOnlyList<PolicyFix> fixes,
        AccessRequest? request,
        ResultFolder? folder
    )
    {
        var lines = sink.BreaksLines || folder is null ? denial.Details : DenialDiagnosis.Unfold(denial.Details, fixes);
        var details = lines.Select(line =>
            fixes
                .Select(fix => fix.ToolCommand)
                .FirstOrDefault(command => command is not null && line.Contains(command))
                is { } command
            && sink.BreaksLines
                ? line.Replace(command, "dotnet ecr policy fix --apply", StringComparison.Ordinal)
                : line
        );
        return folder is null
            ? denial with
            {
                Details =
                [
                    .. details,
                    .. fixes.Where(fix => fix.ToolCommand is null && IsOf(denial, fix)).SelectMany(Commands),
                ],
            }
            : denial with
            {
                Message =
                    $"{denial.Message} {(fixes.Count > 0 ? "Fix" : "Details")}{(request is null ? "" : ", and request.md for the owner")}: {folder.Name}",
                Details = [.. details],
            };
    }

    /// <summary>Whether a denial has the statement of the fix, and no other denial of the same preflight.</summary>
    private static bool IsOf(EcrDiagnostic denial, PolicyFix fix) =>
        string.Join('\n', denial.Details)
            .Contains(string.Join('\n', fix.ToLines(PolicyFix.TerminalWidth)), StringComparison.Ordinal);

    private static IEnumerable<string> Commands(PolicyFix fix) =>
        fix.AwsCommand() is { } command
            ? [$"With credentials of account {fix.OwnerAccount}:", .. command.Split('\n').Select(line => $"  {line}")]
            : [];

    private void Send(IReadOnlyList<string> commands)
    {
        foreach (var command in commands)
        {
            sink.WriteCommand(command, _ciSystem!.ReadsStandardError);
        }
    }
}

/// <param name="IsResult">Whether it is a part of the result, such as the reference of an image; else it is about the result.</param>
public readonly record struct ReportLine(string Text, bool IsResult);

/// <summary>Where a front end prints.</summary>
public interface IReportSink
{
    /// <summary>Whether its users set options of a command line, and not properties of a build.</summary>
    bool HasOptions => false;

    /// <summary>Whether it breaks long lines, so that they cannot be copied.</summary>
    bool BreaksLines => false;

    /// <summary>Prints an error or a warning, its details and its page.</summary>
    void Write(EcrDiagnostic diagnostic);

    /// <summary>Prints what the build or the command was run for.</summary>
    void WriteResults(IReadOnlyList<ReportLine> lines);

    /// <summary>Prints a line for those who want to know more.</summary>
    void WriteDetail(string line);

    /// <summary>Prints a line for the CI system.</summary>
    /// <param name="isReadFromStandardError">Whether the CI system reads standard error too.</param>
    void WriteCommand(string command, bool isReadFromStandardError);
}
