using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Names;

/// <summary>A group of AWS regions with its own ARNs and host names.</summary>
/// <param name="Name">The second part of an ARN, such as <c>aws</c> or <c>aws-cn</c>.</param>
/// <param name="DnsSuffix">The suffix of its IPv4 hosts, such as <c>amazonaws.com</c>.</param>
/// <param name="DualStackDomain">
/// The domain of its dual-stack hosts: those of APIs end in <c>api.</c> and it, those of registries in <c>on.</c> and it;
/// <see langword="null"/> where it is not known.
/// </param>
/// <remarks>
/// https://docs.aws.amazon.com/general/latest/gr/ecr.html; the API's hosts are those of the endpoint rule set that the AWS
/// SDKs share.
/// </remarks>
public sealed partial record AwsPartition(string Name, string DnsSuffix, string? DualStackDomain)
{
    private static readonly AwsPartition Standard = new("aws", "amazonaws.com", "aws");

    private static readonly (string RegionPrefix, AwsPartition Partition)[] ByRegion =
    [
        ("cn-", new("aws-cn", "amazonaws.com.cn", "amazonwebservices.com.cn")),
        ("us-gov-", new("aws-us-gov", "amazonaws.com", "aws")),
        ("us-iso-", new("aws-iso", "c2s.ic.gov", "aws.ic.gov")),
        ("us-isob-", new("aws-iso-b", "sc2s.sgov.gov", "aws.scloud")),
        ("eu-isoe-", new("aws-iso-e", "cloud.adc-e.uk", "cloud-aws.adc-e.uk")),
        ("us-isof-", new("aws-iso-f", "csp.hci.ic.gov", "aws.hci.ic.gov")),
        ("eusc-", new("aws-eusc", "amazonaws.eu", "amazonwebservices.eu")),
    ];

    /// <summary>Whether the hosts of its API can be told, as for all partitions but those of the future.</summary>
    public bool IsKnown => DualStackDomain is not null;

    /// <summary>The partition that a region belongs to; a region of no known form belongs to <c>aws</c>, as in every AWS SDK.</summary>
    public static AwsPartition OfRegion(string region) => FindOfRegion(region) ?? Standard;

    /// <summary>A partition that this version does not know, by the suffix of its hosts; its ARNs are taken to begin as those of <c>aws</c>.</summary>
    internal static AwsPartition Unknown(string dnsSuffix) => new(Standard.Name, dnsSuffix, DualStackDomain: null);

    internal static AwsPartition? FindOfRegion(string region) =>
        ByRegion
            .Where(entry => region.StartsWith(entry.RegionPrefix, StringComparison.Ordinal))
            .Select(entry => entry.Partition)
            .FirstOrDefault()
        ?? (StandardRegion().IsMatch(region) ? Standard : null);

    /// <summary>Whether a region can have this name: a part of a host's. New regions come faster than new versions, so there is no list.</summary>
    public static bool IsRegionName(string text) => RegionName().IsMatch(text);

    private static IEnumerable<AwsPartition> All => ByRegion.Select(entry => entry.Partition).Append(Standard);

    /// <summary>Whether a host is in a domain of AWS.</summary>
    public static bool OwnsHost(string host) =>
        All.Any(partition =>
            host.EndsWith($".{partition.DnsSuffix}", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith($".{partition.DualStackDomain}", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether hosts of a registry end so in any partition.</summary>
    internal static bool HasRegistrySuffix(string suffix) =>
        All.Any(partition => suffix == partition.RegistrySuffix(false) || suffix == partition.RegistrySuffix(true));

    /// <summary>How the host of a registry ends.</summary>
    internal string RegistrySuffix(bool isDualStack) => isDualStack ? $"on.{DualStackDomain}" : DnsSuffix;

    internal string RegistryHost(string account, string region, bool isFips, bool isDualStack) =>
        $"{account}.{(isDualStack ? "dkr-ecr" : "dkr.ecr")}{(isFips ? "-fips" : "")}.{region}.{RegistrySuffix(isDualStack)}";

    /// <summary>The host of the API of private or of public registries.</summary>
    public string ApiHost(RegistryKind kind, string region, bool isFips, bool isDualStack)
    {
        var service = $"{(kind is RegistryKind.Public ? "ecr-public" : "ecr")}{(isFips ? "-fips" : "")}";
        var prefix = isDualStack && !(isFips && kind is RegistryKind.Public) ? "" : "api.";
        return $"{prefix}{service}.{region}.{(isDualStack ? $"api.{DualStackDomain}" : DnsSuffix)}";
    }

    [GeneratedRegex(
        "^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[0-9]+$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex StandardRegion();

    [GeneratedRegex(
        @"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RegionName();
}
