using System.CommandLine;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Settings;
using EcrBuildTasks.Tool.CommandLine;
using Spectre.Console;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr check</c>: the preflight.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var image = new Argument<string?>("IMAGE")
        {
            Description =
                "host/repository:tag, or repository:tag in your own registry; without it, the image of the project in this folder.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var principal = new Option<CallerIdentity?>("--as")
        {
            Description =
                "Check the repository's side for this principal. Exit code 0: the policies of repository and registry allow the push; 2: they do not; 3: that depends on something unknown, in the same account on the principal's identity policies.",
            HelpName = "ARN",
            CustomParser = argument =>
            {
                var arn = argument.Tokens[0].Value;
                if (CallerIdentity.ForPrincipal(arn) is { } known)
                {
                    return known;
                }

                argument.AddError(
                    $"--as: '{arn}' is not the ARN of a user, a role or a session, such as arn:aws:iam::111122223333:role/ci. Wildcards are not allowed."
                );
                return null;
            },
        };
        var policyOnly = new Option<bool>("--policy-only")
        {
            Description = "Read only the repository policy; do not probe each action with AWS.",
        };
        var pushTestImage = new Option<bool>("--push-test-image")
        {
            Description = "Push a tiny image under a tag of its own, then delete it.",
        };
        var report = new Option<FileInfo?>("--report")
        {
            Description =
                "If the push is denied, write a page to this file that asks the owner of the policy for access.",
            HelpName = "FILE",
        };
        var command = new Command(
            "check",
            "Check whether a push will be allowed, which policy decides, and how to fix it."
        )
        {
            image,
            principal,
            policyOnly,
            pushTestImage,
            report,
        };
        foreach (var option in PushOptions.All)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(pushTestImage) && parsed.GetResult(principal) is not null)
            {
                parsed.AddError(
                    "--push-test-image pushes with your identity, and --as checks another principal. Use one of them."
                );
            }

            if (parsed.GetValue(pushTestImage) && parsed.GetValue(PushOptions.CreateRepository))
            {
                parsed.AddError("--push-test-image does not create a repository. Remove --create-repository.");
            }
        });
        return command
            .Does(
                async (invocation, cancellationToken) =>
                {
                    var requests = await RequestsAsync(
                        invocation,
                        invocation.Get(image),
                        invocation.Get(principal),
                        invocation.Get(policyOnly) ? PreflightMode.Policy : PreflightMode.Probe,
                        cancellationToken
                    );
                    var (exitCode, mayBeMissing) = await RunAsync(
                        invocation,
                        requests,
                        invocation.Get(report),
                        cancellationToken
                    );
                    if (!invocation.Get(pushTestImage) || exitCode is not (ExitCode.Done or ExitCode.Undecided))
                    {
                        return exitCode;
                    }

                    if (mayBeMissing)
                    {
                        invocation.Output.Note(
                            "No test image was pushed: it is not known whether the repository exists, and a test does not create one."
                        );
                        return exitCode;
                    }

                    return await PushTestImageAsync(invocation, requests, cancellationToken);
                }
            )
            .WithExamples(
                "dotnet ecr check 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api:1.0.0",
                "dotnet ecr check hello-api --region eu-west-1 --as arn:aws:iam::111122223333:role/ci",
                "dotnet ecr check hello-api:1.4.2 --floating-tags --tag-commit",
                "dotnet ecr check hello-api --push-test-image",
                "dotnet ecr check hello-api --report request.md",
                "dotnet ecr check hello-api --output json | jq -r '.diagnostics[].message'"
            );
    }

    private static async Task<IReadOnlyList<PushRequest>> RequestsAsync(
        Invocation invocation,
        string? image,
        CallerIdentity? principal,
        PreflightMode mode,
        CancellationToken cancellationToken
    )
    {
        var requests = PushOptions.Apply(
            invocation,
            await PushRequests.ReadAsync(invocation, image is null ? [] : [image], cancellationToken)
        );
        return [.. requests.Select(request => request with { Principal = principal, Preflight = mode })];
    }

    private static async Task<int> PushTestImageAsync(
        Invocation invocation,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        var exitCode = ExitCode.Done;
        foreach (var request in requests)
        {
            exitCode = Math.Max(exitCode, await new TestPush(invocation).RunAsync(request, cancellationToken));
        }

        return exitCode;
    }

    /// <returns>How the check ended, and whether a repository is missing.</returns>
    private static async Task<(int ExitCode, bool MayBeMissing)> RunAsync(
        Invocation invocation,
        IReadOnlyList<PushRequest> requests,
        FileInfo? report,
        CancellationToken cancellationToken
    )
    {
        var pipeline = new PushPipeline(invocation.Identities);
        var (existing, missing) = await PushOptions.FindExistingAsync(
            invocation,
            pipeline,
            requests,
            cancellationToken
        );
        var preflights = await Task.WhenAll(
            missing.Select(request => pipeline.PreflightAsync(request, cancellationToken))
        );
        var outcomes = preflights
            .Select(outcome => outcome with { Diagnostics = [.. outcome.Diagnostics.Select(d => d.ForTool())] })
            .ToList();
        if (invocation.Output.IsJson)
        {
            invocation.Output.Write([.. existing.Select(ReportJson.Describe), .. outcomes.Select(ReportJson.Describe)]);
        }

        foreach (var outcome in outcomes)
        {
            Report(outcome, invocation.Output);
        }

        invocation.Output.Reporter.WriteResults();
        if (report is not null)
        {
            WriteRequests(outcomes, report, invocation.Output);
        }

        return (
            outcomes.Select(ExitCode.For).Append(ExitCode.Done).Max(),
            outcomes.Any(outcome => outcome.Report is { Repository.Repository: not Presence.Present })
        );
    }

    private static void WriteRequests(IReadOnlyList<PreflightOutcome> outcomes, FileInfo file, ToolOutput output)
    {
        string[] pages =
        [
            .. outcomes
                .Where(outcome => outcome.Report is { Denied.Count: > 0 })
                .Select(outcome => new AccessRequest(outcome.Report!, outcome.Diagnostics, outcome.Fixes).ToMarkdown()),
        ];
        if (pages.Length == 0)
        {
            output.Note($"{file.Name} was not written, because no access is denied.");
            return;
        }

        try
        {
            File.WriteAllText(file.FullName, string.Join('\n', pages));
            output.Note($"The request to the owner of the policy is in {file.Name}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosedException(
                SettingDiagnosis.NotWritable(file.DirectoryName ?? file.FullName, failure.Message)
            );
        }
    }

    private static void Report(PreflightOutcome outcome, ToolOutput output)
    {
        if (outcome.Report is { } report && !output.IsJson)
        {
            output.Write($"{report.Image}");
            output.Write($"  Caller: {report.CallerWithSource}");
            output.Write(TableOf(report));
        }

        output.Reporter.Report(outcome);
        output.Reporter.ReportVerdict(outcome);
    }

    private static Table TableOf(PreflightReport report)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Action", "Verdict", "Who decides");
        foreach (var verdict in report.Verdicts)
        {
            table.AddRow(
                ToolOutput.Cell(verdict.Action),
                ToolOutput.Cell(PreflightLines.Permitted(verdict), new Style(ColorOf(verdict.Permission))),
                ToolOutput.Cell(PreflightLines.Decider(verdict, report))
            );
        }

        return table;
    }

    private static Color ColorOf(Permission permission) =>
        permission switch
        {
            Permission.Allowed => Palette.Good,
            Permission.Denied => Palette.Bad,
            _ => Palette.Doubtful,
        };
}
