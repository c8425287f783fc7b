using EcrBuildTasks.Aws;
using EcrBuildTasks.Diagnostics;
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
            var project = await ProjectProperties.ReadAsync(folder, cancellationToken);
            var settings = project.Identity(said);
            return new(
                project.Registries is [var first, ..] ? EcrRegistry.Parse(first) : null,
                settings,
                Finding.Ok(Words(project, settings))
            );
        }
        catch (Exception failure)
            when (failure is not OperationCanceledException && FailureDiagnosis.Of(failure) is { } wrong)
        {
            return new(
                null,
                said,
                Finding.Problem(wrong.Message, $"Mend {Path.GetFileName(file)}; what follows is found without it.") with
                {
                    Help = wrong.HelpLink,
                }
            );
        }
    }

    private static string Words(ProjectProperties project, AwsSettings settings)
    {
        var name = Path.GetFileName(project.Path);
        string[] chosen =
        [
            .. Identity
                .Where(property => project[property] is { } value && IsUsed(property, value, settings))
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

    /// <summary>What the command line says goes before the project.</summary>
    private static bool IsUsed(string property, string value, AwsSettings settings) =>
        value
        == property switch
        {
            "EcrProfile" => settings.Profile,
            "EcrRoleArn" => settings.RoleArn,
            _ => settings.Region,
        };
}
