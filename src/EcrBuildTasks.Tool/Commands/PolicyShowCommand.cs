using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Explaining;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy show</c>: a policy, readable.</summary>
internal static class PolicyShowCommand
{
    public static Command Create() =>
        PolicyReadingCommand
            .Create("show", "Print a repository's policy, statement by statement.", Print)
            .WithExamples(
                "dotnet ecr policy show 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api",
                "dotnet ecr policy show hello-api --output json > policy.json",
                "dotnet ecr policy show --file policy.json"
            );

    private static int Print(PolicySource policy, ToolOutput output)
    {
        if (policy.Document is not { } document)
        {
            return Absent(policy, output);
        }

        if (output.IsJson)
        {
            output.Write(JsonNode.Parse(document.ToJson())!);
            return ExitCode.Done;
        }

        output.Write(
            $"Policy of {policy.Name}: {document.Statements.Count} {(document.Statements.Count == 1 ? "statement" : "statements")}, version {document.Version ?? "2008-10-17 (none is written)"}"
        );
        for (var index = 0; index < document.Statements.Count; index++)
        {
            var statement = document.Statements[index];
            output.Write("");
            output.Write($"{index + 1}. {statement.Effect}{(statement.Sid is { } sid ? $" ({sid})" : "")}");
            output.Write($"   who:     {PrincipalWords.Of(statement.Principal)}");
            output.Write($"   actions: {Listed(statement.Action.IsNegated, statement.Action.Patterns)}");
            if (statement.Resource is { } resource)
            {
                output.Write($"   on:      {Listed(resource.IsNegated, resource.Patterns)}");
            }

            WriteConditions(statement, output);
        }

        return ExitCode.Done;
    }

    /// <summary>A repository without a policy is nothing wrong.</summary>
    public static int Absent(PolicySource policy, ToolOutput output)
    {
        if (output.IsJson)
        {
            output.Write("null");
        }
        else
        {
            output.Write(
                $"{policy.Name} has no policy: only principals of its own account can use it, by their own policies."
            );
        }

        return ExitCode.Done;
    }

    private static void WriteConditions(Statement statement, ToolOutput output)
    {
        var label = "when:    ";
        foreach (var condition in statement.Conditions)
        {
            output.Write($"   {label}{ConditionWords.Of(condition)}");
            label = "and:     ";
        }
    }

    private static string Listed(bool isNegated, IReadOnlyList<string> patterns) =>
        $"{(isNegated ? "all but " : "")}{string.Join(", ", patterns)}";
}
