using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace EcrBuildTasks.Aws;

/// <summary>
/// The clients that AWSSDK.Core needs for `aws sso login` profiles. Not told of them it looks for them by reflection, which
/// finds nothing in a program that was compiled ahead of time.
/// </summary>
internal static class SingleSignOnClients
{
    static SingleSignOnClients()
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;
        registry.RegisterSSOClient(context =>
        {
            var wanted = context.SSOClientContextData;
            var config = new AmazonSSOConfig { RegionEndpoint = wanted.Region };
            config.SetWebProxy(wanted.ProxySettings);
            return new AmazonSSOClient(new AnonymousAWSCredentials(), config);
        });
        registry.RegisterSSOOIDCClient(context =>
        {
            var wanted = context.SSOOIDCClientContextData;
            var config = new AmazonSSOOIDCConfig { RegionEndpoint = wanted.Region };
            config.SetWebProxy(wanted.ProxySettings);
            return new AmazonSSOOIDCClient(new AnonymousAWSCredentials(), config);
        });
    }

    /// <summary>Makes them known, once for the process.</summary>
    public static void Register()
    {
        // The static constructor has done it.
    }
}
