using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace EcrBuildTasks.Aws.Iam;

/// <summary>The hosts of IAM in one partition, which has one IAM for all its regions.</summary>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Host">The host.</param>
/// <remarks>The rules are those of AWS's endpoint rule set for IAM, which the AWS SDKs share.</remarks>
internal sealed record IamEndpoints(string Region, string Host)
{
    private static readonly Dictionary<string, IamEndpoints> ByPartition = new(StringComparer.Ordinal)
    {
        ["aws"] = new("us-east-1", "iam.amazonaws.com")
        {
            Fips = "iam-fips.amazonaws.com",
            DualStack = "iam.global.api.aws",
            FipsDualStack = "iam-fips.global.api.aws",
        },
        ["aws-cn"] = new("cn-north-1", "iam.cn-north-1.amazonaws.com.cn")
        {
            DualStack = "iam.global.api.amazonwebservices.com.cn",
        },
        ["aws-us-gov"] = new("us-gov-west-1", "iam.us-gov.amazonaws.com")
        {
            Fips = "iam.us-gov.amazonaws.com",
            DualStack = "iam.us-gov.api.aws",
            FipsDualStack = "iam.us-gov.api.aws",
        },
        ["aws-iso"] = new("us-iso-east-1", "iam.us-iso-east-1.c2s.ic.gov")
        {
            Fips = "iam-fips.us-iso-east-1.c2s.ic.gov",
        },
        ["aws-iso-b"] = new("us-isob-east-1", "iam.us-isob-east-1.sc2s.sgov.gov")
        {
            Fips = "iam-fips.us-isob-east-1.sc2s.sgov.gov",
        },
        ["aws-iso-e"] = new("eu-isoe-west-1", "iam.eu-isoe-west-1.cloud.adc-e.uk"),
        ["aws-iso-f"] = new("us-isof-south-1", "iam.us-isof-south-1.csp.hci.ic.gov"),
        ["aws-eusc"] = new("eusc-de-east-1", "iam.eusc-de-east-1.amazonaws.eu"),
    };

    /// <summary>The host for FIPS; <see langword="null"/> where the rule set names none of the partition's own.</summary>
    private string? Fips { get; init; }

    private string? DualStack { get; init; }

    private string? FipsDualStack { get; init; }

    /// <summary>The hosts in a partition; <see langword="null"/> for one of the future.</summary>
    public static IamEndpoints? Of(string partition) => ByPartition.GetValueOrDefault(partition);

    public string? Choose(bool fips, bool dualStack) =>
        (fips, dualStack) switch
        {
            (true, true) => FipsDualStack,
            (true, false) => Fips,
            (false, true) => DualStack,
            _ => Host,
        };
}

/// <summary>Which host answers the IAM API of a partition.</summary>
internal sealed class IamEndpointProvider(string partition) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters["Endpoint"] is string { Length: > 0 } custom)
        {
            return new Endpoint(custom);
        }

        var host = IamEndpoints
            .Of(partition)
            ?.Choose(fips: parameters["UseFIPS"] is true, dualStack: parameters["UseDualStack"] is true);
        return host is null
            ? throw new AmazonClientException(
                $"Invalid Configuration: no such endpoint of IAM in partition {partition}"
            )
            : new Endpoint($"https://{host}");
    }
}
