using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Aws;

/// <summary>
/// What tells the API of private registries from that of public ones; operations and shapes are the same, as far as
/// both have them.
/// </summary>
/// <param name="ServiceId">The service in the names of settings, such as <c>AWS_ENDPOINT_URL_ECR_PUBLIC</c>.</param>
/// <param name="SigningName">The service that a signature is for.</param>
/// <param name="EndpointPrefix">What its hosts begin with.</param>
/// <param name="TargetPrefix">What stands before an operation in <c>X-Amz-Target</c>.</param>
internal sealed record EcrApi(
    string ServiceId,
    string SigningName,
    string EndpointPrefix,
    string TargetPrefix,
    string Version
)
{
    private static readonly EcrApi Private = new(
        "ECR",
        "ecr",
        "api.ecr",
        "AmazonEC2ContainerRegistry_V20150921.",
        "2015-09-21"
    );

    private static readonly EcrApi Public = new(
        "ECR PUBLIC",
        "ecr-public",
        "api.ecr-public",
        "SpencerFrontendService.",
        "2020-10-30"
    );

    public static EcrApi ForKind(RegistryKind kind) => kind is RegistryKind.Public ? Public : Private;
}
