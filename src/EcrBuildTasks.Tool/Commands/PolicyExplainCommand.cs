using System.CommandLine;
using EcrBuildTasks.Policies.Explaining;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy explain</c>: who can push, and why.</summary>
internal static class PolicyExplainCommand
{
    public static Command Create() =>
        PolicyReadingCommand
            .Create("explain", "Explain who can push under a repository policy, statement by statement.", Print)
            .WithExamples(
                "dotnet ecr policy explain 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api",
                "dotnet ecr policy explain hello-api --output json | jq '.pushers[] | select(.mayPush) | .who'",
                "dotnet ecr policy explain --file policy.json"
            );

    private static int Print(PolicySource policy, ToolOutput output)
    {
        if (policy.Document is not { } document)
        {
            return PolicyShowCommand.Absent(policy, output);
        }

        var explanation = PolicyExplanation.Create(document, policy.Owner, policy.Kind);
        if (output.IsJson)
        {
            output.Write(ExplanationJson.Write(explanation, policy.Owner));
            return ExitCode.Done;
        }

        Section($"Who can push under the policy of {policy.Name}:", ExplanationWords.Pushers(explanation));
        Section("What the statements do:", [.. explanation.Statements.Select(ExplanationWords.Statement)]);
        Section("What this means for accounts:", ExplanationWords.Accounts(explanation, policy.Owner));
        return ExitCode.Done;

        void Section(string title, IReadOnlyList<string> lines)
        {
            output.Write(title);
            foreach (var line in lines)
            {
                output.Write($"  {line}");
            }
        }
    }
}
