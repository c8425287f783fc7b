using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Explaining;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy show</c>: prints a policy in readable form.</summary>
internal static class PolicyShowCommand
{
    public static Command Create() =>
        PolicyReadingCommand
            .Create("show", "Print a repository policy, statement by statement.", Print)
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
            $"Policy of {policy.Name}: {document.Statements.Count} {(document.Statements.Count == 1 ? "statement" : "statements")}, version {document.Version ?? "2008-10-17 (default)"}"
        );
        for (var index = 0; index < document.Statements.Count; index++)
        {
            var statement = document.Statements[index];
            output.Write("");
            output.Write($"{index + 1}. {statement.Effect}{(statement.Sid is { } sid ? $" ({sid})" : "")}");
            output.Write($"   who:     {PrincipalWords.Describe(statement.Principal)}");
            output.Write($"   actions: {Listed(statement.Action.IsNegated, statement.Action.Patterns)}");
            if (statement.Resource is { } resource)
            {
                output.Write($"   on:      {Listed(resource.IsNegated, resource.Patterns)}");
            }

            WriteConditions(statement, output);
        }

        return ExitCode.Done;
    }

    /// <summary>A missing policy is not an error.</summary>
    public static int Absent(PolicySource policy, ToolOutput output)
    {
        if (output.IsJson)
        {
            output.Write("null");
        }
        else
        {
            output.Write(
                $"{policy.Name} has no repository policy: only principals in its own account can use it, as their identity policies allow."
            );
        }

        return ExitCode.Done;
    }

    private static void WriteConditions(Statement statement, ToolOutput output)
    {
        var label = "when:    ";
        foreach (var condition in statement.Conditions)
        {
            output.Write($"   {label}{ConditionWords.Describe(condition)}");
            label = "and:     ";
        }
    }

    private static string Listed(bool isNegated, IReadOnlyList<string> patterns) =>
        $"{(isNegated ? "all except " : "")}{string.Join(", ", patterns)}";
}
