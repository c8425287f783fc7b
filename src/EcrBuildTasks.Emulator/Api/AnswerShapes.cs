using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>Writes what the API answers of a repository or an image.</summary>
internal static class AnswerShapes
{
    public static JsonNode EpochSeconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    public static JsonObject Describe(Repository repository, string uri)
    {
        var answer = new JsonObject
        {
            ["repositoryArn"] = repository.Arn,
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["repositoryUri"] = uri,
            ["createdAt"] = EpochSeconds(repository.CreatedAt),
        };
        if (!repository.IsPublic)
        {
            answer["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = repository.ScanOnPush };
            answer["encryptionConfiguration"] = Encryption(repository);
            AddMutability(answer, repository.TagMutability);
        }

        return answer;
    }

    public static void AddMutability(JsonObject answer, TagMutability mutability)
    {
        answer["imageTagMutability"] = mutability.Mode;
        if (mutability.ExclusionFilters.Count > 0)
        {
            answer["imageTagMutabilityExclusionFilters"] = new JsonArray([
                .. mutability.ExclusionFilters.Select(filter => new JsonObject
                {
                    ["filterType"] = "WILDCARD",
                    ["filter"] = filter,
                }),
            ]);
        }
    }

    public static JsonObject DescribeImage(Repository repository, Image image)
    {
        var answer = new JsonObject
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["imageDigest"] = image.Digest,
            ["imageSizeInBytes"] = image.Size,
            ["imagePushedAt"] = EpochSeconds(image.PushedAt),
            ["imageManifestMediaType"] = image.MediaType,
            ["imageStatus"] = Status(image),
        };
        var tags = repository.TagsOf(image.Digest).ToList();
        if (tags.Count > 0)
        {
            answer["imageTags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]);
        }

        if (image.ArtifactMediaType is { } artifact)
        {
            answer["artifactMediaType"] = artifact;
        }

        if (image.SubjectDigest is { } subject)
        {
            answer["subjectManifestDigest"] = subject;
        }

        return answer;
    }

    public static string Status(Image image) => image.IsArchived ? "ARCHIVED" : "ACTIVE";

    public static JsonObject ImageId(string? digest, string? tag)
    {
        var id = new JsonObject();
        if (digest is not null)
        {
            id["imageDigest"] = digest;
        }

        if (tag is not null)
        {
            id["imageTag"] = tag;
        }

        return id;
    }

    public static JsonObject ImageWithManifest(Repository repository, Image image, string? tag) =>
        new()
        {
            ["registryId"] = repository.Account,
            ["repositoryName"] = repository.Name,
            ["imageId"] = ImageId(image.Digest, tag),
            ["imageManifest"] = image.Manifest,
            ["imageManifestMediaType"] = image.MediaType,
        };

    private static JsonObject Encryption(Repository repository)
    {
        var encryption = new JsonObject { ["encryptionType"] = repository.EncryptionType };
        if (repository.KmsKey is { } key)
        {
            encryption["kmsKey"] = key;
        }

        return encryption;
    }
}
