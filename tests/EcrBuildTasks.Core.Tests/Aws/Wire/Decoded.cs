using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>Compares what was made of an answer, member by member of our model.</summary>
internal static class Decoded
{
    /// <summary>Where the two differ; awscli's members that our model has no use for do not count.</summary>
    public static IEnumerable<string> Differences(object? ours, JsonNode? theirs, string path = "$") =>
        (ours, theirs) switch
        {
            (null, null) => [],
            (DateTime time, JsonValue text) => Same(
                path,
                time.ToString("O", CultureInfo.InvariantCulture),
                DateTimeOffset
                    .Parse(text.ToString(), CultureInfo.InvariantCulture)
                    .UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
            ),
            (string or long or int or bool, JsonValue value) => Same(
                path,
                JsonSerializer.SerializeToNode(ours)!.ToJsonString(),
                value.ToJsonString()
            ),
            (IList list, JsonArray array) when list.Count == array.Count => list.Cast<object?>()
                .SelectMany((item, index) => Differences(item, array[index], $"{path}[{index}]")),
            // ECR Public gives a single one where ECR gives a list.
            (IList { Count: 1 } list, JsonObject single) => Differences(list[0], single, path),
            (not (null or IList or string), JsonObject node) => Members(ours.GetType())
                .SelectMany(member =>
                    Differences(member.GetValue(ours), node[NameOf(member)], $"{path}.{NameOf(member)}")
                ),
            _ => [$"{path}: {JsonSerializer.Serialize(ours)} and {theirs?.ToJsonString() ?? "nothing"}"],
        };

    /// <summary>The members that a type of our model adds to the SDK's.</summary>
    public static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties()
            .Where(member =>
                member.DeclaringType!.Assembly != typeof(AmazonWebServiceResponse).Assembly
                // Younger than awscli 2.9.
                && member.Name != "ImageTagMutabilityExclusionFilters"
            );

    private static string NameOf(PropertyInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
        ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    private static IEnumerable<string> Same(string path, string ours, string theirs) =>
        ours == theirs ? [] : [$"{path}: {ours} and {theirs}"];
}
