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
public class EcrClient : AmazonServiceClient
{
    /// <summary>A client that signs with <paramref name="credentials"/>.</summary>
    public EcrClient(AWSCredentials credentials, EcrClientConfig config)
        : base(credentials, config) { }

    /// <inheritdoc/>
    protected override IServiceMetadata ServiceMetadata => field ??= new EcrMetadata(Api.ServiceId);

    private EcrApi Api => ((EcrClientConfig)Config).Api;

    /// <summary>The password for a registry; good for 12 hours.</summary>
    public virtual Task<GetAuthorizationTokenResponse> GetAuthorizationTokenAsync(
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
    public virtual Task<DescribeRepositoriesResponse> DescribeRepositoriesAsync(
        DescribeRepositoriesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeRepositoriesRequest, DescribeRepositoriesResponse>(
            "DescribeRepositories",
            request,
            cancellationToken
        );

    /// <summary>A repository's policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="RepositoryPolicyNotFoundException"/>
    public virtual Task<GetRepositoryPolicyResponse> GetRepositoryPolicyAsync(
        GetRepositoryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<GetRepositoryPolicyRequest, GetRepositoryPolicyResponse>(
            "GetRepositoryPolicy",
            request,
            cancellationToken
        );

    /// <summary>Replaces a repository's whole policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="InvalidParameterException"/>
    public virtual Task<SetRepositoryPolicyResponse> SetRepositoryPolicyAsync(
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
    public virtual Task<DeleteRepositoryPolicyResponse> DeleteRepositoryPolicyAsync(
        DeleteRepositoryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DeleteRepositoryPolicyRequest, DeleteRepositoryPolicyResponse>(
            "DeleteRepositoryPolicy",
            request,
            cancellationToken
        );

    /// <summary>Creates a repository.</summary>
    /// <exception cref="RepositoryAlreadyExistsException"/>
    /// <exception cref="LimitExceededException"/>
    public virtual Task<CreateRepositoryResponse> CreateRepositoryAsync(
        CreateRepositoryRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<CreateRepositoryRequest, CreateRepositoryResponse>("CreateRepository", request, cancellationToken);

    /// <summary>Sets or replaces a repository's lifecycle policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="InvalidParameterException"/>
    public virtual Task<PutLifecyclePolicyResponse> PutLifecyclePolicyAsync(
        PutLifecyclePolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<PutLifecyclePolicyRequest, PutLifecyclePolicyResponse>("PutLifecyclePolicy", request, cancellationToken);

    /// <summary>Images of a repository.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="ImageNotFoundException"/>
    public virtual Task<DescribeImagesResponse> DescribeImagesAsync(
        DescribeImagesRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<DescribeImagesRequest, DescribeImagesResponse>("DescribeImages", request, cancellationToken);

    /// <summary>The tags and digests of a repository's images.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<ListImagesResponse> ListImagesAsync(
        ListImagesRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<ListImagesRequest, ListImagesResponse>("ListImages", request, cancellationToken);

    /// <summary>What the scan of an image has found.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="ImageNotFoundException"/>
    /// <exception cref="ScanNotFoundException"/>
    public virtual Task<DescribeImageScanFindingsResponse> DescribeImageScanFindingsAsync(
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
    public virtual Task<BatchDeleteImageResponse> BatchDeleteImageAsync(
        BatchDeleteImageRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<BatchDeleteImageRequest, BatchDeleteImageResponse>("BatchDeleteImage", request, cancellationToken);

    /// <summary>Which layers a repository holds.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<BatchCheckLayerAvailabilityResponse> BatchCheckLayerAvailabilityAsync(
        BatchCheckLayerAvailabilityRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<BatchCheckLayerAvailabilityRequest, BatchCheckLayerAvailabilityResponse>(
            "BatchCheckLayerAvailability",
            request,
            cancellationToken
        );

    /// <summary>Opens a layer upload.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<InitiateLayerUploadResponse> InitiateLayerUploadAsync(
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
    public virtual Task<UploadLayerPartResponse> UploadLayerPartAsync(
        UploadLayerPartRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<UploadLayerPartRequest, UploadLayerPartResponse>("UploadLayerPart", request, cancellationToken);

    /// <summary>Ends a layer upload.</summary>
    /// <exception cref="UploadNotFoundException"/>
    /// <exception cref="LayerAlreadyExistsException"/>
    /// <exception cref="InvalidLayerException"/>
    /// <exception cref="EmptyUploadException"/>
    public virtual Task<CompleteLayerUploadResponse> CompleteLayerUploadAsync(
        CompleteLayerUploadRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<CompleteLayerUploadRequest, CompleteLayerUploadResponse>(
            "CompleteLayerUpload",
            request,
            cancellationToken
        );

    /// <summary>Stores a manifest.</summary>
    /// <exception cref="LayersNotFoundException"/>
    /// <exception cref="ImageTagAlreadyExistsException"/>
    /// <exception cref="ImageAlreadyExistsException"/>
    public virtual Task<PutImageResponse> PutImageAsync(
        PutImageRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<PutImageRequest, PutImageResponse>("PutImage", request, cancellationToken);

    /// <summary>Manifests by digest or tag.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<BatchGetImageResponse> BatchGetImageAsync(
        BatchGetImageRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<BatchGetImageRequest, BatchGetImageResponse>("BatchGetImage", request, cancellationToken);

    /// <summary>The policy of the caller's own registry.</summary>
    /// <exception cref="RegistryPolicyNotFoundException"/>
    public virtual Task<GetRegistryPolicyResponse> GetRegistryPolicyAsync(
        GetRegistryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<GetRegistryPolicyRequest, GetRegistryPolicyResponse>("GetRegistryPolicy", request, cancellationToken);

    /// <summary>The public registries of the caller's own account. Only ECR Public has this operation.</summary>
    public virtual Task<DescribeRegistriesResponse> DescribeRegistriesAsync(
        DescribeRegistriesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeRegistriesRequest, DescribeRegistriesResponse>("DescribeRegistries", request, cancellationToken);

    /// <summary>The templates by which ECR creates repositories of the caller's own registry by itself.</summary>
    public virtual Task<DescribeRepositoryCreationTemplatesResponse> DescribeRepositoryCreationTemplatesAsync(
        DescribeRepositoryCreationTemplatesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribeRepositoryCreationTemplatesRequest, DescribeRepositoryCreationTemplatesResponse>(
            "DescribeRepositoryCreationTemplates",
            request,
            cancellationToken
        );

    /// <summary>The rules by which ECR fills repositories of a registry from another one.</summary>
    public virtual Task<DescribePullThroughCacheRulesResponse> DescribePullThroughCacheRulesAsync(
        DescribePullThroughCacheRulesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke<DescribePullThroughCacheRulesRequest, DescribePullThroughCacheRulesResponse>(
            "DescribePullThroughCacheRules",
            request,
            cancellationToken
        );

    /// <summary>A setting of the caller's own registry.</summary>
    public virtual Task<GetAccountSettingResponse> GetAccountSettingAsync(
        GetAccountSettingRequest request,
        CancellationToken cancellationToken = default
    ) => Invoke<GetAccountSettingRequest, GetAccountSettingResponse>("GetAccountSetting", request, cancellationToken);

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
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
        ArgumentNullException.ThrowIfNull(request);
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
