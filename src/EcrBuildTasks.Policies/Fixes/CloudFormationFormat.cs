using System.Text.Json;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A fix for AWS CloudFormation.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecr-repository.html</remarks>
internal static class CloudFormationFormat
{
    public static string? Render(PolicyFix fix)
    {
        if (fix.Policy is PolicyKind.Identity)
        {
            return InlinePolicy.Create(fix) is { } inline ? OfInline(fix, inline) : null;
        }

        var repository = fix.Request.RepositoryName;
        var type = fix.Request.IsPublic ? "PublicRepository" : "Repository";
        return fix switch
        {
            { IsTooLong: true } => null,
            { ChangedPolicy: { } whole } when Resolves(whole) => null,
            { ChangedPolicy: { } whole } => $"""
                Resources:
                  {SidWord.Create(repository)}:
                    Type: AWS::ECR::{type}
                    Properties:
                      RepositoryName: {YamlBlock.Quote(repository)}
                      RepositoryPolicyText:
                {YamlBlock.Write(JsonElement.Parse(whole.ToJson()), indentation: 8)}
                """,
            _ => $"""
                # The current policy of {repository} is unknown: add the statement to those in its template.
                Resources:
                  {SidWord.Create(repository)}:
                    Type: AWS::ECR::{type}
                    Properties:
                      RepositoryName: {YamlBlock.Quote(repository)}
                      RepositoryPolicyText:
                {YamlBlock.Write(JsonElement.Parse(PolicyDocument.Empty.With(fix.Statement).ToJson()), indentation: 8)}
                """,
        };
    }

    /// <summary>
    /// Whether CloudFormation would replace a part of the policy: a dynamic reference, such as to a secret, or an intrinsic function.
    /// Neither can be escaped.
    /// </summary>
    internal static bool Resolves(PolicyDocument? policy) =>
        policy is not null && Resolves(JsonElement.Parse(policy.ToJson()));

    private static bool Resolves(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject()
                .Any(member =>
                    member.Name is "Ref"
                    || member.Name.StartsWith("Fn::", StringComparison.Ordinal)
                    || IsDynamicReference(member.Name)
                    || Resolves(member.Value)
                ),
            JsonValueKind.Array => json.EnumerateArray().Any(Resolves),
            JsonValueKind.String => IsDynamicReference(json.GetString()!),
            _ => false,
        };

    private static bool IsDynamicReference(string text) => text.Contains("{{resolve:", StringComparison.Ordinal);

    private static string OfInline(PolicyFix fix, InlinePolicy inline)
    {
        var holder = inline.IsForRole ? "Role" : "User";
        return $"""
            Resources:
              {SidWord.Create(fix.Statement.Sid!)}:
                Type: AWS::IAM::{holder}Policy
                Properties:
                  PolicyName: {YamlBlock.Quote(inline.Name)}
                  {holder}Name: {YamlBlock.Quote(inline.Holder)}
                  PolicyDocument:
            {YamlBlock.Write(JsonElement.Parse(inline.Policy.ToJson()), indentation: 8)}
            """;
    }
}
