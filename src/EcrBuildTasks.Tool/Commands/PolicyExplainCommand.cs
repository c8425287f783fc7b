using System.CommandLine;
using EcrBuildTasks.Policies.Explaining;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy explain</c>: who may push, and why.</summary>
internal static class PolicyExplainCommand
{
    public static Command Create() =>
        PolicyReadingCommand
            .Create("explain", "Say who may push by a repository's policy, and what each statement does to it.", Print)
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

        var explanation = PolicyExplanation.Of(document, policy.Owner, policy.Kind);
        if (output.IsJson)
        {
            output.Write(ExplanationJson.Of(explanation, policy.Owner));
            return ExitCode.Done;
        }

        Section($"Who may push by the policy of {policy.Name}:", ExplanationWords.Pushers(explanation));
        Section("What the statements do:", [.. explanation.Statements.Select(ExplanationWords.Statement)]);
        Section("What that means for accounts:", ExplanationWords.Accounts(explanation, policy.Owner));
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
