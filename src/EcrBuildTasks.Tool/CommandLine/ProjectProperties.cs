using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Reads from the project in a folder the push that <c>dotnet publish /t:PushToEcr</c> would run.</summary>
internal static class ProjectProperties
{
    /// <summary>The project files in a folder.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.*proj").Order(StringComparer.Ordinal)];

    /// <summary>Gets the item <c>EcrRequest</c> of the only project in a folder from MSBuild.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="settings">The identity of the command line, which takes precedence over the project's.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DiagnosedException">The folder has no project or several, or the project cannot be evaluated or lacks the package.</exception>
    public static async Task<ProjectRequest> ReadAsync(
        string folder,
        AwsSettings settings,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(folder, settings, cancellationToken)
        ?? throw Failure(
            "No image is specified, and the project in this folder does not use EcrBuildTasks. Specify the image, or add the package: dotnet add package EcrBuildTasks. After a clone, run dotnet restore."
        );

    /// <returns><see langword="null"/> for a project without the package.</returns>
    /// <exception cref="DiagnosedException">The folder has no project or several, or the project cannot be evaluated.</exception>
    public static async Task<ProjectRequest?> FindAsync(
        string folder,
        AwsSettings settings,
        CancellationToken cancellationToken
    )
    {
        var projects = FilesIn(folder);
        if (projects is not [var project])
        {
            throw Failure(
                projects.Count == 0
                    ? $"No image is specified, and {folder} contains no project. Specify the image as repository:tag or host/repository:tag."
                    : $"No image is specified, and {folder} contains several projects: {string.Join(", ", projects.Select(Path.GetFileName))}. Specify the image, or change to a folder with a single project."
            );
        }

        using var process =
            ProgramInPath.Start(
                "dotnet",
                ["msbuild", project, "-nologo", "-t:_EcrResolveRequest", "-getItem:EcrRequest"]
            )
            ?? throw Failure(
                $"No image is specified, and {project} cannot be evaluated because dotnet is not on the PATH. Specify the image, or install the .NET SDK."
            );
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(cancellationToken),
            process.StandardError.ReadToEndAsync(cancellationToken)
        );
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            var text = (await output + await error).Trim();
            return text.Contains("MSB4057", StringComparison.Ordinal)
                ? null
                : throw Failure($"{project} cannot be evaluated: {text}");
        }

        var request = new ProjectRequest(project, Read(project, await output));
        return request.With(
            ("EcrRegion", settings.Region ?? request["EcrRegion"]),
            ("EcrProfile", settings.Profile ?? request["EcrProfile"]),
            ("EcrRoleArn", settings.RoleArn ?? request["EcrRoleArn"])
        );
    }

    private static Dictionary<string, string> Read(string project, string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            return json
                .RootElement.GetProperty("Items")
                .GetProperty("EcrRequest")[0]
                .EnumerateObject()
                .ToDictionary(value => value.Name, value => value.Value.GetString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception failure)
            when (failure
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or IndexOutOfRangeException
                        or ArgumentException
            )
        {
            // The SDK is the one that global.json chooses, which can be any program.
            throw Failure($"{project} cannot be evaluated: `dotnet msbuild` did not print the item EcrRequest.");
        }
    }

    private static DiagnosedException Failure(string message) =>
        new(EcrDiagnostic.Error(EcrCode.ImageNotNamed, message));
}
