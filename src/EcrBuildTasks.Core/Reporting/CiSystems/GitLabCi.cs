using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Reporting.CiSystems;

/// <summary>
/// GitLab reads variables for later jobs from a file that the job declares:
/// https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv. It has no annotations and no summaries.
/// </summary>
internal sealed class GitLabCi(Func<string, string?> variable) : CiSystem
{
    private const string DotEnv = "ecr.env";

    public override string? Annotate(EcrDiagnostic diagnostic) => null;

    public override IReadOnlyList<string> Output(PushResult result)
    {
        if (variable("CI_PROJECT_DIR") is { Length: > 0 } folder)
        {
            foreach (var (name, value) in OutputsOf(result))
            {
                // Names of variables have no hyphens there.
                Append(Path.Combine(folder, DotEnv), $"{name.Replace('-', '_').ToUpperInvariant()}={value}\n");
            }
        }

        return [];
    }
}
