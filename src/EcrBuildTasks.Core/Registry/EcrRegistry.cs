using System.Text.RegularExpressions;

namespace EcrBuildTasks.Registry;

/// <summary>Whose registry it is: an account's own, or the gallery of everyone's public ones.</summary>
public enum RegistryKind
{
    /// <summary>An account's registry in one region.</summary>
    Private,

    /// <summary>Amazon ECR Public, <c>public.ecr.aws</c>.</summary>
    Public,
}

/// <summary>An Amazon ECR registry, as its host names it.</summary>
public sealed partial record EcrRegistry
{
    private EcrRegistry(string host, string account, string region, RegistryKind kind)
    {
        Host = host;
        Account = account;
        Region = region;
        Kind = kind;
    }

    /// <summary>The host, in lower case, such as <c>444455556666.dkr.ecr.eu-west-1.amazonaws.com</c>.</summary>
    public string Host { get; }

    /// <summary>
    /// The 12 digits of the account that owns the registry; empty for a public one, whose host and alias do not tell it, until
    /// <see cref="OwnedBy"/> says it.
    /// </summary>
    public string Account { get; private init; }

    /// <summary>The alias of a public registry, if one is named; it stands before the repository.</summary>
    public string? Alias { get; private init; }

    /// <summary>The region; <c>us-east-1</c> for a public registry, where its API is.</summary>
    public string Region { get; }

    /// <summary>Private or public.</summary>
    public RegistryKind Kind { get; }

    /// <summary>The partition of the region.</summary>
    public AwsPartition Partition => AwsPartition.OfRegion(Region);

    /// <summary>The registry of an account in a region, at its ordinary host.</summary>
    public static EcrRegistry Of(string account, string region) =>
        new(
            $"{account}.dkr.ecr.{region}.{AwsPartition.OfRegion(region).DnsSuffix}",
            account,
            region,
            RegistryKind.Private
        );

    /// <summary>Whether a text is the host of an ECR registry.</summary>
    public static bool IsEcrHost(string text) => Match(text.Trim()) is not null;

    /// <summary>
    /// Reads a registry host: FIPS, dual-stack, the partitions of China, GovCloud, the isolated and the sovereign ones included;
    /// that of ECR Public with or without an alias behind it.
    /// </summary>
    /// <exception cref="ReferenceFormatException">The text is no ECR host.</exception>
    public static EcrRegistry Parse(string text)
    {
        var trimmed = text.Trim();
        return Match(trimmed)
            ?? MatchAlias(trimmed)
            ?? throw new ReferenceFormatException(
                ReferencePart.Registry,
                text,
                "is not the host of an Amazon ECR registry",
                Remedy(trimmed)
            );
    }

    /// <summary>The ARN of one of the registry's repositories.</summary>
    public string RepositoryArn(string repository) =>
        Kind is RegistryKind.Public
            ? $"arn:{Partition.Name}:ecr-public::{Account}:repository/{repository}"
            : $"arn:{Partition.Name}:ecr:{Region}:{Account}:repository/{repository}";

    /// <summary>A repository as it stands behind the host in an image's reference: after the alias, where there is one.</summary>
    public string PathOf(string repository) => Alias is null ? repository : $"{Alias}/{repository}";

    /// <summary>The public registry with this alias.</summary>
    /// <returns><see langword="null"/> if the text can be no alias.</returns>
    public EcrRegistry? WithAlias(string alias) =>
        Kind is RegistryKind.Public && alias.Length is >= 2 and <= 50 && PublicAlias().IsMatch(alias)
            ? this with
            {
                Alias = alias,
            }
            : null;

    /// <summary>The public registry, and whose it is.</summary>
    /// <param name="account">The 12 digits of the account.</param>
    public EcrRegistry OwnedBy(string account) => this with { Account = account };

    /// <summary>The host, with the alias behind it where there is one.</summary>
    public override string ToString() => Alias is null ? Host : $"{Host}/{Alias}";

    private static EcrRegistry? Match(string text)
    {
        var host = text.ToLowerInvariant();
        if (host is "public.ecr.aws" or "ecr-public.aws.com")
        {
            return new(host, "", "us-east-1", RegistryKind.Public);
        }

        var match = PrivateHost().Match(host);
        if (!match.Success)
        {
            return null;
        }

        var region = match.Groups["region"].Value;
        var partition = AwsPartition.OfRegion(region);
        var suffix = match.Groups["suffix"].Value;
        var expected = match.Groups["dualstack"].Success ? partition.DualStackSuffix : partition.DnsSuffix;
        return suffix == expected ? new(host, match.Groups["account"].Value, region, RegistryKind.Private) : null;
    }

    private static EcrRegistry? MatchAlias(string text) =>
        text.Split('/') is [var host, var alias] && Match(host) is { Kind: RegistryKind.Public } registry
            ? registry.WithAlias(alias)
            : null;

    private static string Remedy(string text)
    {
        var bare = text.TrimEnd('/');
        var scheme = bare.IndexOf("://", StringComparison.Ordinal);
        bare = scheme < 0 ? bare : bare[(scheme + 3)..];
        var slash = bare.IndexOf('/', StringComparison.Ordinal);
        var (host, path) = slash < 0 ? (bare, "") : (bare[..slash], bare[(slash + 1)..]);
        if (Match(host) is null)
        {
            return "Write it as <account>.dkr.ecr.<region>.amazonaws.com, for example 123456789012.dkr.ecr.eu-west-1.amazonaws.com.";
        }

        if (
            Match(host) is { Kind: RegistryKind.Public }
            && path.Split('/', 2) is [var alias, { Length: > 0 } repository]
            && MatchAlias($"{host}/{alias}") is { } registry
        )
        {
            return $"Write {registry} as the registry and {repository} as the repository.";
        }

        return path.Length == 0
            ? $"Write {host.ToLowerInvariant()}."
            : $"Write {host.ToLowerInvariant()} as the registry and {path} as the repository.";
    }

    [GeneratedRegex(
        @"^(?<account>[0-9]{12})\.(?:dkr\.ecr(?:-fips)?|(?<dualstack>dkr-ecr(?:-fips)?))\.(?<region>[a-z]{2,}(?:-[a-z]+)+-[0-9]+)\.(?<suffix>[a-z0-9.-]+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PrivateHost();

    [GeneratedRegex(
        "^[a-z][a-z0-9]+(?:[._-][a-z0-9]+)*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PublicAlias();
}
