using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>The private registry of an account in one region.</summary>
/// <param name="Region">The region, such as <c>eu-west-1</c>.</param>
public sealed record EmulatedRegistry(string Region)
{
    /// <summary>The registry policy.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? Policy { get; init; }

    /// <summary>Account settings, such as <c>BLOB_MOUNTING</c> = <c>ENABLED</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The repositories.</summary>
    public IReadOnlyList<EmulatedRepository> Repositories { get; init; } = [];

    /// <summary>The repository creation templates.</summary>
    public IReadOnlyList<EmulatedCreationTemplate> CreationTemplates { get; init; } = [];

    /// <summary>The pull through cache rules. <c>BatchGetImage</c> creates a missing repository that one is for; no image is pulled through.</summary>
    public IReadOnlyList<EmulatedPullThroughCacheRule> PullThroughCacheRules { get; init; } = [];

    /// <summary>The rules by which images are signed when they are pushed.</summary>
    public IReadOnlyList<EmulatedSigningRule> SigningRules { get; init; } = [];

    /// <summary>
    /// Whether a missing repository that a template or rule is for is created before the request is authorized, so that a denied request
    /// leaves it, as one user of ECR reports. Otherwise only an allowed request creates it. AWS documents neither.
    /// </summary>
    public bool CreatesBeforeDenial { get; init; }
}

/// <summary>A repository creation template. <c>InitiateLayerUpload</c>, with which a push begins, creates what one for <c>CREATE_ON_PUSH</c> covers.</summary>
/// <param name="Prefix">The namespace that it is for, or <c>ROOT</c>.</param>
public sealed record EmulatedCreationTemplate(string Prefix)
{
    /// <summary><c>CREATE_ON_PUSH</c>, <c>PULL_THROUGH_CACHE</c>, <c>REPLICATION</c>.</summary>
    public IReadOnlyList<string> AppliedFor { get; init; } = ["CREATE_ON_PUSH"];

    /// <summary><c>MUTABLE</c>, <c>IMMUTABLE</c>, <c>MUTABLE_WITH_EXCLUSION</c> or <c>IMMUTABLE_WITH_EXCLUSION</c>.</summary>
    public string ImageTagMutability { get; init; } = "MUTABLE";

    /// <summary>Wildcard filters for the tags that <see cref="ImageTagMutability"/> excludes.</summary>
    public IReadOnlyList<string> ImageTagMutabilityExclusionFilters { get; init; } = [];

    /// <summary>The policy of the repositories that it creates.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? RepositoryPolicy { get; init; }

    /// <summary>The tags of the repositories that it creates. They require a <see cref="CustomRoleArn"/>: without one, nothing is created.</summary>
    public IReadOnlyDictionary<string, string> ResourceTags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The role with which ECR sets what only a role can.</summary>
    public string? CustomRoleArn { get; init; }

    /// <summary>The template as the API writes it.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["prefix"] = Prefix,
            ["appliedFor"] = new JsonArray([.. AppliedFor.Select(use => JsonValue.Create(use))]),
            ["imageTagMutability"] = ImageTagMutability,
        };
        if (ImageTagMutabilityExclusionFilters.Count > 0)
        {
            json["imageTagMutabilityExclusionFilters"] = new JsonArray([
                .. ImageTagMutabilityExclusionFilters.Select(filter => new JsonObject
                {
                    ["filterType"] = "WILDCARD",
                    ["filter"] = filter,
                }),
            ]);
        }

        if (ResourceTags.Count > 0)
        {
            json["resourceTags"] = new JsonArray([
                .. ResourceTags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value }),
            ]);
        }

        if (RepositoryPolicy is not null)
        {
            json["repositoryPolicy"] = RepositoryPolicy;
        }

        if (CustomRoleArn is not null)
        {
            json["customRoleArn"] = CustomRoleArn;
        }

        return json;
    }
}

/// <summary>A pull through cache rule.</summary>
/// <param name="EcrRepositoryPrefix">The namespace that it is for, or <c>ROOT</c>.</param>
/// <param name="UpstreamRegistryUrl">The other registry's host, such as <c>registry-1.docker.io</c>.</param>
public sealed record EmulatedPullThroughCacheRule(string EcrRepositoryPrefix, string UpstreamRegistryUrl)
{
    /// <summary>The namespace in the other registry; <c>ROOT</c> for none.</summary>
    public string UpstreamRepositoryPrefix { get; init; } = "ROOT";

    /// <summary>The rule as the API writes it.</summary>
    internal JsonObject ToJson() =>
        new()
        {
            ["ecrRepositoryPrefix"] = EcrRepositoryPrefix,
            ["upstreamRegistryUrl"] = UpstreamRegistryUrl,
            ["upstreamRepositoryPrefix"] = UpstreamRepositoryPrefix,
        };
}

/// <summary>A rule of managed signing.</summary>
/// <param name="SigningProfileArn">The profile of AWS Signer.</param>
public sealed record EmulatedSigningRule(string SigningProfileArn)
{
    /// <summary>Wildcard filters for the repositories; empty for all.</summary>
    public IReadOnlyList<string> RepositoryFilters { get; init; } = [];

    /// <summary>The rule as the API writes it.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["signingProfileArn"] = SigningProfileArn };
        if (RepositoryFilters.Count > 0)
        {
            json["repositoryFilters"] = new JsonArray([
                .. RepositoryFilters.Select(filter => new JsonObject
                {
                    ["filter"] = filter,
                    ["filterType"] = "WILDCARD_MATCH",
                }),
            ]);
        }

        return json;
    }
}

/// <summary>The public registry of an account. Anyone can pull from it.</summary>
public sealed record EmulatedPublicRegistry
{
    /// <summary>The aliases, with the one assigned by AWS first; derived from the account if empty.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The repositories. Their tags can always be moved.</summary>
    public IReadOnlyList<EmulatedRepository> Repositories { get; init; } = [];
}

/// <summary>A repository.</summary>
/// <param name="Name">The name, with its namespaces.</param>
public sealed record EmulatedRepository(string Name)
{
    /// <summary>The repository policy. Unlike in <c>SetRepositoryPolicy</c>, its principals need not exist.</summary>
    [JsonConverter(typeof(PolicyTextConverter))]
    public string? Policy { get; init; }

    /// <summary><c>MUTABLE</c>, <c>IMMUTABLE</c>, <c>MUTABLE_WITH_EXCLUSION</c> or <c>IMMUTABLE_WITH_EXCLUSION</c>.</summary>
    public string ImageTagMutability { get; init; } = "MUTABLE";

    /// <summary>Wildcard filters for the tags that <see cref="ImageTagMutability"/> excludes.</summary>
    public IReadOnlyList<string> ImageTagMutabilityExclusionFilters { get; init; } = [];

    /// <summary>What the scans of its images come to; nothing scans them by default.</summary>
    public EmulatedScan? Scan { get; init; }

    /// <summary>The tags of the repository, which conditions read as <c>aws:ResourceTag/…</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
