using System.Text.RegularExpressions;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images.Packing;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Scans;
using EcrBuildTasks.Settings;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>What somebody wants to have pushed, as they said it.</summary>
public sealed record PushRequest
{
    /// <summary>The registry's host; <see langword="null"/> for the registry of the caller's account in its region.</summary>
    public string? Registry { get; init; }

    public required string Repository { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>
    /// Whether the tags may be others when the image is pushed, as the version of a project that targets can still change. Then
    /// they are no reason to leave the build out.
    /// </summary>
    public bool TagsMayChange { get; init; }

    /// <summary>Tags of the commit and the branch; no version, whatever they look like.</summary>
    public IReadOnlyList<string> SourceTags { get; init; } = [];

    /// <summary>
    /// Whether those of the tags that are versions move floating tags as well: <c>1.4.2</c> moves <c>1.4</c>, <c>1</c> and
    /// <c>latest</c>, but never back from a higher version.
    /// </summary>
    public bool FloatingTags { get; init; }

    /// <summary>The AWS region, when the registry's host does not name it.</summary>
    public string? Region { get; init; }

    /// <summary>The AWS profile; <see langword="null"/> for the AWS SDK's own chain.</summary>
    public string? Profile { get; init; }

    public string? RoleArn { get; init; }

    /// <summary>The external id that the role's trust policy asks for.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The identity with which a registry is asked.</summary>
    /// <param name="region">The region that the registry's host names; <see langword="null"/> where none does.</param>
    public AwsSettings IdentityIn(string? region) =>
        new()
        {
            Profile = Profile,
            Region = region ?? Region,
            RoleArn = RoleArn,
            ExternalId = ExternalId,
        };

    /// <summary>How the preflight finds out.</summary>
    public PreflightMode Preflight { get; init; }

    /// <summary>
    /// For whom the preflight asks, by <see cref="CallerIdentity.ForPrincipal"/>; <see langword="null"/> for the caller. Of others only the
    /// repository policy is known, and AWS cannot be asked for them.
    /// </summary>
    public CallerIdentity? Principal { get; init; }

    /// <summary>Which way the image takes.</summary>
    public PushMode Mode { get; init; }

    /// <summary>The registry of the base image; its layers are mounted if it is the one that is pushed to.</summary>
    public string? BaseImageRegistry { get; init; }

    public string? BaseImageRepository { get; init; }

    /// <summary>The base image as the project names it; <see langword="null"/> for the one that the .NET SDK chooses.</summary>
    public string? BaseImage { get; init; }

    /// <summary>The engine's address, in the form of <c>DOCKER_HOST</c>; <see langword="null"/> to look for one.</summary>
    public string? DockerHost { get; init; }

    /// <summary>Whether a missing repository is created before the push.</summary>
    public bool CreateRepository { get; init; }

    /// <summary>What the created repository is to be like.</summary>
    public RepositorySettings RepositorySettings { get; init; } = new();

    /// <summary>What the push waits for after the image is there; <see langword="null"/> for nothing.</summary>
    public ScanGate? Scan { get; init; }

    /// <summary>What happens if a tag exists and cannot be moved.</summary>
    public IfTagExists IfTagExists { get; init; }

    /// <summary>The image; <see langword="null"/> as long as it is not built.</summary>
    public ImageSource? Source { get; init; }
}

/// <summary>What a project says of its push: the metadata of the item <c>EcrRequest</c>, one for each property.</summary>
/// <param name="projectFile">The full path of the project file.</param>
/// <param name="metadata">The metadata; a name that is missing is a property that is not set.</param>
public sealed partial class ProjectRequest(string projectFile, IReadOnlyDictionary<string, string> metadata)
{
    private const string Prefix = "Ecr";

    /// <summary>The full path of the project file.</summary>
    public string ProjectFile { get; } = projectFile;

