using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Iam;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>A partition has one IAM for all its regions, and requests are signed for one of them.</summary>
public sealed class IamEndpointTests
{
    /// <remarks>The endpoint rule set of botocore 1.43.11, which all AWS SDKs share.</remarks>
    [Theory]
    [InlineData("aws", "us-east-1", "iam.amazonaws.com")]
    [InlineData("aws-cn", "cn-north-1", "iam.cn-north-1.amazonaws.com.cn")]
    [InlineData("aws-us-gov", "us-gov-west-1", "iam.us-gov.amazonaws.com")]
    [InlineData("aws-iso", "us-iso-east-1", "iam.us-iso-east-1.c2s.ic.gov")]
    [InlineData("aws-iso-b", "us-isob-east-1", "iam.us-isob-east-1.sc2s.sgov.gov")]
    [InlineData("aws-iso-e", "eu-isoe-west-1", "iam.eu-isoe-west-1.cloud.adc-e.uk")]
    [InlineData("aws-iso-f", "us-isof-south-1", "iam.us-isof-south-1.csp.hci.ic.gov")]
    [InlineData("aws-eusc", "eusc-de-east-1", "iam.eusc-de-east-1.amazonaws.eu")]
    [InlineData("aws", "us-east-1", "iam-fips.amazonaws.com", "AWS_USE_FIPS_ENDPOINT")]
    [InlineData("aws-us-gov", "us-gov-west-1", "iam.us-gov.amazonaws.com", "AWS_USE_FIPS_ENDPOINT")]
    [InlineData("aws-iso", "us-iso-east-1", "iam-fips.us-iso-east-1.c2s.ic.gov", "AWS_USE_FIPS_ENDPOINT")]
    [InlineData("aws-iso-b", "us-isob-east-1", "iam-fips.us-isob-east-1.sc2s.sgov.gov", "AWS_USE_FIPS_ENDPOINT")]
    [InlineData("aws", "us-east-1", "iam.global.api.aws", "AWS_USE_DUALSTACK_ENDPOINT")]
    [InlineData("aws-cn", "cn-north-1", "iam.global.api.amazonwebservices.com.cn", "AWS_USE_DUALSTACK_ENDPOINT")]
    [InlineData("aws-us-gov", "us-gov-west-1", "iam.us-gov.api.aws", "AWS_USE_DUALSTACK_ENDPOINT")]
    [InlineData("aws", "us-east-1", "iam-fips.global.api.aws", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT")]
    [InlineData(
        "aws-us-gov",
        "us-gov-west-1",
        "iam.us-gov.api.aws",
        "AWS_USE_FIPS_ENDPOINT",
        "AWS_USE_DUALSTACK_ENDPOINT"
    )]
    public void The_host_and_the_region_of_the_signature_are_those_that_AWS_publishes(
        string partition,
        string region,
        string host,
        params string[] flags
    )
    {
        var environment = flags.Aggregate(EnvironmentVariables.None, (all, flag) => all.With(flag, "true"));

        Resolve(environment, partition).ShouldBe(($"https://{host}/", region));
    }

    [Theory]
    [InlineData("aws-iso-e", "AWS_USE_FIPS_ENDPOINT")]
    [InlineData("aws-eusc", "AWS_USE_DUALSTACK_ENDPOINT")]
    [InlineData("aws-cn", "AWS_USE_FIPS_ENDPOINT")]
    [InlineData("aws-to-come", "AWS_NO_FLAG")]
    public void Where_AWS_publishes_no_host_none_is_guessed(string partition, string flag) =>
        Should.Throw<AmazonClientException>(() => Resolve(EnvironmentVariables.None.With(flag, "true"), partition));

    [Theory]
    [InlineData("aws-cn", "cn-north-1", "http://iam.example/", "AWS_ENDPOINT_URL_IAM=http://iam.example")]
    [InlineData(
        "aws",
        "us-east-1",
        "http://iam.example/",
        "AWS_ENDPOINT_URL_IAM=http://iam.example AWS_ENDPOINT_URL=http://all.example"
    )]
    [InlineData("aws", "us-east-1", "http://all.example/", "AWS_ENDPOINT_URL=http://all.example")]
    [InlineData("aws", "us-east-1", "https://iam.amazonaws.com/", "AWS_ENDPOINT_URL_STS=http://sts.example")]
    // A partition of the future.
    [InlineData("aws-to-come", "eu-west-1", "http://iam.example/", "AWS_ENDPOINT_URL_IAM=http://iam.example")]
    public void An_endpoint_that_the_user_names_goes_first(
        string partition,
        string region,
        string url,
        string variables
    )
    {
        var environment = variables
            .Split(' ')
            .Select(variable => variable.Split('=', 2))
            .Aggregate(EnvironmentVariables.None, (all, variable) => all.With(variable[0], variable[1]));

        Resolve(environment, partition).ShouldBe((url, region));
    }

    private static (string Url, string Region) Resolve(EnvironmentVariables environment, string partition)
    {
        var clients = new AwsClients(environment, Profile: null, Region: "eu-west-1");
        using var iam = clients.Iam(new AnonymousAWSCredentials(), partition);
        var url = iam
            .Config.DetermineServiceOperationEndpoint(
                new ServiceOperationEndpointParameters(new GetRoleRequest { RoleName = "ci" })
            )
            .URL;
        return (url, iam.Config.AuthenticationRegion);
    }
}
