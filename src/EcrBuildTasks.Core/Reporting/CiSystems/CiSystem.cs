using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Reporting.CiSystems;

/// <summary>
/// The system that runs a build, as far as it takes more from it than text: errors as annotations, outputs for later steps,
/// a summary for people. Failing to write any of it never fails a push.
/// </summary>
internal abstract class CiSystem
{
    /// <summary>The system that runs this process, by the variables that it sets.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns><see langword="null"/> where there is none that is known.</returns>
    public static CiSystem? Find(Func<string, string?> variable) =>
        variable("GITHUB_ACTIONS") is "true" ? new GitHubActions(variable)
        : variable("TF_BUILD") is { Length: > 0 } ? new AzurePipelines(variable)
        : variable("GITLAB_CI") is { Length: > 0 } ? new GitLabCi(variable)
        : variable("TEAMCITY_VERSION") is { Length: > 0 } ? new TeamCity()
        : null;

    /// <summary>Whether the system reads lines of standard error as well; else they have to go where results go.</summary>
    public virtual bool ReadsStandardError => true;

    /// <summary>The line that makes an annotation of a diagnostic; <see langword="null"/> where there are none.</summary>
    public abstract string? Annotate(EcrDiagnostic diagnostic);

    /// <summary>Tells later steps what was pushed.</summary>
    /// <returns>Lines to print, for systems that read the log.</returns>
    public abstract IReadOnlyList<string> Output(PushResult result);

    /// <summary>Shows a summary beside the log.</summary>
    /// <returns>Lines to print, for systems that read the log.</returns>
    public virtual IReadOnlyList<string> Summarize(string markdown) => [];

    /// <summary>What later steps read, by the names of the outputs.</summary>
    private protected static IReadOnlyList<(string Name, string Value)> OutputsOf(PushResult result) =>
        [("image-uri", result.UriOf(result.Pushed.Tags[0])), ("image-digest", result.Pushed.Digest)];

    /// <summary>A diagnostic where there is room for its message alone, and for who the caller is.</summary>
    private protected static string ShortText(EcrDiagnostic diagnostic) =>
        diagnostic.Caller is { } caller && diagnostic.Details.Contains(caller, StringComparer.Ordinal)
            ? $"{diagnostic.Message} {caller}"
            : diagnostic.Message;

    private protected static bool IsError(EcrDiagnostic diagnostic) => diagnostic.Severity is DiagnosticSeverity.Error;

    /// <summary>Appends to a file that the system has named, if it has.</summary>
    private protected static void Append(string? file, string text)
    {
        if (string.IsNullOrEmpty(file))
        {
            return;
        }

        try
        {
            File.AppendAllText(file, text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The push is done; who misses the output finds it in the log.
        }
    }
}
