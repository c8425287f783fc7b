using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>What the project in the current folder changes in the place to look at: a push of it goes there, as it says.</summary>
/// <param name="Registry">The registry; <see langword="null"/> for the caller's own.</param>
/// <param name="Settings">As whom to look.</param>
/// <param name="Finding">What the project says; <see langword="null"/> where there is none.</param>
internal sealed record ProjectHere(EcrRegistry? Registry, AwsSettings Settings, Finding? Finding)
{
    private static readonly string[] Identity = ["EcrProfile", "EcrRoleArn", "EcrRegion"];

    public static async Task<ProjectHere> FindAsync(AwsSettings said, CancellationToken cancellationToken)
    {
        var folder = Directory.GetCurrentDirectory();
        if (ProjectProperties.FilesIn(folder) is not [var file])
        {
            return new(null, said, null);
        }

        try
        {
            if (await ProjectProperties.FindAsync(folder, said, cancellationToken) is not { } project)
            {
                return new(null, said, null);
            }

            return new(
                project.Registries is [var first, ..] ? EcrRegistry.Parse(first) : null,
                project.Identity,
                Finding.Ok(Words(project, said))
            );
        }
        catch (Exception failure)
            when (failure is not OperationCanceledException && FailureDiagnosis.Of(failure) is { } wrong)
        {
            return new(
                null,
                said,
                Finding.Problem(wrong.Message, $"Fix {Path.GetFileName(file)}. The checks below ignore it.") with
                {
                    Help = wrong.HelpLink,
                }
            );
        }
    }

    private static string Words(ProjectRequest project, AwsSettings said)
    {
        var name = Path.GetFileName(project.ProjectFile);
        string[] chosen =
        [
            .. Identity
                .Where(property => project[property] is { } value && value != Said(property, said))
                .Select(property => $"{property}={project[property]}"),
            .. project.Registries is [var first, ..] ? [$"the registry {first}"] : Array.Empty<string>(),
        ];
        var others =
            project.Registries.Count > 1
                ? $" It pushes to {string.Join(", ", project.Registries.Skip(1))} as well: name one to look at it."
                : "";
        return chosen.Length > 0
            ? $"{name} chooses {string.Join(", ", chosen)}; what follows is found with that.{others}"
            : $"{name} chooses no profile, role, region or registry.";
    }

    private static string? Said(string property, AwsSettings said) =>
        property switch
        {
            "EcrProfile" => said.Profile,
            "EcrRoleArn" => said.RoleArn,
            _ => said.Region,
        };
}
