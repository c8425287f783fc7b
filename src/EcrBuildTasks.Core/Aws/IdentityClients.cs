using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace EcrBuildTasks.Aws;

// AWS's own clients of the services that give identities, with our limits to retries and our words for what is no answer.

internal sealed class StsClient(AWSCredentials credentials, AmazonSecurityTokenServiceConfig config)
    : AmazonSecurityTokenServiceClient(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        AwsRetries.Customize(pipeline, Config);
    }
}

internal sealed class SsoPortalClient(AmazonSSOConfig config) : AmazonSSOClient(new AnonymousAWSCredentials(), config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        AwsRetries.Customize(pipeline, Config);
    }
}

internal sealed class SsoOidcClient(AmazonSSOOIDCConfig config)
    : AmazonSSOOIDCClient(new AnonymousAWSCredentials(), config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        AwsRetries.Customize(pipeline, Config);
    }
}
