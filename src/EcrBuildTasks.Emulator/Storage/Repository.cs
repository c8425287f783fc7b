using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>A private registry, of one account in one region; or the public one of an account.</summary>
internal sealed class Registry
{
    public const string SigningConfiguration = "signingConfiguration";

    public required string Account { get; init; }

    public required string Region { get; init; }

    public string? Policy { get; set; }

    public Dictionary<string, string> Settings { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What is put and read as a whole, by its name in the API.</summary>
    public Dictionary<string, JsonObject> Configurations { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The repository creation templates as the API writes them.</summary>
    public SortedDictionary<string, JsonObject> TemplatesByPrefix { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The pull through cache rules as the API writes them.</summary>
    public SortedDictionary<string, JsonObject> CacheRulesByPrefix { get; init; } = new(StringComparer.Ordinal);

    public bool CreatesBeforeDenial { get; set; }

    public SortedDictionary<string, Repository> Repositories { get; init; } = new(StringComparer.Ordinal);
}

internal sealed class Repository
{
    public required string Name { get; init; }

    public required string Account { get; init; }

    /// <summary>The region, or <see cref="RepositoryPlace.PublicRegion"/>.</summary>
    public required string Region { get; init; }

    public bool IsPublic => Region == RepositoryPlace.PublicRegion;

    public required string Arn { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Policy { get; set; }

    public string? LifecyclePolicy { get; set; }

    public EmulatedScan? Scan { get; init; }

    public TagMutability TagMutability { get; set; } = new("MUTABLE", []);

    public bool ScanOnPush { get; set; }

    public string EncryptionType { get; init; } = "AES256";

    public string? KmsKey { get; init; }

    public Dictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Sizes of the layers that were pushed or mounted here, by digest.</summary>
    public Dictionary<string, long> Layers { get; init; } = new(StringComparer.Ordinal);

    public Dictionary<string, Image> Images { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The digest that each image tag stands for.</summary>
    public SortedDictionary<string, string> ImageTags { get; init; } = new(StringComparer.Ordinal);

    public IEnumerable<string> TagsOf(string digest) =>
        ImageTags.Where(tag => tag.Value == digest).Select(tag => tag.Key);
}

/// <summary>A manifest or index that was put.</summary>
internal sealed record Image(string Digest, string Manifest, string MediaType, DateTimeOffset PushedAt, long Size)
{
    public string? ArtifactMediaType { get; init; }

    public string? SubjectDigest { get; init; }

    /// <summary>An archived image is described, but neither pulled nor scanned.</summary>
    public bool IsArchived { get; init; }

    /// <summary>How ECR's own signing went, by signing profile.</summary>
    public IReadOnlyList<Signature> Signatures { get; init; } = [];

    /// <summary>The image as a list of referrers describes it.</summary>
    public JsonObject ToDescriptor()
    {
        var descriptor = new JsonObject
        {
            ["mediaType"] = MediaType,
            ["digest"] = Digest,
            ["size"] = Encoding.UTF8.GetByteCount(Manifest),
        };
        if (ArtifactMediaType is { } type)
        {
            descriptor["artifactType"] = type;
        }

        if (JsonNode.Parse(Manifest)!["annotations"] is JsonObject annotations)
        {
            descriptor["annotations"] = annotations.DeepClone();
        }

        return descriptor;
    }
}

/// <param name="Profile">The ARN of the signing profile.</param>
/// <param name="Failure">Why there is no signature; <see langword="null"/> if there is.</param>
internal sealed record Signature(string Profile, string? Failure);
