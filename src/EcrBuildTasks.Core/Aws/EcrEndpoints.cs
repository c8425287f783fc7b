using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Aws;

/// <summary>Which host answers the ECR API; the rules are those of AWS's endpoint rule sets for ECR and ECR Public.</summary>
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

        return new Endpoint("https://" + AwsPartition.OfRegion(region).ApiHost(kind, region, fips, dualStack));
    }
}
