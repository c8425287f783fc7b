using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Core.Tests.Aws;

public sealed class EcrEndpointTests
{
    /// <summary>Of each region: its name, its partition, and the hosts without and with dual-stack, then with FIPS too.</summary>
    /// <remarks>As botocore 1.43.11 resolves them, by the endpoint rule set that all AWS SDKs share.</remarks>
    private static IEnumerable<string[]> Published =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Aws", "ecr-endpoints.txt"))
            .Select(line => line.Split(' '));

    [Fact]
    public void The_hosts_of_all_regions_are_those_that_AWS_publishes()
    {
        Published.Count().ShouldBeGreaterThan(40);
        foreach (var region in Published)
        {
            string[] hosts =
            [
                Resolve(region[0], fips: false, dualStack: false),
                Resolve(region[0], fips: false, dualStack: true),
                Resolve(region[0], fips: true, dualStack: false),
                Resolve(region[0], fips: true, dualStack: true),
            ];

            hosts.ShouldBe(region[2..].Select(host => $"https://{host}/"), region[0]);
            AwsPartition.OfRegion(region[0]).Name.ShouldBe(region[1]);
        }
    }

    /// <remarks>As botocore 1.43.11 resolves them.</remarks>
    [Theory]
    [InlineData("us-east-1", false, false, "api.ecr-public.us-east-1.amazonaws.com")]
    [InlineData("us-east-1", false, true, "ecr-public.us-east-1.api.aws")]
    [InlineData("us-east-1", true, false, "api.ecr-public-fips.us-east-1.amazonaws.com")]
    [InlineData("us-east-1", true, true, "api.ecr-public-fips.us-east-1.api.aws")]
    [InlineData("us-west-2", false, false, "api.ecr-public.us-west-2.amazonaws.com")]
    public void The_hosts_of_ECR_Public_are_those_that_AWS_publishes(
        string region,
        bool fips,
        bool dualStack,
        string host
    ) => Resolve(region, fips, dualStack, RegistryKind.Public).ShouldBe($"https://{host}/");

    [Fact]
    public void The_partitions_are_those_of_the_AWS_SDK()
    {
        var regions = RegionEndpoint.EnumerableAllRegions.Select(region => region.SystemName).ToList();

        regions.Count.ShouldBeGreaterThan(40);
        foreach (var region in regions)
        {
            var (ours, theirs) = (AwsPartition.OfRegion(region), Fn.Partition(region));
            ours.Name.ShouldBe(Fn.GetAttr(theirs, "name"), region);
            ours.DnsSuffix.ShouldBe(Fn.GetAttr(theirs, "dnsSuffix"), region);
            $"api.{ours.DualStackDomain}".ShouldBe(Fn.GetAttr(theirs, "dualStackDnsSuffix"), region);
            RegionEndpoint.GetBySystemName(region).PartitionName.ShouldBe(ours.Name);
        }
    }

    [Fact]
    public void A_custom_endpoint_with_FIPS_is_refused_as_in_every_AWS_SDK()
    {
        var config = new EcrClientConfig { ServiceURL = "http://localhost:1", UseFIPSEndpoint = true };

        Should.Throw<AmazonClientException>(() => Resolve(config)).Message.ShouldContain("FIPS");
    }

    private static string Resolve(string region, bool fips, bool dualStack, RegistryKind kind = RegistryKind.Private) =>
        Resolve(
            new(kind)
            {
                RegionEndpoint = RegionEndpoint.GetBySystemName(region),
                UseFIPSEndpoint = fips,
                UseDualstackEndpoint = dualStack,
                IgnoreConfiguredEndpointUrls = true,
            }
        );

    private static string Resolve(EcrClientConfig config) =>
        config
            .DetermineServiceOperationEndpoint(
                new Amazon.Runtime.Endpoints.ServiceOperationEndpointParameters(new GetRepositoryPolicyRequest())
            )
            .URL;
}
