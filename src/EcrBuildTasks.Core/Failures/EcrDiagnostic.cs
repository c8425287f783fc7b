using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Failures;

/// <summary>How grave a diagnostic is.</summary>
public enum DiagnosticSeverity
{
    Warning,

    Error,
}

/// <summary>A failure or warning, described for the person who has to fix it.</summary>
/// <param name="Code">The code of the catalogue.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Message">One line that stands alone: who, what, where, and what has to change.</param>
public sealed record EcrDiagnostic(EcrCode Code, DiagnosticSeverity Severity, string Message)
{
    /// <summary>The lines that follow: why, what to add, the command that adds it.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The caller and its credentials, a sentence that is also one of the details; <see langword="null"/> if AWS was not called.</summary>
    public string? Caller { get; private init; }

    /// <summary>The page about the code.</summary>
    public Uri HelpLink => Code.HelpLink;

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

    /// <summary>The message and the details, a line each, closed by the help link.</summary>
    public override string ToString() => string.Join('\n', [$"{Code.Id}: {Message}", .. Details, $"Help: {HelpLink}"]);
}