    /// <summary>The names of the properties that exist.</summary>
    public IEnumerable<string> PropertyNames =>
        metadata.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>A property; <see langword="null"/> if it is not set.</summary>
    public string? this[string property] =>
        metadata.GetValueOrDefault(property)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>The same request with other values, such as those of a command line.</summary>
    public ProjectRequest With(params (string Property, string? Value)[] values) =>
        new(
            ProjectFile,
            metadata
                .ExceptBy(values.Select(value => value.Property), pair => pair.Key, StringComparer.Ordinal)
                .Concat(values.Select(value => KeyValuePair.Create(value.Property, value.Value ?? "")))
                .ToDictionary(StringComparer.Ordinal)
        );

    /// <summary>The registries' hosts; none for the registry of the caller's account.</summary>
    public IReadOnlyList<string> Registries =>
        ListOf("EcrRegistry") is [_, ..] named ? [.. named.Distinct(StringComparer.OrdinalIgnoreCase)]
        : (this["RegistryUrl"] ?? this["ContainerRegistry"]) is { } registry && EcrRegistry.IsMeantBy(registry)
            ? [registry]
        : [];

    /// <summary>The repository; where only the .NET SDK's properties name it, as the SDK names it.</summary>
    public string Repository =>
        this["EcrRepository"]
        ?? NormalizeRepository(
            this["ContainerImageName"]
                ?? this["ContainerRepository"]
                ?? this["AssemblyName"]
                ?? Path.GetFileNameWithoutExtension(ProjectFile)
        );

    /// <summary>The identity that pushes.</summary>
    public AwsSettings Identity =>
        new()
        {
            Region = this["EcrRegion"],
            Profile = this["EcrProfile"],
            RoleArn = this["EcrRoleArn"],
            ExternalId = this["EcrExternalId"],
        };

    /// <summary>Whether the version of the project is the tag, which a target may still change.</summary>
    public bool IsTaggedByVersion => TagProperty is "Version";

    private string TagProperty =>
        ListOf("EcrImageTags").Count > 0 ? "EcrImageTags"
        : ListOf("ContainerImageTags").Count > 0 ? "ContainerImageTags"
        : this["AutoGenerateImageTag"] is { } generate && bool.TryParse(generate, out var on) && on
            ? "AutoGenerateImageTag"
        : this["PublishImageTag"] is not null ? "PublishImageTag"
        : this["ContainerImageTag"] is not null ? "ContainerImageTag"
        : "Version";

    /// <summary>The tags; none where the .NET SDK makes one of the time, until it has.</summary>
    public IReadOnlyList<string> Tags =>
        TagProperty switch
        {
            "AutoGenerateImageTag" => ListOf("GeneratedImageTags"),
            "Version" => this["Version"] is { } version ? [ImageTags.OfVersion(version)] : [],
            var property => ListOf(property),
        };

