using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Aws;

/// <summary>
/// The ECR API on the AWS SDK's own pipeline: credentials, SigV4, retries and endpoints are the SDK's; operation, request,
/// response and exception names are those of AWSSDK.ECR. An error answer is an <see cref="AmazonECRException"/>; a denial
/// is one whose <see cref="AmazonServiceException.ErrorCode"/> is <c>AccessDeniedException</c> and whose message is AWS's
/// sentence. Safe to use from several threads.
/// </summary>
public class EcrClient : AmazonServiceClient
{
    private static readonly EcrMetadata Metadata = new();

    /// <summary>A client that signs with <paramref name="credentials"/>.</summary>
    public EcrClient(AWSCredentials credentials, EcrClientConfig config)
        : base(credentials, config) { }

    /// <inheritdoc/>
    protected override IServiceMetadata ServiceMetadata => Metadata;

    /// <summary>The password for a registry; good for 12 hours.</summary>
    public virtual Task<GetAuthorizationTokenResponse> GetAuthorizationTokenAsync(
        GetAuthorizationTokenRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "GetAuthorizationToken",
            request,
            EcrJson.Default.GetAuthorizationTokenRequest,
            EcrJson.Default.GetAuthorizationTokenResponse,
            cancellationToken
        );

    /// <summary>Repositories by name, or all.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<DescribeRepositoriesResponse> DescribeRepositoriesAsync(
        DescribeRepositoriesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "DescribeRepositories",
            request,
            EcrJson.Default.DescribeRepositoriesRequest,
            EcrJson.Default.DescribeRepositoriesResponse,
            cancellationToken
        );

    /// <summary>A repository's policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="RepositoryPolicyNotFoundException"/>
    public virtual Task<GetRepositoryPolicyResponse> GetRepositoryPolicyAsync(
        GetRepositoryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "GetRepositoryPolicy",
            request,
            EcrJson.Default.GetRepositoryPolicyRequest,
            EcrJson.Default.GetRepositoryPolicyResponse,
            cancellationToken
        );

    /// <summary>Replaces a repository's whole policy.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="InvalidParameterException"/>
    public virtual Task<SetRepositoryPolicyResponse> SetRepositoryPolicyAsync(
        SetRepositoryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "SetRepositoryPolicy",
            request,
            EcrJson.Default.SetRepositoryPolicyRequest,
            EcrJson.Default.SetRepositoryPolicyResponse,
            cancellationToken
        );

    /// <summary>Creates a repository.</summary>
    /// <exception cref="RepositoryAlreadyExistsException"/>
    /// <exception cref="LimitExceededException"/>
    public virtual Task<CreateRepositoryResponse> CreateRepositoryAsync(
        CreateRepositoryRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "CreateRepository",
            request,
            EcrJson.Default.CreateRepositoryRequest,
            EcrJson.Default.CreateRepositoryResponse,
            cancellationToken
        );

    /// <summary>Images of a repository.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    /// <exception cref="ImageNotFoundException"/>
    public virtual Task<DescribeImagesResponse> DescribeImagesAsync(
        DescribeImagesRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "DescribeImages",
            request,
            EcrJson.Default.DescribeImagesRequest,
            EcrJson.Default.DescribeImagesResponse,
            cancellationToken
        );

    /// <summary>Which layers a repository holds.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<BatchCheckLayerAvailabilityResponse> BatchCheckLayerAvailabilityAsync(
        BatchCheckLayerAvailabilityRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "BatchCheckLayerAvailability",
            request,
            EcrJson.Default.BatchCheckLayerAvailabilityRequest,
            EcrJson.Default.BatchCheckLayerAvailabilityResponse,
            cancellationToken
        );

    /// <summary>Opens a layer upload.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<InitiateLayerUploadResponse> InitiateLayerUploadAsync(
        InitiateLayerUploadRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "InitiateLayerUpload",
            request,
            EcrJson.Default.InitiateLayerUploadRequest,
            EcrJson.Default.InitiateLayerUploadResponse,
            cancellationToken
        );

    /// <summary>Sends a part of a layer.</summary>
    /// <exception cref="UploadNotFoundException"/>
    /// <exception cref="InvalidLayerPartException"/>
    public virtual Task<UploadLayerPartResponse> UploadLayerPartAsync(
        UploadLayerPartRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "UploadLayerPart",
            request,
            EcrJson.Default.UploadLayerPartRequest,
            EcrJson.Default.UploadLayerPartResponse,
            cancellationToken
        );

    /// <summary>Ends a layer upload.</summary>
    /// <exception cref="UploadNotFoundException"/>
    /// <exception cref="LayerAlreadyExistsException"/>
    /// <exception cref="InvalidLayerException"/>
    /// <exception cref="EmptyUploadException"/>
    public virtual Task<CompleteLayerUploadResponse> CompleteLayerUploadAsync(
        CompleteLayerUploadRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "CompleteLayerUpload",
            request,
            EcrJson.Default.CompleteLayerUploadRequest,
            EcrJson.Default.CompleteLayerUploadResponse,
            cancellationToken
        );

    /// <summary>Stores a manifest.</summary>
    /// <exception cref="LayersNotFoundException"/>
    /// <exception cref="ImageTagAlreadyExistsException"/>
    /// <exception cref="ImageAlreadyExistsException"/>
    public virtual Task<PutImageResponse> PutImageAsync(
        PutImageRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "PutImage",
            request,
            EcrJson.Default.PutImageRequest,
            EcrJson.Default.PutImageResponse,
            cancellationToken
        );

    /// <summary>Manifests by digest or tag.</summary>
    /// <exception cref="RepositoryNotFoundException"/>
    public virtual Task<BatchGetImageResponse> BatchGetImageAsync(
        BatchGetImageRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "BatchGetImage",
            request,
            EcrJson.Default.BatchGetImageRequest,
            EcrJson.Default.BatchGetImageResponse,
            cancellationToken
        );

    /// <summary>The policy of the caller's own registry.</summary>
    /// <exception cref="RegistryPolicyNotFoundException"/>
    public virtual Task<GetRegistryPolicyResponse> GetRegistryPolicyAsync(
        GetRegistryPolicyRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "GetRegistryPolicy",
            request,
            EcrJson.Default.GetRegistryPolicyRequest,
            EcrJson.Default.GetRegistryPolicyResponse,
            cancellationToken
        );

    /// <summary>A setting of the caller's own registry.</summary>
    public virtual Task<GetAccountSettingResponse> GetAccountSettingAsync(
        GetAccountSettingRequest request,
        CancellationToken cancellationToken = default
    ) =>
        Invoke(
            "GetAccountSetting",
            request,
            EcrJson.Default.GetAccountSettingRequest,
            EcrJson.Default.GetAccountSettingResponse,
            cancellationToken
        );

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new EcrEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new EcrAuthSchemeHandler());
    }

    private Task<TResponse> Invoke<TRequest, TResponse>(
        string operation,
        TRequest request,
        JsonTypeInfo<TRequest> requestJson,
        JsonTypeInfo<TResponse> responseJson,
        CancellationToken cancellationToken
    )
        where TRequest : AmazonECRRequest
        where TResponse : AmazonWebServiceResponse, new()
    {
        ArgumentNullException.ThrowIfNull(request);
        var options = new InvokeOptions
        {
            RequestMarshaller = new EcrMarshaller<TRequest>(operation, requestJson),
            ResponseUnmarshaller = new EcrUnmarshaller<TResponse>(responseJson),
        };
        return InvokeAsync<TResponse>(request, options, cancellationToken);
    }

    private sealed class EcrMetadata : IServiceMetadata
    {
        public string ServiceId => "ECR";

        public IDictionary<string, string> OperationNameMapping { get; } =
            new Dictionary<string, string>(StringComparer.Ordinal);
    }
}
