using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Failures;

/// <summary>How grave a diagnostic is.</summary>
public enum DiagnosticSeverity
{
    Warning,

    Error,
}

/// <summary>A failure or warning, described for the person who has to fix it.</summary>
/// <param name="Code">The code of the catalog.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Message">One line that stands alone: who, what, where, and what has to change.</param>
public sealed record EcrDiagnostic(EcrCode Code, DiagnosticSeverity Severity, string Message)
{
    public string Message
    {
        get;
        init => field = OutgoingText.ToLine(value);
    } = OutgoingText.ToLine(Message);

    /// <summary>The lines that follow: why, what to add, the command that adds it.</summary>
    public IReadOnlyList<string> Details
    {
        get;
        init => field = [.. value.Select(OutgoingText.ToLine)];
    } = [];

    /// <summary>The caller and its credentials, a sentence that is also one of the details; <see langword="null"/> if AWS was not called.</summary>
    public string? Caller { get; private init; }

    /// <summary>The message with the tool's options in place of the build's properties, if it differs.</summary>
    private string? ToolMessage { get; init; }

    /// <summary>The page about the code.</summary>
    public Uri HelpLink => Code.HelpLink;

    /// <summary>A failure with the remedies of the catalog.</summary>
    /// <param name="cause">What failed; lines after the first become details.</param>
    /// <param name="profile">The AWS profile that the commands of the remedies name.</param>
    /// <param name="role">The name of the role that they name.</param>
    internal static EcrDiagnostic Failed(EcrCode code, string cause, string? profile = null, string? role = null)
    {
        var lines = cause.Trim().Split('\n');
        var entry = FailureCatalog.EntryOf(code);
        if (entry.Remedies.Count > 0)
        {
            return Error(code, Message(entry.Remedies), [.. lines.Skip(1).Select(line => line.TrimEnd())]) with
            {
                ToolMessage = Message(entry.ToolRemedies),
            };
        }

        var remedies =
            FailureCatalog.Rows.FirstOrDefault(row => row.Code == code && row.Matches(cause))?.Remedies ?? [];
        return Error(
            code,
            Message(remedies.Take(1)),
            [.. remedies.Skip(1), .. lines.Skip(1).Select(line => line.TrimEnd())]
        );

        string Message(IEnumerable<string> remedies) =>
            string.Join(
                ' ',
                remedies
                    .Select(remedy =>
                        remedy
                            .Replace("{profile}", profile is null ? "" : $" --profile {Word(profile, "profile")}")
                            .Replace("{role}", Word(role, "role"))
                    )
                    .Prepend(Sentence(lines[0]))
            );
    }

    /// <summary>A name in a command, or a placeholder where a shell would read more than a name.</summary>
    internal static string Word(string? name, string what) =>
        (name is null ? null : ShellWord.QuoteForAnyShell(name)) ?? $"<{what}>";

    public static EcrDiagnostic Error(EcrCode code, string message, params IReadOnlyList<string> details) =>
        new(code, DiagnosticSeverity.Error, message) { Details = details };

    internal static EcrDiagnostic Warning(EcrCode code, string message, params IReadOnlyList<string> details) =>
        new(code, DiagnosticSeverity.Warning, message) { Details = details };

    /// <summary>The same with the caller, who is named last.</summary>
    /// <param name="caller">The caller, in <see cref="CallerWords"/>.</param>
    internal EcrDiagnostic AskedAs(string caller) =>
        Caller is not null
            ? this
            : this with
            {
                Caller = $"Caller: {caller}.",
                Details = [.. Details, $"Caller: {caller}."],
            };

    /// <summary>The same with the caller, whom the message names already.</summary>
    internal EcrDiagnostic NamedCaller(string caller) => this with { Caller = $"Caller: {caller}." };

    /// <summary>The same for the tool.</summary>
    public EcrDiagnostic ForTool() => ToolMessage is null ? this : this with { Message = ToolMessage };

    /// <summary>The message and the details, a line each, closed by the help link.</summary>
    public override string ToString() => string.Join('\n', [$"{Code.Id}: {Message}", .. Details, $"Help: {HelpLink}"]);

    private static string Sentence(string text) =>
        text.TrimEnd(':', ' ', '\r') is var sentence && sentence is [.., '.' or '!' or '?'] ? sentence : $"{sentence}.";
}
