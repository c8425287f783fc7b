using Amazon.Runtime;
using Amazon.Runtime.Internal;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Aws;

/// <summary>
/// The ECR API, or that of ECR Public, on the AWS SDK's own pipeline: credentials, SigV4, retries and endpoints are the SDK's; operation, request,
/// response and exception names are those of AWSSDK.ECR. An error answer is an <see cref="AmazonECRException"/>; a denial
/// is one whose <see cref="AmazonServiceException.ErrorCode"/> is <c>AccessDeniedException</c> and whose message is AWS's
/// sentence. Safe to use from several threads.
/// </summary>
public sealed class EcrClient : AmazonServiceClient
{
    /// <summary>A client that signs with <paramref name="credentials"/>.</summary>
    internal EcrClient(AWSCredentials credentials, EcrClientConfig config)
        : base(credentials, config) { }

    /// <inheritdoc/>
    protected override IServiceMetadata ServiceMetadata => field ??= new EcrMetadata(Api.ServiceId);

    private EcrApi Api => ((EcrClientConfig)Config).Api;

    /// <summary>The password for a registry; good for 12 hours.</summary>
    internal Task<GetAuthorizationTokenResponse> GetAuthorizationTokenAsync(
        GetAuthorizationTokenRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<GetAuthorizationTokenRequest, GetAuthorizationTokenResponse>(
            "GetAuthorizationToken",
            request,
            cancellationToken
        );

    /// <summary>Repositories by name, or all.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public Task<DescribeRepositoriesResponse> DescribeRepositoriesAsync(
        DescribeRepositoriesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeRepositoriesRequest, DescribeRepositoriesResponse>(
            "DescribeRepositories",
            request,
            cancellationToken
        );

    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="RepositoryPolicyNotFoundException"/>
    public Task<GetRepositoryPolicyResponse> GetRepositoryPolicyAsync(
        GetRepositoryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<GetRepositoryPolicyRequest, GetRepositoryPolicyResponse>(
            "GetRepositoryPolicy",
            request,
            cancellationToken
        );

    /// <summary>The policy of the caller's own registry.</summary>
    internal Task<GetRegistryPolicyResponse> GetRegistryPolicyAsync(
        GetRegistryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<GetRegistryPolicyRequest, GetRegistryPolicyResponse>("GetRegistryPolicy", request, cancellationToken);

    /// <summary>Replaces a repository's whole policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="InvalidParameterException"/>
    public Task<SetRepositoryPolicyResponse> SetRepositoryPolicyAsync(
        SetRepositoryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<SetRepositoryPolicyRequest, SetRepositoryPolicyResponse>(
            "SetRepositoryPolicy",
            request,
            cancellationToken
        );

    /// <summary>Removes a repository's policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="RepositoryPolicyNotFoundException"/>
    public Task<DeleteRepositoryPolicyResponse> DeleteRepositoryPolicyAsync(
        DeleteRepositoryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DeleteRepositoryPolicyRequest, DeleteRepositoryPolicyResponse>(
            "DeleteRepositoryPolicy",
            request,
            cancellationToken
        );

    /// <exception cref="RepositoryAlreadyExistsException"/>
    /// <exception cref="LimitExceededException"/>
    internal Task<CreateRepositoryResponse> CreateRepositoryAsync(
        CreateRepositoryRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<CreateRepositoryRequest, CreateRepositoryResponse>("CreateRepository", request, cancellationToken);

    /// <exception cref="RepositoryNotFoundException"/>
    internal Task<DeleteRepositoryResponse> DeleteRepositoryAsync(
        DeleteRepositoryRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<DeleteRepositoryRequest, DeleteRepositoryResponse>("DeleteRepository", request, cancellationToken);

    /// <summary>Sets or replaces a repository's lifecycle policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="InvalidParameterException"/>
    internal Task<PutLifecyclePolicyResponse> PutLifecyclePolicyAsync(
        PutLifecyclePolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<PutLifecyclePolicyRequest, PutLifecyclePolicyResponse>("PutLifecyclePolicy", request, cancellationToken);

    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="ImageNotFoundException"/>
    public Task<DescribeImagesResponse> DescribeImagesAsync(
        DescribeImagesRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<DescribeImagesRequest, DescribeImagesResponse>("DescribeImages", request, cancellationToken);

    /// <summary>The tags and digests of a repository's images.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    internal Task<ListImagesResponse> ListImagesAsync(
        ListImagesRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<ListImagesRequest, ListImagesResponse>("ListImages", request, cancellationToken);

    /// <summary>The URL of a layer, which is all that a pull needs beside the image.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    internal Task<GetDownloadUrlForLayerResponse> GetDownloadUrlForLayerAsync(
        GetDownloadUrlForLayerRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<GetDownloadUrlForLayerRequest, GetDownloadUrlForLayerResponse>(
            "GetDownloadUrlForLayer",
            request,
            cancellationToken
        );

    /// <exception cref="RepositoryNotFoundException"/>
    internal Task<ListTagsForResourceResponse> ListTagsForResourceAsync(
        ListTagsForResourceRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<ListTagsForResourceRequest, ListTagsForResourceResponse>(
            "ListTagsForResource",
            request,
            cancellationToken
        );

    /// <summary>What the scan of an image has found.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="ImageNotFoundException"/>
    /// <exception cref="ScanNotFoundException"/>
    internal Task<DescribeImageScanFindingsResponse> DescribeImageScanFindingsAsync(
        DescribeImageScanFindingsRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeImageScanFindingsRequest, DescribeImageScanFindingsResponse>(
            "DescribeImageScanFindings",
            request,
            cancellationToken
        );

    /// <summary>Deletes images by tag or digest.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public Task<BatchDeleteImageResponse> BatchDeleteImageAsync(
        BatchDeleteImageRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<BatchDeleteImageRequest, BatchDeleteImageResponse>("BatchDeleteImage", request, cancellationToken);

    /// <summary>Which layers a repository holds.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    internal Task<BatchCheckLayerAvailabilityResponse> BatchCheckLayerAvailabilityAsync(
        BatchCheckLayerAvailabilityRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<BatchCheckLayerAvailabilityRequest, BatchCheckLayerAvailabilityResponse>(
            "BatchCheckLayerAvailability",
            request,
            cancellationToken
        );

    /// <exception cref="RepositoryNotFoundException"/>
    internal Task<InitiateLayerUploadResponse> InitiateLayerUploadAsync(
        InitiateLayerUploadRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<InitiateLayerUploadRequest, InitiateLayerUploadResponse>(
            "InitiateLayerUpload",
            request,
            cancellationToken
        );

    /// <summary>Sends a part of a layer.</summary>
    /// <exception cref="UploadNotFoundException"/>
    /// <exception cref="InvalidLayerPartException"/>
    internal Task<UploadLayerPartResponse> UploadLayerPartAsync(
        UploadLayerPartRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<UploadLayerPartRequest, UploadLayerPartResponse>("UploadLayerPart", request, cancellationToken);

    /// <exception cref="UploadNotFoundException"/>
    /// <exception cref="LayerAlreadyExistsException"/>
    /// <exception cref="InvalidLayerException"/>
    /// <exception cref="EmptyUploadException"/>
    internal Task<CompleteLayerUploadResponse> CompleteLayerUploadAsync(
        CompleteLayerUploadRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<CompleteLayerUploadRequest, CompleteLayerUploadResponse>(
            "CompleteLayerUpload",
            request,
            cancellationToken
        );

    /// <exception cref="LayersNotFoundException"/>
    /// <exception cref="ImageTagAlreadyExistsException"/>
    /// <exception cref="ImageAlreadyExistsException"/>
    internal Task<PutImageResponse> PutImageAsync(
        PutImageRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<PutImageRequest, PutImageResponse>("PutImage", request, cancellationToken);

    /// <summary>Manifests by digest or tag.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    internal Task<BatchGetImageResponse> BatchGetImageAsync(
        BatchGetImageRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<BatchGetImageRequest, BatchGetImageResponse>("BatchGetImage", request, cancellationToken);

    /// <summary>The public registries of the caller's own account. Only ECR Public has this operation.</summary>
    internal Task<DescribeRegistriesResponse> DescribeRegistriesAsync(
        DescribeRegistriesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeRegistriesRequest, DescribeRegistriesResponse>("DescribeRegistries", request, cancellationToken);

    /// <summary>The templates by which ECR creates repositories of the caller's own registry by itself.</summary>
    internal Task<DescribeRepositoryCreationTemplatesResponse> DescribeRepositoryCreationTemplatesAsync(
        DescribeRepositoryCreationTemplatesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeRepositoryCreationTemplatesRequest, DescribeRepositoryCreationTemplatesResponse>(
            "DescribeRepositoryCreationTemplates",
            request,
            cancellationToken
        );

    /// <summary>The rules by which ECR fills repositories of a registry from another one.</summary>
    internal Task<DescribePullThroughCacheRulesResponse> DescribePullThroughCacheRulesAsync(
        DescribePullThroughCacheRulesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribePullThroughCacheRulesRequest, DescribePullThroughCacheRulesResponse>(
            "DescribePullThroughCacheRules",
            request,
            cancellationToken
        );

    /// <summary>The rules by which the caller's own registry signs images that are pushed.</summary>
    internal Task<GetSigningConfigurationResponse> GetSigningConfigurationAsync(
        GetSigningConfigurationRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<GetSigningConfigurationRequest, GetSigningConfigurationResponse>(
            "GetSigningConfiguration",
            request,
            cancellationToken
        );

    /// <summary>How the signing of an image went.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="ImageNotFoundException"/>
    internal Task<DescribeImageSigningStatusResponse> DescribeImageSigningStatusAsync(
        DescribeImageSigningStatusRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeImageSigningStatusRequest, DescribeImageSigningStatusResponse>(
            "DescribeImageSigningStatus",
            request,
            cancellationToken
        );

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new ApiEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new ApiAuthSchemeHandler());
        AwsRetries.Customize(pipeline, Config);
    }

    private Task<TResponse> Invoke<TRequest, TResponse>(
        string operation,
        TRequest request,
        CancellationToken cancellationToken
    )
        where TRequest : AmazonECRRequest
        where TResponse : AmazonWebServiceResponse, new()
    {
        var options = new InvokeOptions
        {
            RequestMarshaller = new EcrMarshaller<TRequest>(Api, operation),
            ResponseUnmarshaller = new EcrUnmarshaller<TResponse>(),
        };
        return InvokeAsync<TResponse>(request, options, cancellationToken);
    }

    private sealed class EcrMetadata(string serviceId) : IServiceMetadata
    {
        public string ServiceId => serviceId;

        public IDictionary<string, string> OperationNameMapping { get; } =
            new Dictionary<string, string>(StringComparer.Ordinal);
    }
}
