using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Names;

/// <summary>The kinds of Amazon ECR registries.</summary>
public enum RegistryKind
{
    /// <summary>An account's registry in one region; its API is <c>ecr</c>.</summary>
    Private,

    /// <summary>Amazon ECR Public, <c>public.ecr.aws</c>; its API is <c>ecr-public</c>.</summary>
    Public,
}

/// <summary>An Amazon ECR registry, as its host names it.</summary>
public sealed partial record EcrRegistry
{
    private const string PublicHost = "public.ecr.aws";
    private const string PublicDualStackHost = "ecr-public.aws.com";
    private const string PublicRegion = "us-east-1";
    private const string HttpsPort = ":443";

    private EcrRegistry(string host, string account, string region, AwsPartition partition, RegistryKind kind)
    {
        Host = host;
        Account = account;
        Region = region;
        Partition = partition;
        Kind = kind;
    }

    /// <summary>The host, in lower case, such as <c>444455556666.dkr.ecr.eu-west-1.amazonaws.com</c>.</summary>
    public string Host { get; }

    /// <summary>
    /// The 12 digits of the account that owns the registry; empty for a public one, whose host and alias do not contain it, until
    /// <see cref="OwnedBy"/> sets it.
    /// </summary>
    public string Account { get; private init; }

    /// <summary>The region; <c>us-east-1</c> for a public registry, where its API is.</summary>
    public string Region { get; }

    public RegistryKind Kind { get; }

    /// <summary>
    /// The partition. Of one that this version does not know, <see cref="AwsPartition.Name"/> is a guess until
    /// <see cref="SeenBy"/> sets it.
    /// </summary>
    public AwsPartition Partition { get; private init; }

    /// <summary>Whether the host terminates TLS with FIPS 140 validated modules.</summary>
    public bool IsFips { get; private init; }

    /// <summary>Whether the host supports IPv6 in addition to IPv4.</summary>
    public bool IsDualStack { get; private init; }

    /// <summary>The alias of a public registry, if one is given; it precedes the repository.</summary>
    public string? Alias { get; private init; }

    /// <param name="account">The account's 12 digits.</param>
    /// <param name="isFips">Whether at its FIPS host.</param>
    /// <param name="isDualStack">Whether at its dual-stack host.</param>
    public static EcrRegistry Create(string account, string region, bool isFips = false, bool isDualStack = false)
    {
        var partition = AwsPartition.OfRegion(region);
        var host = partition.RegistryHost(account, region, isFips, isDualStack);
        return new(host, account, region, partition, RegistryKind.Private)
        {
            IsFips = isFips,
            IsDualStack = isDualStack,
        };
    }

    /// <summary>Whether a text is the host of an ECR registry in a partition that this version knows.</summary>
    public static bool IsEcrHost(string text) => Match(text.Trim().ToLowerInvariant()) is { Partition.IsKnown: true };

    /// <summary>
    /// Whether a text has the form of an ECR registry host, in any partition. Anyone can create a host of that form, so the name
    /// alone does not justify sending it an ECR password.
    /// </summary>
    public static bool IsLikeEcrHost(string text) => Match(text.Trim().ToLowerInvariant()) is not null;

    /// <summary>Whether a text refers to an ECR registry, even if it is misspelled.</summary>
    public static bool IsMeantBy(string text) => Meant().IsMatch(text);

    /// <summary>
    /// Reads a registry: FIPS, dual-stack, the partitions of China, GovCloud, the isolated and the sovereign ones included, and
    /// <c>public.ecr.aws</c> with or without an alias. <c>https://</c>, the port 443, a trailing slash and upper case are ignored.
    /// A host of ECR's form with a suffix that no known partition has is read too, with its port: only an endpoint that the
    /// user names makes it usable.
    /// </summary>
    /// <exception cref="ReferenceFormatException">The text is not an ECR registry.</exception>
    public static EcrRegistry Parse(string text)
    {
        var address = ImageAddress.FromText(text);
        return
            address is { Scheme: null or "https", HasUser: false, Digest: null, Tag: null, Host: { } host }
            && Match(WithoutHttpsPort(host)) is { } registry
            && registry.TakeAlias(address.Path) is ({ HasAllowedAlias: true } named, "")
            ? named
            : throw Refusal(text, address);
    }

    /// <summary>The ARN of one of the registry's repositories.</summary>
    public string RepositoryArn(string repository) =>
        (
            Kind is RegistryKind.Public
                ? Arn.ForPublicRepository(Partition.Name, Account, repository)
                : Arn.ForRepository(Partition.Name, Region, Account, repository)
        ).ToString();

    /// <summary>The path of a repository in an image reference, with the alias of a public registry.</summary>
    public string PathOf(string repository) => Alias is null ? repository : $"{Alias}/{repository}";

    /// <summary>This public registry with the account that owns it.</summary>
    /// <param name="account">The 12 digits of the account.</param>
    public EcrRegistry OwnedBy(string account) => this with { Account = account };

    /// <summary>This registry with the partition name from the caller's ARN, if this version does not know the partition.</summary>
    /// <param name="callerArn">The caller's ARN; any other text is ignored.</param>
    public EcrRegistry SeenBy(string callerArn) =>
        !Partition.IsKnown && Arn.Parse(callerArn) is { Partition: { Length: > 0 } partition }
            ? this with
            {
                Partition = Partition with { Name = partition },
            }
            : this;

    /// <summary>The host and, for a public registry, the alias.</summary>
    public override string ToString() => Alias is null ? Host : $"{Host}/{Alias}";

