using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Reporting;

/// <summary>A folder for the results of one target, for later steps of a CI job.</summary>
public sealed class ResultFolder(string path)
{
    internal const string Preflight = "preflight.json";
    internal const string Push = "push.json";
    internal const string Request = "request.md";
    private const string PolicyFix = "policy-fix.json";
    private const string RepositoryPolicy = "repository-policy.json";

    /// <summary>The folder of a request; with several registries, each has one of its own.</summary>
    public static ResultFolder ForRequest(PushRequest request, IReadOnlyList<PushRequest> all, string folder) =>
        new(all.Count == 1 ? folder : Path.Combine(folder, FolderName(request.Registry!)));

    /// <summary>The files that a push may write.</summary>
    public IEnumerable<string> Files => new[] { Preflight, Push, PolicyFix, RepositoryPolicy, Request }.Select(PathOf);

    /// <summary>A result of an earlier build must not be taken for one of this build.</summary>
    public void Clear() =>
        Change(() =>
        {
            foreach (var file in Files.Where(File.Exists))
            {
                File.Delete(file);
            }
        });

    /// <summary>A file that cannot be written is reported beside the other errors, and hides none of them.</summary>
    internal void Write(string file, string text, Action<EcrDiagnostic> report)
    {
        try
        {
            Change(() =>
            {
                Directory.CreateDirectory(path);
                File.WriteAllText(PathOf(file), text);
            });
        }
        catch (DiagnosedException failure)
        {
            report(failure.Diagnostic);
        }
    }

    /// <summary>Writes the statements that fix a denial.</summary>
    /// <returns>Lines about the file of the whole policy, if there is one.</returns>
    internal IReadOnlyList<string> Write(IReadOnlyList<PolicyFix> fixes, Action<EcrDiagnostic> report)
    {
        if (fixes.Count > 0)
        {
            Write(PolicyFix, ReportJson.Describe(fixes).ToText(), report);
        }

        var policy = PathOf(RepositoryPolicy).Replace(Path.DirectorySeparatorChar, '/');
        if (
            fixes.FirstOrDefault(fix => fix.ChangedPolicy is not null) is not { } seen
            || seen.AwsCommand(policy) is not { } command
        )
        {
            return [];
        }

        Write(RepositoryPolicy, seen.Render(FixFormat.Policy)!, report);
        return
        [
            $"{policy} holds the whole policy with the statement. On this machine, as long as nobody else changes the policy, this sets it from any shell:",
            $"  {command}",
        ];
    }

    private string PathOf(string file) => Path.Combine(path, file);

    /// <summary>A registry that is misspelled may hold slashes and colons.</summary>
    private static string FolderName(string registry) =>
        string.Concat(
                registry.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_')
            )
            .Trim('.');

    private void Change(Action change)
    {
        try
        {
            change();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosedException(SettingDiagnosis.NotWritable(path, failure.Message));
        }
    }
}
