using Amazon;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Core.Tests.Aws;

public sealed class EcrEndpointTests
{
    [Theory]
    [InlineData("eu-west-1", false, false, "https://api.ecr.eu-west-1.amazonaws.com/")]
    [InlineData("eu-west-1", true, false, "https://ecr-fips.eu-west-1.amazonaws.com/")]
    [InlineData("eu-west-1", false, true, "https://ecr.eu-west-1.api.aws/")]
    [InlineData("us-east-1", true, true, "https://ecr-fips.us-east-1.api.aws/")]
    [InlineData("us-gov-west-1", true, false, "https://ecr-fips.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-gov-west-1", false, true, "https://ecr.us-gov-west-1.api.aws/")]
    [InlineData("cn-north-1", false, false, "https://api.ecr.cn-north-1.amazonaws.com.cn/")]
    [InlineData("cn-north-1", false, true, "https://ecr.cn-north-1.api.amazonwebservices.com.cn/")]
    [InlineData("us-iso-east-1", false, false, "https://api.ecr.us-iso-east-1.c2s.ic.gov/")]
    [InlineData("us-isob-east-1", false, false, "https://api.ecr.us-isob-east-1.sc2s.sgov.gov/")]
    [InlineData("eusc-de-east-1", false, false, "https://api.ecr.eusc-de-east-1.amazonaws.eu/")]
    public void The_host_follows_region_partition_FIPS_and_dual_stack(
        string region,
        bool fips,
        bool dualStack,
        string expected
    )
    {
        var config = new EcrClientConfig
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region),
            UseFIPSEndpoint = fips,
            UseDualstackEndpoint = dualStack,
            IgnoreConfiguredEndpointUrls = true,
        };

        Resolve(config).ShouldBe(expected);
    }

    [Fact]
    public void A_custom_endpoint_with_FIPS_is_refused_as_in_every_AWS_SDK()
    {
        var config = new EcrClientConfig { ServiceURL = "http://localhost:1", UseFIPSEndpoint = true };

        Should.Throw<AmazonClientException>(() => Resolve(config)).Message.ShouldContain("FIPS");
    }

    private static string Resolve(EcrClientConfig config) =>
        config
            .DetermineServiceOperationEndpoint(
                new Amazon.Runtime.Endpoints.ServiceOperationEndpointParameters(new GetRegistryPolicyRequest())
            )
            .URL;
}
