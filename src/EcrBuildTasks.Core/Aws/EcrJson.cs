using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Aws;

/// <summary>ECR's JSON 1.1 bodies: camelCase names, absent instead of null, epoch seconds, blobs in base64.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(EpochSecondsConverter), typeof(BlobConverter)]
)]
[JsonSerializable(typeof(BatchCheckLayerAvailabilityRequest))]
[JsonSerializable(typeof(BatchCheckLayerAvailabilityResponse))]
[JsonSerializable(typeof(BatchDeleteImageRequest))]
[JsonSerializable(typeof(BatchDeleteImageResponse))]
[JsonSerializable(typeof(BatchGetImageRequest))]
[JsonSerializable(typeof(BatchGetImageResponse))]
[JsonSerializable(typeof(CompleteLayerUploadRequest))]
[JsonSerializable(typeof(CompleteLayerUploadResponse))]
[JsonSerializable(typeof(CreateRepositoryRequest))]
[JsonSerializable(typeof(CreateRepositoryResponse))]
[JsonSerializable(typeof(DeleteRepositoryRequest))]
[JsonSerializable(typeof(DeleteRepositoryResponse))]
[JsonSerializable(typeof(DeleteRepositoryPolicyRequest))]
[JsonSerializable(typeof(DeleteRepositoryPolicyResponse))]
[JsonSerializable(typeof(DescribeImageScanFindingsRequest))]
[JsonSerializable(typeof(DescribeImageScanFindingsResponse))]
[JsonSerializable(typeof(DescribeImageSigningStatusRequest))]
[JsonSerializable(typeof(DescribeImageSigningStatusResponse))]
[JsonSerializable(typeof(DescribeImagesRequest))]
[JsonSerializable(typeof(DescribeImagesResponse))]
[JsonSerializable(typeof(DescribePullThroughCacheRulesRequest))]
[JsonSerializable(typeof(DescribePullThroughCacheRulesResponse))]
[JsonSerializable(typeof(DescribeRegistriesRequest))]
[JsonSerializable(typeof(DescribeRegistriesResponse))]
[JsonSerializable(typeof(DescribeRepositoriesRequest))]
[JsonSerializable(typeof(DescribeRepositoriesResponse))]
[JsonSerializable(typeof(DescribeRepositoryCreationTemplatesRequest))]
[JsonSerializable(typeof(DescribeRepositoryCreationTemplatesResponse))]
[JsonSerializable(typeof(GetAuthorizationTokenRequest))]
[JsonSerializable(typeof(GetAuthorizationTokenResponse))]
[JsonSerializable(typeof(GetRegistryPolicyRequest))]
[JsonSerializable(typeof(GetRegistryPolicyResponse))]
[JsonSerializable(typeof(GetRepositoryPolicyRequest))]
[JsonSerializable(typeof(GetRepositoryPolicyResponse))]
[JsonSerializable(typeof(GetSigningConfigurationRequest))]
[JsonSerializable(typeof(GetSigningConfigurationResponse))]
[JsonSerializable(typeof(InitiateLayerUploadRequest))]
[JsonSerializable(typeof(InitiateLayerUploadResponse))]
[JsonSerializable(typeof(ListImagesRequest))]
[JsonSerializable(typeof(ListImagesResponse))]
[JsonSerializable(typeof(GetDownloadUrlForLayerRequest))]
[JsonSerializable(typeof(GetDownloadUrlForLayerResponse))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResponse))]
[JsonSerializable(typeof(PutImageRequest))]
[JsonSerializable(typeof(PutImageResponse))]
[JsonSerializable(typeof(PutLifecyclePolicyRequest))]
[JsonSerializable(typeof(PutLifecyclePolicyResponse))]
[JsonSerializable(typeof(SetRepositoryPolicyRequest))]
[JsonSerializable(typeof(SetRepositoryPolicyResponse))]
[JsonSerializable(typeof(UploadLayerPartRequest))]
[JsonSerializable(typeof(UploadLayerPartResponse))]
internal sealed partial class EcrJson : JsonSerializerContext
{
    /// <summary>How a type is written; built when it is first asked for, which costs time.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Default.Options.GetTypeInfo(typeof(T));
}

internal sealed class EpochSecondsConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetDateTime().ToUniversalTime()
            : DateTime.UnixEpoch.AddSeconds(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((value.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
}

/// <summary>ECR answers a list of tokens, ECR Public a single one.</summary>
internal sealed class OneOrSeveralConverter : JsonConverter<List<AuthorizationData>>
{
    public override List<AuthorizationData> Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return [ReadOne(ref reader)];
        }

        var several = new List<AuthorizationData>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            several.Add(ReadOne(ref reader));
        }

        return several;
    }

    public override void Write(Utf8JsonWriter writer, List<AuthorizationData> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var data in value)
        {
            JsonSerializer.Serialize(writer, data, EcrJson.Of<AuthorizationData>());
        }

        writer.WriteEndArray();
    }

    private static AuthorizationData ReadOne(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize(ref reader, EcrJson.Of<AuthorizationData>())
        ?? throw new JsonException("ECR returned null instead of an authorization token.");
}

internal sealed class BlobConverter : JsonConverter<MemoryStream>
{
    public override MemoryStream Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, MemoryStream value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.ToArray());
}
