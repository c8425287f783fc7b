using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The operations of an API.</summary>
/// <param name="TargetPrefix">What stands before an operation in <c>X-Amz-Target</c>.</param>
/// <param name="OfRegistries">Operations on a registry; each asks for its permission by itself.</param>
/// <param name="OfRepositories">
/// Operations on one repository, which run once it is known that they may and that it is there.
/// </param>
internal sealed record ApiOperations(
    string TargetPrefix,
    IReadOnlyDictionary<string, Func<EcrRequest, JsonObject>> OfRegistries,
    IReadOnlyDictionary<string, Func<EcrRequest, Repository, CancellationToken, Task<JsonObject>>> OfRepositories
)
{
    /// <summary>The ECR API.</summary>
    public static ApiOperations OfPrivate(
        RegistryOperations registry,
        RegistryConfigurations configurations,
        RegistryRules rules,
        RepositoryOperations repositories,
        LayerOperations layers,
        ImageOperations images,
        LifecycleOperations lifecycles,
        ScanOperations scans
    ) =>
        new(
            "AmazonEC2ContainerRegistry_V20150921.",
            new Dictionary<string, Func<EcrRequest, JsonObject>>(
                [.. SharedByRegistries(repositories), .. configurations.Operations, .. rules.Operations],
                StringComparer.Ordinal
            )
            {
                ["GetAuthorizationToken"] = registry.GetAuthorizationToken,
                ["GetRegistryPolicy"] = registry.GetRegistryPolicy,
                ["PutRegistryPolicy"] = registry.PutRegistryPolicy,
                ["DeleteRegistryPolicy"] = registry.DeleteRegistryPolicy,
                ["GetAccountSetting"] = registry.GetAccountSetting,
                ["PutAccountSetting"] = registry.PutAccountSetting,
            },
            new Dictionary<string, Func<EcrRequest, Repository, CancellationToken, Task<JsonObject>>>(
                Shared(repositories, layers, images),
                StringComparer.Ordinal
            )
            {
                ["DescribeImageScanFindings"] = AtOnce(scans.DescribeImageScanFindings),
                ["StartImageScan"] = AtOnce(scans.StartImageScan),
                ["PutImageScanningConfiguration"] = AtOnce(repositories.PutImageScanningConfiguration),
                ["DeleteLifecyclePolicy"] = AtOnce(lifecycles.DeleteLifecyclePolicy),
                ["PutLifecyclePolicy"] = AtOnce(lifecycles.PutLifecyclePolicy),
                ["GetLifecyclePolicy"] = AtOnce(LifecycleOperations.GetLifecyclePolicy),
                ["PutImageTagMutability"] = AtOnce(repositories.PutImageTagMutability),
                ["GetDownloadUrlForLayer"] = AtOnce(layers.GetDownloadUrlForLayer),
                ["BatchGetImage"] = AtOnce(images.BatchGetImage),
                ["ListImages"] = AtOnce(images.ListImages),
                ["DescribeImageSigningStatus"] = AtOnce(images.DescribeImageSigningStatus),
                ["ListImageReferrers"] = AtOnce(images.ListImageReferrers),
            }
        );

    /// <summary>The API of ECR Public, but for what its gallery shows.</summary>
    public static ApiOperations OfPublic(
        PublicRegistryOperations registry,
        RepositoryOperations repositories,
        LayerOperations layers,
        ImageOperations images
    ) =>
        new(
            "SpencerFrontendService.",
            new Dictionary<string, Func<EcrRequest, JsonObject>>(
                SharedByRegistries(repositories),
                StringComparer.Ordinal
            )
            {
                ["GetAuthorizationToken"] = registry.GetAuthorizationToken,
                ["DescribeRegistries"] = registry.DescribeRegistries,
            },
            new Dictionary<string, Func<EcrRequest, Repository, CancellationToken, Task<JsonObject>>>(
                Shared(repositories, layers, images),
                StringComparer.Ordinal
            )
            {
                ["DescribeImageTags"] = AtOnce(images.DescribeImageTags),
            }
        );

    private static Dictionary<string, Func<EcrRequest, JsonObject>> SharedByRegistries(
        RepositoryOperations repositories
    ) =>
        new(StringComparer.Ordinal)
        {
            ["CreateRepository"] = repositories.CreateRepository,
            ["DescribeRepositories"] = repositories.DescribeRepositories,
            ["ListTagsForResource"] = repositories.ListTagsForResource,
            ["TagResource"] = repositories.TagResource,
            ["UntagResource"] = repositories.UntagResource,
        };

    private static Dictionary<string, Func<EcrRequest, Repository, CancellationToken, Task<JsonObject>>> Shared(
        RepositoryOperations repositories,
        LayerOperations layers,
        ImageOperations images
    ) =>
        new(StringComparer.Ordinal)
        {
            ["DeleteRepository"] = AtOnce(repositories.DeleteRepository),
            ["GetRepositoryPolicy"] = AtOnce(RepositoryOperations.GetRepositoryPolicy),
            ["SetRepositoryPolicy"] = AtOnce(repositories.SetRepositoryPolicy),
            ["DeleteRepositoryPolicy"] = AtOnce(repositories.DeleteRepositoryPolicy),
            ["BatchCheckLayerAvailability"] = AtOnce(layers.BatchCheckLayerAvailability),
            ["InitiateLayerUpload"] = AtOnce(layers.InitiateLayerUpload),
            ["UploadLayerPart"] = layers.UploadLayerPartAsync,
            ["CompleteLayerUpload"] = layers.CompleteLayerUploadAsync,
            ["PutImage"] = AtOnce(images.PutImage),
            ["BatchDeleteImage"] = AtOnce(images.BatchDeleteImage),
            ["DescribeImages"] = AtOnce(images.DescribeImages),
        };

    private static Func<EcrRequest, Repository, CancellationToken, Task<JsonObject>> AtOnce(
        Func<EcrRequest, Repository, JsonObject> operation
    ) => (request, repository, _) => Task.FromResult(operation(request, repository));
}
