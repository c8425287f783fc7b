using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The registry and identity that the project in the current folder sets, because its push uses them.</summary>
/// <param name="Registry">The registry; <see langword="null"/> for the caller's own.</param>
/// <param name="Settings">The identity for the checks.</param>
/// <param name="Finding">The settings of the project; <see langword="null"/> without a project.</param>
internal sealed record ProjectHere(EcrRegistry? Registry, AwsSettings Settings, Finding? Finding)
{
    private static readonly string[] Identity = ["EcrProfile", "EcrRoleArn", "EcrRegion"];

    public static async Task<ProjectHere> FindAsync(AwsSettings settings, CancellationToken cancellationToken)
    {
        var folder = Directory.GetCurrentDirectory();
        if (ProjectProperties.FilesIn(folder) is not [var file])
        {
            return new(null, settings, null);
        }

        try
        {
            if (await ProjectProperties.FindAsync(folder, settings, cancellationToken) is not { } project)
            {
                return new(null, settings, null);
            }

            return new(
                project.Registries is [var first, ..] ? EcrRegistry.Parse(first) : null,
                project.Identity,
                Finding.Ok(Words(project, settings))
            );
        }
        catch (Exception failure)
            when (failure is not OperationCanceledException && FailureDiagnosis.Find(failure) is { } wrong)
        {
            return new(
                null,
                settings,
                Finding.Problem(wrong.Message, $"Fix {Path.GetFileName(file)}. The checks below ignore it.") with
                {
                    Help = wrong.HelpLink,
                }
            );
        }
    }

    private static string Words(ProjectRequest project, AwsSettings settings)
    {
        var name = Path.GetFileName(project.ProjectFile);
        string[] chosen =
        [
            .. Identity
                .Where(property => project[property] is { } value && value != Option(property, settings))
                .Select(property => $"{property}={project[property]}"),
            .. project.Registries is [var first, ..] ? [$"the registry {first}"] : Array.Empty<string>(),
        ];
        var others =
            project.Registries.Count > 1
                ? $" It also pushes to {string.Join(", ", project.Registries.Skip(1))}: pass one of them as REGISTRY to check it."
                : "";
        return chosen.Length > 0
            ? $"{name} sets {string.Join(", ", chosen)}; the checks below use it.{others}"
            : $"{name} does not set a profile, role, region or registry.";
    }

    private static string? Option(string property, AwsSettings settings) =>
        property switch
        {
            "EcrProfile" => settings.Profile,
            "EcrRoleArn" => settings.RoleArn,
            _ => settings.Region,
        };
}
