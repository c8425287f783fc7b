using System.Diagnostics;
using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>What the project in a folder says about its image, as <c>dotnet publish /t:PushToEcr</c> would see it.</summary>
/// <param name="Path">The project file.</param>
/// <param name="Values">The properties.</param>
/// <param name="ResourceTags">The items <c>EcrRepositoryTag</c>, <c>key=value</c>.</param>
internal sealed record ProjectProperties(
    string Path,
    IReadOnlyDictionary<string, string> Values,
    IReadOnlyList<string> ResourceTags
)
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

    /// <summary>The name of the repository.</summary>
    public string Repository =>
        this["EcrRepository"]
        ?? this["ContainerRepository"]
        ?? this["AssemblyName"]!.ToLowerInvariant().Replace(' ', '-');

    /// <summary>The hosts of the registries; none for that of the caller's account.</summary>
    public IReadOnlyList<string> Registries =>
        ListOf("EcrRegistry") is [_, ..] named ? named
        : this["ContainerRegistry"] is { } registry && EcrRegistry.IsMeantBy(registry) ? [registry]
        : [];

    /// <summary>As whom its image is pushed.</summary>
    /// <param name="said">What the command line says, which goes first.</param>
    public AwsSettings Identity(AwsSettings said) =>
        new()
        {
            Region = said.Region ?? this["EcrRegion"],
            Profile = said.Profile ?? this["EcrProfile"],
            RoleArn = said.RoleArn ?? this["EcrRoleArn"],
            ExternalId = this["EcrExternalId"],
        };

    public string? this[string name] => Values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Whether a property is <c>true</c>.</summary>
    /// <exception cref="DiagnosedException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public bool Has(string name) => PropertyChoice.IsTrue(name, this[name]);

    /// <summary>The values of a property that is a list.</summary>
    public IReadOnlyList<string> ListOf(string name) =>
        (this[name] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The project files in a folder.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.*proj").Order(StringComparer.Ordinal)];

    /// <summary>Asks MSBuild for the properties of the only project in a folder.</summary>
    /// <exception cref="DiagnosedException">There is none, or several, or it cannot be evaluated.</exception>
    public static async Task<ProjectProperties> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var projects = FilesIn(folder);
        if (projects is not [var project])
        {
            throw Failure(
                projects.Count == 0
                    ? $"No image is named, and {folder} holds no project that would name one. Name the image: repository:tag, or with its registry in front."
                    : $"No image is named, and {folder} holds several projects: {string.Join(", ", projects.Select(System.IO.Path.GetFileName))}. Name the image, or go to a folder with one of them."
            );
        }

        var dotnet =
            ProgramInPath.Find("dotnet")
            ?? throw Failure(
                $"{project} cannot be asked what it says of its image without dotnet on the PATH. Name the image, or install the .NET SDK."
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
            project,
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