    /// <summary>The error for a registry in an unknown partition when no endpoint is set.</summary>
    public ReferenceFormatException WithoutEndpoint() =>
        new(
            ReferencePart.Registry,
            Host,
            "is in an AWS partition that this version does not know",
            AwsPartition.FindOfRegion(Region) is null
                ? "Set AWS_ENDPOINT_URL_ECR to the endpoint of its ECR API."
                : $"Write {Create(Account, Region, IsFips, IsDualStack).Host}, or, if the host is correct, set AWS_ENDPOINT_URL_ECR to the endpoint of its ECR API."
        );

    /// <summary>The registry and repository path of an address; the host is corrected if the correction is unambiguous.</summary>
    /// <returns><see langword="null"/> when the address does not contain an ECR registry.</returns>
    internal static (EcrRegistry Registry, string Repository)? FindIn(ImageAddress address) =>
        address.Host is { } host
        && (Match(WithoutHttpsPort(host)) ?? Mend(host))?.TakeAlias(address.Path)
            is ({ HasAllowedAlias: true }, _) found
            ? found
            : null;

    /// <summary>Splits a path into the alias of a public registry and the repository.</summary>
    public (EcrRegistry Registry, string Repository) TakeAlias(string path)
    {
        if (Kind is not RegistryKind.Public || path.Length == 0)
        {
            return (this, path);
        }

        var (alias, repository) = path.Split('/', 2) is [var first, var rest] ? (first, rest) : (path, "");
        return (this with { Alias = alias.ToLowerInvariant() }, repository);
    }

    private static string WithoutHttpsPort(string host) =>
        host.EndsWith(HttpsPort, StringComparison.Ordinal) ? host[..^HttpsPort.Length] : host;

    private static EcrRegistry? Match(string host)
    {
        if (host is PublicHost or PublicDualStackHost)
        {
            return new(host, "", PublicRegion, AwsPartition.OfRegion(PublicRegion), RegistryKind.Public)
            {
                IsDualStack = host == PublicDualStackHost,
            };
        }

        var match = PrivateHost().Match(host);
        if (!match.Success)
        {
            return null;
        }

        var (account, region) = (match.Groups["account"].Value, match.Groups["region"].Value);
        var (isFips, isDualStack) = (match.Groups["fips"].Success, match.Groups["dualstack"].Success);
        var suffix = match.Groups["suffix"].Value;
        var regular = Create(account, region, isFips, isDualStack);
        return host == regular.Host ? regular
            : AwsPartition.HasRegistrySuffix(suffix) ? null
            : new(host, account, region, AwsPartition.Unknown(suffix), RegistryKind.Private)
            {
                IsFips = isFips,
                IsDualStack = isDualStack,
            };
    }

    public bool HasAllowedAlias => Alias is null || (Alias.Length is >= 2 and <= 50 && PublicAlias().IsMatch(Alias));

    private static ReferenceFormatException Refusal(string text, ImageAddress address)
    {
        if (FindIn(address) is not var (registry, repository))
        {
            return new(
                ReferencePart.Registry,
                text,
                "is not the host of an Amazon ECR registry",
                address.Host is PublicHost or PublicDualStackHost
                    ? $"Write it as {address.Host}/<alias>, with the alias of your public registry."
                    : "Write it as <account>.dkr.ecr.<region>.amazonaws.com, for example 123456789012.dkr.ecr.eu-west-1.amazonaws.com."
            );
        }

        string[] others =
        [
            .. repository.Length > 0 ? [$"{repository} as the repository"] : Array.Empty<string>(),
            .. address.Tag is { Length: > 0 } tag ? [$"{tag} as the tag"] : Array.Empty<string>(),
        ];
        return new(
            ReferencePart.Registry,
            text,
            address.HasUser ? "contains a user name; credentials for the registry come from AWS"
                : repository.Length > 0 || address.Tag is not null || address.Digest is not null
                    ? "contains more than a registry host"
                : "is not a valid Amazon ECR host name",
            others.Length == 0
                ? $"Write {registry}."
                : $"Write {registry} as the registry and {string.Join(" and ", others)}."
        );
    }

    /// <summary>The corrected registry for a host with the wrong suffix or a port.</summary>
    private static EcrRegistry? Mend(string host)
    {
        var match = PrivateHost().Match(host);
        if (!match.Success)
        {
            return host.Split(':')[0] is { } bare && bare != host ? Match(bare) : null;
        }

        var suffix = match.Groups["suffix"].Value;
        return Create(
            match.Groups["account"].Value,
            match.Groups["region"].Value,
            match.Groups["fips"].Success,
            suffix.StartsWith("on.", StringComparison.Ordinal)
        );
    }

    // The same as in EcrBuildTasks.targets, which a test compares.
    [GeneratedRegex(
        @"(?i)\.dkr[.-]ecr(-fips)?\.|(^|[/@\s])(public\.ecr\.aws|ecr-public\.aws\.com)($|[/:\s])",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Meant();

    [GeneratedRegex(
        @"^(?<account>[0-9]{12})\.(?:dkr\.|(?<dualstack>dkr-))ecr(?<fips>-fips)?\.(?<region>[a-z]{2,}(?:-[a-z]+)+-[0-9]+)\.(?<suffix>[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::[0-9]{1,5})?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PrivateHost();

    /// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html</remarks>
    [GeneratedRegex("^[a-z][a-z0-9]+([._-][a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PublicAlias();
}
