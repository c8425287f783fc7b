namespace EcrBuildTasks.Registry;

/// <summary>A group of AWS regions with its own ARNs and host names.</summary>
/// <param name="Name">The second part of an ARN, such as <c>aws</c> or <c>aws-cn</c>.</param>
/// <param name="DnsSuffix">The suffix of its registry hosts, such as <c>amazonaws.com</c>.</param>
/// <param name="DualStackSuffix">The suffix of its dual-stack registry hosts, where it has any.</param>
/// <remarks>https://docs.aws.amazon.com/general/latest/gr/ecr.html</remarks>
public sealed record AwsPartition(string Name, string DnsSuffix, string? DualStackSuffix)
{
    private static readonly AwsPartition Standard = new("aws", "amazonaws.com", "on.aws");

    private static readonly (string RegionPrefix, AwsPartition Partition)[] ByRegion =
    [
        ("cn-", new("aws-cn", "amazonaws.com.cn", "on.amazonwebservices.com.cn")),
        ("us-gov-", new("aws-us-gov", "amazonaws.com", "on.aws")),
        ("us-iso-", new("aws-iso", "c2s.ic.gov", null)),
        ("us-isob-", new("aws-iso-b", "sc2s.sgov.gov", null)),
        ("eu-isoe-", new("aws-iso-e", "cloud.adc-e.uk", null)),
        ("us-isof-", new("aws-iso-f", "csp.hci.ic.gov", null)),
        ("eusc-", new("aws-eusc", "amazonaws.eu", null)),
    ];

    /// <summary>The partition that a region belongs to; a region of no known prefix belongs to <c>aws</c>.</summary>
    public static AwsPartition OfRegion(string region)
    {
        foreach (var (prefix, partition) in ByRegion)
        {
            if (region.StartsWith(prefix, StringComparison.Ordinal))
            {
                return partition;
            }
        }

        return Standard;
    }
}
