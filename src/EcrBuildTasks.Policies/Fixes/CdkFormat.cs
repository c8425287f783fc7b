using System.Text.Json;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A fix for the AWS CDK in C#: one statement, because the app contains the others.</summary>
/// <remarks>https://docs.aws.amazon.com/cdk/api/v2/dotnet/api/Amazon.CDK.AWS.IAM.PolicyStatement.html</remarks>
internal static class CdkFormat
{
    public static string? Render(PolicyFix fix)
    {
        if (fix.Policy is PolicyKind.Repository)
        {
            if (fix.Request.IsPublic)
            {
                return OfPublicRepository(fix);
            }

            // A construct for a repository that another app created accepts the call and does nothing.
            return $"""
                // repository: the construct that creates {fix.Request.RepositoryName}; a construct from Repository.From… ignores this call.
                repository.AddToResourcePolicy({Statement(fix.Statement)});
                """;
        }

        return InlinePolicy.Create(fix) is { } inline
            ? string.Join(
                '\n',
                fix.Also.Prepend(fix.Statement)
                    .Select(statement =>
                        $"{(inline.IsForRole ? "role" : "user")}.AddToPrincipalPolicy({Statement(statement)});"
                    )
            )
            : null;
    }

    /// <summary>For public repositories the CDK has only the CloudFormation resource, whose policy is set as a whole.</summary>
    private static string? OfPublicRepository(PolicyFix fix)
    {
        // The CDK writes a template for CloudFormation.
        if (fix.IsTooLong || CloudFormationFormat.Resolves(fix.ChangedPolicy))
        {
            return null;
        }

        // As a dictionary: a PolicyDocument of the CDK would make every policy one of version 2012-10-17, and drop its Id.
        using var policy = JsonDocument.Parse((fix.ChangedPolicy ?? PolicyDocument.Empty.With(fix.Statement)).ToJson());
        return $"""
            // repository: the CfnPublicRepository that creates {fix.Request.RepositoryName}{(
                fix.ChangedPolicy is null ? "; its current policy is unknown: keep its existing statements" : ""
            )}.
            repository.RepositoryPolicyText = {CSharpExpression.Write(policy.RootElement, indentation: 0)};
            """;
    }

    /// <summary>Any statement as a <c>PolicyStatement</c>, also one that no fix would make.</summary>
    public static string Statement(Statement statement) =>
        $"""
            new PolicyStatement(new PolicyStatementProps
            {"{"}
            {string.Join('\n', statement.Json.EnumerateObject().Select(element => $"    {Property(element)},"))}
            {"}"})
            """;

    private static string Property(JsonProperty element) =>
        element.Name switch
        {
            "Effect" => $"Effect = Effect.{element.Value.GetString()!.ToUpperInvariant()}",
            "Principal" or "NotPrincipal" =>
                $"{element.Name}s = [{string.Join(", ", Principals(element.Value).Select(principal => $"new {principal}"))}]",
            "Action" or "NotAction" or "Resource" or "NotResource" =>
                $"{element.Name}s = [{string.Join(", ", Strings(element.Value).Select(QuotedText.Quote))}]",
            "Condition" => $"Conditions = {CSharpExpression.Write(element.Value, indentation: 4)}",
            _ => $"{element.Name} = {CSharpExpression.Write(element.Value, indentation: 4)}",
        };

    private static IEnumerable<string> Principals(JsonElement principal) =>
        principal.ValueKind is not JsonValueKind.Object
            ? ["StarPrincipal()"]
            : principal
                .EnumerateObject()
                .SelectMany(type => Strings(type.Value).Select(name => Principal(type.Name, QuotedText.Quote(name))));

    private static string Principal(string type, string name) =>
        type switch
        {
            "Service" => $"ServicePrincipal({name})",
            "Federated" => $"FederatedPrincipal({name})",
            "CanonicalUser" => $"CanonicalUserPrincipal({name})",
            _ => $"ArnPrincipal({name})",
        };

    private static IEnumerable<string> Strings(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array
            ? value.EnumerateArray().Select(item => item.GetString()!)
            : [value.GetString()!];
}
