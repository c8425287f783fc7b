using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Tool.Tests.Cases;

/// <summary>The 200 authorization cases with their right answers.</summary>
public static class SampleCases
{
    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "policy-cases.jsonl");

    /// <summary>A case that nobody allows, to be spoilt.</summary>
    public const string Denied =
        """{"id":"a","action":"ecr:PutImage","caller":{"arn":"arn:aws:iam::111111111111:user/ci","account":"111111111111","userId":"AIDACI"},"repository":{"arn":"arn:aws:ecr:eu-west-1:111111111111:repository/app","account":"111111111111"},"repositoryPolicy":null,"identityPolicies":[],"context":{}}""";

    public static IReadOnlyList<string> Lines { get; } = System.IO.File.ReadAllLines(File);

    public static TheoryData<string> Ids() => [.. Lines.Select(line => (string)JsonNode.Parse(line)!["id"]!)];

    public static JsonObject Find(string id) =>
        JsonNode.Parse(Lines.Single(line => line.Contains($"\"{id}\"")))!.AsObject();

    internal static (CaseCount Count, string Text) Answer(byte[] input)
    {
        using var output = new MemoryStream();
        var count = CaseRun.Run(new MemoryStream(input), output, () => new AnswerReport());
        return (count, Encoding.UTF8.GetString(output.ToArray()));
    }

    public static JsonObject AnswerTo(string line) =>
        JsonNode.Parse(Answer(Encoding.UTF8.GetBytes(line)).Text)!.AsObject();
}
