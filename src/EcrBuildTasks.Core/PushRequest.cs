using EcrBuildTasks.Aws;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Scans;
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
    /// For whom the preflight asks, by <see cref="OtherPrincipal"/>; <see langword="null"/> for the caller. Of others only the
    /// repository policy is known, and AWS cannot be asked for them.
    /// </summary>
    public CallerIdentity? Principal { get; init; }

    /// <summary>Which way the image takes.</summary>
    public PushMode Mode { get; init; }

    /// <summary>The registry of the base image; its layers are mounted if it is the one that is pushed to.</summary>
    public string? BaseImageRegistry { get; init; }

    public string? BaseImageRepository { get; init; }

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
