using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Probes permissions: performs each push action in a form that uploads nothing and creates no image. AWS authorizes a request
/// before it looks up the object, so an error about the object shows that the action is allowed. Some actions can create a
/// missing repository; <see cref="PushProbe"/> decides when those are probed.
/// </summary>
internal sealed class PermissionProbe(EcrClient ecr, string? registryId, string repository, CallLimit limit)
{
    private const string ManifestOfAbsentLayers = $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"{{RepositoryPresence.NoSuchDigest}}"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":2,"digest":"{{RepositoryPresence.NoSuchDigest}}"}]}
        """;

    private static readonly Dictionary<string, string[]> AnswersThatPresupposeAuthorization = new(
        StringComparer.Ordinal
    )
    {
        [PushAction.UploadLayerPart] = ["UploadNotFoundException"],
        [PushAction.CompleteLayerUpload] = ["UploadNotFoundException"],
        [PushAction.PutImage] = ["LayersNotFoundException"],
        [EcrActions.GetDownloadUrlForLayer] = ["LayersNotFoundException", "LayerInaccessibleException"],
        [PushAction.DescribeImageScanFindings] = ["ImageNotFoundException", "ScanNotFoundException"],
    };

    private readonly string _uploadId = Guid.NewGuid().ToString();

    /// <summary>The answers to the probe of an action that show that it is allowed: error codes, or <c>200</c>.</summary>
    public static string[] AnswersWhenAllowed(string action) =>
        AnswersThatPresupposeAuthorization.GetValueOrDefault(PushAction.InPrivate(action), ["200"]);

    public async Task<ActionVerdict> AskAsync(string action, CancellationToken cancellationToken)
    {
        try
        {
            var done = await limit.RunAsync(cancellation => CallAsync(action, cancellation), cancellationToken);
            return new(action, Permission.Allowed, "")
            {
                RawAnswer = "200",
                RequestId = done.ResponseMetadata?.RequestId,
            };
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode is { Length: > 0 } code)
        {
            if (code is "AccessDeniedException" or "AccessDenied")
            {
                if (
                    DenialMessage.Find(answer.Message)?.Action.StartsWith("inspector2:", StringComparison.Ordinal)
                    is true
                )
                {
                    // Amazon Inspector scans the images here; the wait for the scan reports the permissions that it requires.
                    return Answered(Permission.Unknown, answer.Message);
                }

                return Answered(Permission.Denied, answer.Message);
            }

            return AnswersWhenAllowed(action).Contains(code)
                ? Answered(Permission.Allowed, "")
                : Answered(Permission.Unknown, $"AWS returned {code} for {action}");

            ActionVerdict Answered(Permission permission, string reason) =>
                new(action, permission, reason) { RawAnswer = code, RequestId = answer.RequestId };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(action, Permission.Unknown, $"AWS did not respond to {action}: {failure.Message}");
        }
    }

    private async Task<AmazonWebServiceResponse> CallAsync(string action, CancellationToken cancellationToken) =>
        PushAction.InPrivate(action) switch
        {
            PushAction.BatchCheckLayerAvailability => await ecr.BatchCheckLayerAvailabilityAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    LayerDigests = [RepositoryPresence.NoSuchDigest],
                },
                cancellationToken
            ),
            PushAction.BatchGetImage => await ecr.BatchGetImageAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    ImageIds = [new() { ImageDigest = RepositoryPresence.NoSuchDigest }],
                },
                cancellationToken
            ),
            PushAction.InitiateLayerUpload => await ecr.InitiateLayerUploadAsync(
                new() { RegistryId = registryId, RepositoryName = repository },
                cancellationToken
            ),
            PushAction.UploadLayerPart => await ecr.UploadLayerPartAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    UploadId = _uploadId,
                    PartFirstByte = 0,
                    PartLastByte = 0,
                    LayerPartBlob = new([0]),
                },
                cancellationToken
            ),
            PushAction.CompleteLayerUpload => await ecr.CompleteLayerUploadAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    UploadId = _uploadId,
                    LayerDigests = [RepositoryPresence.NoSuchDigest],
                },
                cancellationToken
            ),
            PushAction.PutImage => await ecr.PutImageAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    ImageManifest = ManifestOfAbsentLayers,
                },
                cancellationToken
            ),
            EcrActions.GetDownloadUrlForLayer => await ecr.GetDownloadUrlForLayerAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    LayerDigest = RepositoryPresence.NoSuchDigest,
                },
                cancellationToken
            ),
            PushAction.ListImages => await ecr.ListImagesAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    MaxResults = 1,
                },
                cancellationToken
            ),
            PushAction.DescribeImageScanFindings => await ecr.DescribeImageScanFindingsAsync(
                new()
                {
                    RegistryId = registryId,
                    RepositoryName = repository,
                    ImageId = new() { ImageDigest = RepositoryPresence.NoSuchDigest },
                },
                cancellationToken
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "This action cannot be probed."),
        };
}
