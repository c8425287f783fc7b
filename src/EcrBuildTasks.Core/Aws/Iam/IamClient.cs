using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace EcrBuildTasks.Aws.Iam;

/// <summary>
/// IAM on the AWS SDK's own pipeline, with the names of AWSSDK.IdentityManagement. An error answer is an
/// <see cref="AmazonServiceException"/>.
/// </summary>
internal sealed class IamClient(AWSCredentials credentials, IamClientConfig config)
    : AmazonServiceClient(credentials, config)
{
    private static readonly IamMetadata Metadata = new();

    protected override IServiceMetadata ServiceMetadata => Metadata;

    /// <summary>A role of the caller's account.</summary>
    public Task<GetRoleResponse> GetRoleAsync(GetRoleRequest request, CancellationToken cancellationToken) =>
        InvokeAsync<GetRoleResponse>(
            request,
            new InvokeOptions
            {
                RequestMarshaller = new GetRoleMarshaller(),
                ResponseUnmarshaller = new GetRoleUnmarshaller(),
            },
            cancellationToken
        );

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new ApiEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new ApiAuthSchemeHandler());
    }

    private sealed class IamMetadata : IServiceMetadata
    {
        public string ServiceId => "IAM";

        public IDictionary<string, string> OperationNameMapping { get; } =
            new Dictionary<string, string>(StringComparer.Ordinal);
    }
}
