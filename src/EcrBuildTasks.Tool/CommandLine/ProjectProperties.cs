using System.Diagnostics;
using System.Text.Json;
using EcrBuildTasks.Diagnostics;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>What the project in a folder says about its image, as <c>dotnet publish /t:PushToEcr</c> would see it.</summary>
/// <param name="Values">The properties.</param>
/// <param name="ResourceTags">The items <c>EcrRepositoryTag</c>, <c>key=value</c>.</param>
internal sealed record ProjectProperties(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> ResourceTags)
{
    private const string ResourceTag = "EcrRepositoryTag";

    private static readonly string[] Names =
    [
        "EcrRegistry",
        "EcrRepository",
        "EcrImageTags",
        "EcrFloatingTags",
        "EcrTagCommit",
        "EcrTagBranch",
        "EcrRegion",
        "EcrProfile",
        "EcrRoleArn",
        "EcrExternalId",
        "EcrPushMode",
        "EcrDockerHost",
        "EcrCreateRepository",
        "EcrRepositoryImmutability",
        "EcrRepositoryScanOnPush",
        "EcrRepositoryEncryption",
        "EcrRepositoryLifecyclePolicy",
        "EcrRepositoryTags",
        "EcrRepositoryPushPrincipal",
        "EcrIfTagExists",
        "EcrFailOnSeverity",
        "EcrScanTimeout",
        "ContainerRegistry",
        "ContainerRepository",
        "ContainerImageTag",
        "ContainerImageTags",
        "AssemblyName",
        "Version",
    ];

    public string? this[string name] => Values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Whether a property is <c>true</c>.</summary>
    /// <exception cref="DiagnosedException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public bool Has(string name) => PropertyChoice.IsTrue(name, this[name]);

    /// <summary>The values of a property that is a list.</summary>
    public IReadOnlyList<string> ListOf(string name) =>
        (this[name] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Asks MSBuild for the properties of the only project in a folder.</summary>
    /// <exception cref="DiagnosedException">There is none, or several, or it cannot be evaluated.</exception>
    public static async Task<ProjectProperties> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        string[] projects = [.. Directory.EnumerateFiles(folder, "*.*proj").Order(StringComparer.Ordinal)];
        if (projects is not [var project])
        {
            throw Failure(
                projects.Length == 0
                    ? $"No image is named, and {folder} holds no project that would name one. Name the image: repository:tag, or with its registry in front."
                    : $"No image is named, and {folder} holds several projects: {string.Join(", ", projects.Select(Path.GetFileName))}. Name the image, or go to a folder with one of them."
            );
        }

        var dotnet =
            ProgramInPath.Find("dotnet")
            ?? throw Failure(
                $"No image is named, and {project} cannot be asked for one without dotnet on the PATH. Name the image, or install the .NET SDK."
            );
        using var process = Process.Start(
            new ProcessStartInfo(
                dotnet,
                ["msbuild", project, "-nologo", $"-getProperty:{string.Join(',', Names)}", $"-getItem:{ResourceTag}"]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(cancellationToken),
            process.StandardError.ReadToEndAsync(cancellationToken)
        );
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw Failure($"{project} cannot be evaluated: {(await output + await error).Trim()}");
        }

        using var json = JsonDocument.Parse(await output);
        return new(
            json.RootElement.GetProperty("Properties")
                .EnumerateObject()
                .ToDictionary(
                    property => property.Name,
                    property => property.Value.GetString() ?? "",
                    StringComparer.OrdinalIgnoreCase
                ),
            [
                .. json
                    .RootElement.GetProperty("Items")
                    .GetProperty(ResourceTag)
                    .EnumerateArray()
                    .Select(item =>
                        $"{item.GetProperty("Identity").GetString()}={(item.TryGetProperty("Value", out var value) ? value.GetString() : "")}"
                    ),
            ]
        );
    }

    private static DiagnosedException Failure(string message) =>
        new(EcrDiagnostic.Error(EcrCode.ImageNotNamed, message));
}