    /// <summary>One request for each registry.</summary>
    /// <param name="environment">The environment, in which a CI system names the commit and the branch.</param>
    /// <param name="report">Gets what is wrong.</param>
    /// <returns>None if something is wrong.</returns>
    public IReadOnlyList<PushRequest> Read(EnvironmentVariables environment, Action<EcrDiagnostic> report)
    {
        var isValid = true;
        var folder = Path.GetDirectoryName(ProjectFile)!;
        var request = new PushRequest
        {
            Repository = Repository,
            Tags = Tags,
            TagsMayChange = IsTaggedByVersion,
            SourceTags =
                Valid(() =>
                    new SourceTags(environment, folder).Create(
                        IsTrue("EcrTagCommit"),
                        IsTrue("EcrTagBranch"),
                        this["SourceRevisionId"],
                        this["RepositoryBranch"]
                    )
                ) ?? [],
            FloatingTags = Valid(() => IsTrue("EcrFloatingTags")),
            Region = Valid(ReadRegion),
            Profile = this["EcrProfile"],
            RoleArn = Valid(ReadRoleArn),
            ExternalId = this["EcrExternalId"],
            Preflight = Valid(() => Choice("EcrPreflight", PreflightMode.Probe)),
            Mode = Valid(() => Choice("EcrPushMode", PushMode.Auto)),
            DockerHost = this["EcrDockerHost"],
            CreateRepository = Valid(() => IsTrue("EcrCreateRepository")),
            RepositorySettings =
                Valid(() =>
                    new RepositoryOptions
                    {
                        Immutability = this["EcrRepositoryImmutability"],
                        ScanOnPush = this["EcrRepositoryScanOnPush"],
                        Encryption = this["EcrRepositoryEncryption"],
                        LifecyclePolicy = this["EcrRepositoryLifecyclePolicy"],
                        Tags = ListOf("EcrRepositoryTags"),
                        PushPrincipal = this["EcrRepositoryPushPrincipal"],
                    }.Read(folder)
                ) ?? new(),
            IfTagExists = Valid(() => Choice("EcrIfTagExists", IfTagExists.Fail)),
            Scan = Valid(() => new ScanOptions(this["EcrFailOnSeverity"], this["EcrScanTimeout"]).Read()),
            Source = Valid(ReadSource),
            BaseImageRegistry = this["ContainerBaseRegistry"],
            BaseImageRepository = this["ContainerBaseName"],
            BaseImage = this["EcrSourceImage"] is null ? this["ContainerBaseImage"] : null,
        };
        Valid(() => Choice("EcrLayers", ApplicationLayers.Split));
        return isValid ? [.. Registries.DefaultIfEmpty(null).Select(host => request with { Registry = host })] : [];

        T? Valid<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception failure) when (FailureDiagnosis.Find(failure) is { } diagnostic)
            {
                isValid = false;
                report(diagnostic);
                return default;
            }
        }
    }

    private T Choice<T>(string property, T standard)
        where T : struct, Enum => PropertyChoice.Read(property, this[property], standard);

    private bool IsTrue(string property) => PropertyChoice.IsTrue(property, this[property]);

    private IReadOnlyList<string> ListOf(string property) =>
        (this[property] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private string? ReadRoleArn() =>
        this["EcrRoleArn"] is { } role && !AwsSettings.IsRoleArn(role)
            ? throw new DiagnosedException(
                SettingDiagnosis.PropertyValue("EcrRoleArn", role, "Set it to the ARN of an IAM role.")
            )
            : this["EcrRoleArn"];

    /// <summary>A private registry's host names its region, and no other can be meant.</summary>
    private string? ReadRegion()
    {
        if (this["EcrRegion"] is not { } region)
        {
            return null;
        }

        var registries = Registries.Where(EcrRegistry.IsMeantBy).Select(EcrRegistry.Parse).ToList();
        return
            registries.Count == 0
            || registries.Exists(registry => registry.Kind is RegistryKind.Public || registry.Region == region)
            ? region
            : throw new DiagnosedException(SettingDiagnosis.OtherRegion(region, registries));
    }

    /// <summary>The image that is named, or that the .NET SDK has made: in an archive, else in the engine.</summary>
    private ImageSource? ReadSource() =>
        this["EcrSourceImage"] is null && ListOf("PackedImages") is [_, ..] packed
            ? new ImageSource.Packed(packed, this["ContainerBaseRegistry"] ?? "", this["ContainerBaseName"] ?? "")
            : ReadMadeSource();

    private ImageSource? ReadMadeSource() =>
        (
            this["EcrSourceImage"]
            ?? this["GeneratedArchive"]
            ?? (
                this["GeneratedContainer"] is not null && ListOf("GeneratedImageTags") is [var tag, ..]
                    ? $"{this["GeneratedRepository"]}:{tag}"
                    : null
            )
        )
            is { } image
            ? ImageSource.Parse(image)
            : null;

    /// <remarks>As <c>ContainerHelpers.NormalizeRepository</c> of the .NET SDK.</remarks>
    private static string NormalizeRepository(string name) =>
        ValidName().IsMatch(name)
            ? name
            : string.Concat(
                name.Select(letter =>
                    char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter)
                    : letter is '_' or '-' or '/' ? letter
                    : '-'
                )
            );

    [GeneratedRegex(
        @"^((localhost|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)(:[0-9]+)?/)?[a-z0-9]+(([._]|__|-+|/)[a-z0-9]+)*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ValidName();
}
