using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using Amazon.Util;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Aws;

/// <summary>Which host answers the ECR API; the rules are those of AWS's endpoint rule set for ECR.</summary>
internal sealed class EcrEndpointProvider(RegistryKind kind) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var fips = parameters["UseFIPS"] is true;
        var dualStack = parameters["UseDualStack"] is true;

        if (parameters["Endpoint"] is string { Length: > 0 } custom)
        {
            if (fips || dualStack)
            {
                throw new AmazonClientException(
                    $"Invalid Configuration: {(fips ? "FIPS" : "Dualstack")} and custom endpoint are not supported"
                );
            }

            return new Endpoint(custom);
        }

        if (parameters["Region"] is not string { Length: > 0 } region)
        {
            throw new AmazonClientException("Invalid Configuration: Missing Region");
        }

        return new Endpoint("https://" + HostOf(kind, region, fips, dualStack));
    }

    private static string HostOf(RegistryKind kind, string region, bool fips, bool dualStack)
    {
        var partition = Fn.Partition(region);
        var name = (string)Fn.GetAttr(partition, "name");
        if (
            (fips && Fn.GetAttr(partition, "supportsFIPS") is not true)
            || (dualStack && Fn.GetAttr(partition, "supportsDualStack") is not true)
        )
        {
            throw new AmazonClientException(
                $"FIPS or DualStack is enabled but the partition '{name}' of region '{region}' does not support it"
            );
        }

        var suffix = (string)Fn.GetAttr(partition, dualStack ? "dualStackDnsSuffix" : "dnsSuffix");
        if (kind is RegistryKind.Public)
        {
            return (fips, dualStack, name) switch
            {
                (true, _, _) => $"api.ecr-public-fips.{region}.{suffix}",
                (false, true, "aws") => $"ecr-public.{region}.api.aws",
                _ => $"api.ecr-public.{region}.{suffix}",
            };
        }

        return (fips, dualStack, name) switch
        {
            (false, false, _) => $"api.ecr.{region}.{suffix}",
            (true, true, "aws" or "aws-us-gov") => $"ecr-fips.{region}.api.aws",
            (true, false, "aws" or "aws-us-gov") => $"ecr-fips.{region}.amazonaws.com",
            (true, _, _) => $"api.ecr-fips.{region}.{suffix}",
            (false, true, "aws" or "aws-us-gov") => $"ecr.{region}.api.aws",
            (false, true, "aws-cn") => $"ecr.{region}.api.amazonwebservices.com.cn",
            (false, true, _) => $"api.ecr.{region}.{suffix}",
        };
    }
}

internal sealed class EcrEndpointParameters : EndpointParameters;

internal sealed class EcrEndpointResolver : BaseEndpointResolver
{
    protected override void ServiceSpecificHandler(IExecutionContext executionContext, EndpointParameters parameters) =>
        InjectHostPrefix(executionContext.RequestContext);

    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext)
    {
        var config = requestContext.ClientConfig;
        return new EcrEndpointParameters
        {
            ["Region"] = requestContext.Request.AlternateEndpoint?.SystemName ?? RegionOf(config),
            ["UseDualStack"] = config.UseDualstackEndpoint,
            ["UseFIPS"] = config.UseFIPSEndpoint,
            ["Endpoint"] = config.ServiceURL,
        };
    }

    private static string? RegionOf(IClientConfig config)
    {
        if (config.RegionEndpoint is { } region)
        {
            return region.SystemName;
        }

        if (!string.IsNullOrEmpty(config.AuthenticationRegion))
        {
            return config.AuthenticationRegion;
        }

        return string.IsNullOrEmpty(config.ServiceURL)
            ? null
            : RegionEndpoint.GetBySystemName(AWSSDKUtils.DetermineRegion(config.ServiceURL)).SystemName;
    }
}

internal sealed class EcrAuthSchemeHandler : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
        AuthSchemeOption.DEFAULT_SIGV4;
}
