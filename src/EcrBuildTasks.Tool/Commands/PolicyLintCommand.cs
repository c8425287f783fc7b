using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Lint;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy lint</c>: mistakes in a policy that AWS accepts.</summary>
internal static class PolicyLintCommand
{
    public static Command Create() =>
        PolicyReadingCommand
            .Create(
                "lint",
                "Find mistakes in a repository policy that AWS accepts. Exit code 0: none; 1: at least one.",
                Print
            )
            .WithExamples(
                "dotnet ecr policy lint 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api",
                "dotnet ecr policy lint --file policy.json",
                "dotnet ecr policy lint 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api --file policy.json --output json"
            );

    private static int Print(PolicySource policy, ToolOutput output)
    {
        IReadOnlyList<EcrDiagnostic> findings = policy.Document is null
            ? []
            :
            [
                .. PolicyLint
                    .Check(
                        policy.Document,
                        new()
                        {
                            OwnerAccount = policy.Owner,
                            Partition = policy.Partition,
                            IsPublic = policy.Kind is RegistryKind.Public,
                        }
                    )
                    .Select(LintDiagnosis.Describe),
            ];
        if (output.IsJson)
        {
            output.Write(new JsonObject { ["policy"] = policy.Name, ["findings"] = ReportJson.Describe(findings) });
        }
        else
        {
            output.Reporter.Report(findings);
            output.Write($"{policy.Name}: {Count(findings.Count)}");
        }

        return findings.Count == 0 ? ExitCode.Done : ExitCode.Error;
    }

    private static string Count(int findings) =>
        findings switch
        {
            0 => "no findings",
            1 => "1 finding",
            _ => $"{findings} findings",
        };
}
