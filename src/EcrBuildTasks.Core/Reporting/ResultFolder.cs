using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Reporting;

/// <summary>A folder for the results of one target, for later steps of a CI job.</summary>
/// <param name="name">How messages call it.</param>
public sealed class ResultFolder(string path, string name)
{
    internal const string Preflight = "preflight.json";
    internal const string Push = "push.json";
    internal const string Request = "request.md";
    private const string PolicyFix = "policy-fix.json";

    private static readonly (string File, FixFormat Format)[] Formats =
    [
        ("repository-policy.json", FixFormat.Policy),
        ("policy-fix.sh", FixFormat.AwsCommand),
        ("policy-fix.tf", FixFormat.Terraform),
        ("policy-fix.cloudformation.yaml", FixFormat.CloudFormation),
        ("policy-fix.cdk.txt", FixFormat.Cdk),
    ];

    /// <summary>The folder of a request; with several registries, each has one of its own.</summary>
    /// <param name="folder">The full path of the folder for all.</param>
    /// <param name="project">The full path of the project file.</param>
    public static ResultFolder ForRequest(
        PushRequest request,
        IReadOnlyList<PushRequest> all,
        string folder,
        string project
    )
    {
        var path = all.Count == 1 ? folder : Path.Combine(folder, FolderName(request.Registry!));
        var relative = Path.GetRelativePath(Path.GetDirectoryName(project)!, path);
        return new(path, relative.StartsWith("..", StringComparison.Ordinal) ? path : relative);
    }

    /// <summary>How messages call it: relative to the project's folder, if it is in there.</summary>
    public string Name => name;

    /// <summary>The files that a push may write.</summary>
    public IEnumerable<string> Files =>
        new[] { Preflight, Push, PolicyFix, Request }.Concat(Formats.Select(format => format.File)).Select(PathOf);

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
                File.WriteAllText(PathOf(file), OutgoingText.Redact(text));
            });
        }
        catch (DiagnosedException failure)
        {
            report(failure.Diagnostic);
        }
    }

    /// <summary>Writes the statements that fix a denial, in all formats.</summary>
    internal void Write(IReadOnlyList<PolicyFix> fixes, Action<EcrDiagnostic> report)
    {
        if (fixes.Count > 0)
        {
            Write(PolicyFix, ReportJson.Describe(fixes).ToText(), report);
        }

        foreach (var (file, format) in Formats)
        {
            var rendered = fixes.Where(fix => format is not FixFormat.Policy || fix.ChangedPolicy is not null);
            string[] texts = [.. rendered.Select(fix => fix.Render(format)).OfType<string>()];
            if (texts.Length > 0)
            {
                Write(file, string.Join("\n\n", texts), report);
            }
        }
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
