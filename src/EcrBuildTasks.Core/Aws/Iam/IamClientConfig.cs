using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace EcrBuildTasks.Aws.Iam;

/// <summary>How an <see cref="IamClient"/> reaches the IAM of a partition.</summary>
internal sealed class IamClientConfig : ClientConfig
{
    public IamClientConfig(string partition)
        : base(new DefaultConfigurationProvider([EcrClientConfig.Defaults]))
    {
        ServiceId = "IAM";
        AuthenticationServiceName = "iam";
        EndpointProvider = new IamEndpointProvider(partition);
    }

    public override string RegionEndpointServiceName => "iam";

    public override string ServiceVersion => "2010-05-08";

    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("IAM", "4.0.0.0");

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        ApiEndpointResolver.EndpointOf(this, parameters);
}
