using System.Text.Json.Nodes;
using EcrBuildTasks.Formats.Tests;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>
/// The files of the samples that describe roles and the repository, read by readers that are not ours, with the values of
/// <see cref="PipelineSample.Values"/>.
/// </summary>
internal static class RoleFiles
{
    public const string Repository = "repository";

    private static readonly Lazy<Task<IReadOnlyDictionary<string, JsonNode>>> Documents = new(ReadAsync);

    private static readonly Lazy<Task<IReadOnlyDictionary<string, CheckedDocument>>> Templates = new(CheckAsync);

    private static readonly IReadOnlyList<(string Sample, string File)> Names =
    [
        .. PipelineSample.All.Select(sample => (sample.Name, "role")),
        (Repository, "repository"),
    ];

    /// <summary>The texts of Terraform's documents by their samples.</summary>
    public static IReadOnlyDictionary<string, string> TerraformTexts { get; } =
        Names.Zip(TextsOf("tf")).ToDictionary(pair => pair.First.Sample, pair => pair.Second);

    /// <summary>Terraform's documents by their samples.</summary>
    public static Task<IReadOnlyDictionary<string, JsonNode>> TerraformAsync() => Documents.Value;

    /// <summary>CloudFormation's templates by their samples.</summary>
    public static Task<IReadOnlyDictionary<string, CheckedDocument>> CloudFormationAsync() => Templates.Value;

    private static async Task<IReadOnlyDictionary<string, JsonNode>> ReadAsync()
    {
        var references = PipelineSample.Values.ToDictionary(value => $"var.{value.Variable}", value => value.Value);
        references["data.aws_caller_identity.current.account_id"] = PipelineSample.PipelineAccount;
        // As AWS's validator has it for AWS::Region.
        references["data.aws_region.current.region"] = "us-east-1";
        var documents = await HclDocuments.ReadAsync(TerraformTexts.Values, references);
        return TerraformTexts.Keys.Zip(documents).ToDictionary(pair => pair.First, pair => pair.Second!);
    }

    private static async Task<IReadOnlyDictionary<string, CheckedDocument>> CheckAsync()
    {
        var templates = await CheckedDocument.CheckAsync(
            TextsOf("yaml").Select(text => ("cloudformation", text)),
            PipelineSample.Values.ToDictionary(value => value.Parameter, value => value.Value)
        );
        return Names.Zip(templates).ToDictionary(pair => pair.First.Sample, pair => pair.Second);
    }

    private static IEnumerable<string> TextsOf(string extension) =>
        Names.Select(name => PipelineSample.Read(name.Sample, $"{name.File}.{extension}"));
}
