using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Assumptions;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr selftest</c>: whether Amazon ECR behaves as the preflight and the push assume.</summary>
internal static partial class SelfTestCommand
{
    private const string AnyAccount = "123456789012";

    private static readonly Option<string?> OtherAccount = new("--other-account")
    {
        Description =
            "Another account, in whose registry a repository that does not exist is looked for; nothing is changed there.",
        HelpName = "ACCOUNT",
    };

    private static readonly Option<bool> HideAccounts = new("--hide-accounts")
    {
        Description = $"Replace account IDs in the report with {AnyAccount}.",
    };

    private static readonly Option<bool> Yes = Confirmation.YesOption();

    public static Command Create()
    {
        var command = new Command(
            "selftest",
            "Check in a temporary repository of your account whether Amazon ECR behaves as the preflight assumes. Exit code 0: all assumptions hold; 1: at least one does not; 3: at least one could not be checked."
        )
        {
            OtherAccount,
            HideAccounts,
            Yes,
        };
        Confirmation.MustBePossible(command, Yes);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(OtherAccount) is { } account && !AccountId().IsMatch(account))
            {
                parsed.AddError($"--other-account: '{account}' is not an account ID of 12 digits.");
            }
        });
        return command
            .Does(RunAsync)
            .WithExamples(
                "dotnet ecr selftest --region eu-west-1",
                "dotnet ecr selftest --yes --hide-accounts > selftest.md",
                "dotnet ecr selftest --yes --output json --other-account 111122223333"
            );
    }

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var output = invocation.Output;
        var (registry, session) = await RepositoryAccess.OpenAsync(
            invocation,
            registry: null,
            invocation.Settings,
            cancellationToken
        );
        var caller = await session.GetCallerIdentityAsync(cancellationToken);
        using var test = new SelfTest(session, registry, invocation.Environment)
        {
            OtherAccount = invocation.Get(OtherAccount),
        };
        var isConfirmed = invocation.Get(Yes);
        foreach (
            var line in new[]
            {
                $"The self-test checks {Assumption.All.Count} assumptions about Amazon ECR, as {caller.Arn}. It will:",
                $"- create the repository {test.Repository} in account {registry.Account}, region {registry.Region};",
                "- deny everyone one action after the other by the policy of this repository, and call each action;",
                "- push small images to this repository;",
                "- delete the repository with its images.",
                $"It changes nothing else, and takes some minutes. If it is killed, this command deletes the repository: {test.DeleteCommand}",
            }
        )
        {
            // Always shown before the confirmation.
            (isConfirmed ? output.Note : (Action<string, Func<string, string>?>)output.WriteError)(line, null);
        }

        if (
            !isConfirmed
            && !await Confirmation.AskAsync(
                $"Create and delete {test.Repository} in account {registry.Account}?",
                cancellationToken
            )
        )
        {
            output.Note("Nothing was created.");
            return ExitCode.Error;
        }

        try
        {
            var results = await test.RunAsync(
                (assumption, observation) => output.Note($"{Word(observation.Holds)}: {assumption.Id}"),
                cancellationToken
            );
            Func<string, string> hide = invocation.Get(HideAccounts)
                ? text => AccountInText().Replace(text, AnyAccount)
                : text => text;
            if (output.IsJson)
            {
                output.Write(Json(results, registry.Region, hide));
            }
            else
            {
                output.WriteDocument(Markdown(results, registry.Region, hide).TrimEnd());
            }

            return results.Any(result => result.Observation.Holds is false) ? ExitCode.Error
                : results.All(result =>
                    result.Observation.Holds is true || result.Observation == Observation.NoOtherAccount
                )
                    ? ExitCode.Done
                : ExitCode.Undecided;
        }
        finally
        {
            if (test.MayRemain)
            {
                output.WriteError($"The repository {test.Repository} could not be deleted. This command deletes it:");
                output.WriteError($"  {test.DeleteCommand}");
            }
        }
    }

    private static JsonObject Json(
        IReadOnlyList<(Assumption Assumption, Observation Observation)> results,
        string region,
        Func<string, string> hide
    ) =>
        new()
        {
            ["region"] = region,
            ["assumptions"] = new JsonArray([
                .. results.Select(result => new JsonObject
                {
                    ["id"] = result.Assumption.Id,
                    ["statement"] = result.Assumption.Statement,
                    ["holds"] = result.Observation.Holds,
                    ["found"] = hide(result.Observation.Found),
                    ["requestId"] = result.Observation.RequestId,
                }),
            ]),
        };

    private static string Markdown(
        IReadOnlyList<(Assumption Assumption, Observation Observation)> results,
        string region,
        Func<string, string> hide
    )
    {
        var text = new StringBuilder();
        text.Append($"# dotnet ecr selftest in {region}\n\n");
        text.Append("| assumption | result | what Amazon ECR did | request ID |\n|---|---|---|---|\n");
        foreach (var (assumption, observation) in results)
        {
            text.Append(
                $"| {assumption.Id}: {AccessRequest.Markdown(assumption.Statement)} | {(observation.Holds is false ? $"**{Word(false)}**" : Word(observation.Holds))} | {AccessRequest.Markdown(hide(observation.Found))} | {AccessRequest.Markdown(observation.RequestId ?? "")} |\n"
            );
        }

        return text.ToString();
    }

    private static string Word(bool? holds) =>
        holds switch
        {
            true => "holds",
            false => "does not hold",
            null => "not checked",
        };

    [GeneratedRegex("^[0-9]{12}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccountId();

    // Not the end of a UUID or a part of a digest.
    [GeneratedRegex("(?<![0-9A-Za-z-])[0-9]{12}(?![0-9A-Za-z-])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccountInText();
}
