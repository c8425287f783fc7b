using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Scans;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr push</c>: what <c>dotnet publish /t:PushToEcr</c> does with an image that is there already.</summary>
internal static class PushCommand
{
    private static readonly Argument<string> Source = new("SOURCE")
    {
        Description =
            "The image: an archive, the folder of an OCI layout (path:name for one of several), or an image of the engine. Without IMAGE, host/repository:tag of an ECR registry is also the target, as with docker push.",
    };

    private static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description =
            "One or more targets: host/repository:tag, or repository:tag in your own registry; without it, the image of the project in this folder.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> ScanTimeout = new("--scan-timeout")
    {
        Description = "How many seconds to wait for the scan; 300 by default.",
        HelpName = "SECONDS",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (ScanOptions.Seconds(text) is { } seconds)
            {
                return seconds;
            }

            argument.AddError(
                $"--scan-timeout: '{text}' is not a number of seconds from 1 to {ScanOptions.LongestTimeout}."
            );
            return null;
        },
    };

    private static readonly Option<bool> NoPreflight = new("--no-preflight")
    {
        Description = "Push without a preflight.",
    };

    private static readonly Option<FileInfo?> DigestFile = new("--digest-file")
    {
        Description = "Write the pushed digest to this file.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        // Before anything is pushed, not after.
        DigestFile.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<FileInfo?>() is { Directory.Exists: false } file)
            {
                option.AddError($"--digest-file: the folder {file.DirectoryName} does not exist.");
            }
        });
        var command = new Command("push", "Push an image, under one or more tags, to one or more registries.")
        {
            Source,
            Images,
        };
        foreach (var option in PushOptions.All.Concat([ScanTimeout, NoPreflight, DigestFile]))
        {
            command.Options.Add(option);
        }

        command.Validators.Add(parsed =>
        {
            // Without an image, the project may say what to wait for.
            if (
                parsed.GetResult(ScanTimeout) is not null
                && parsed.GetResult(PushOptions.FailOnSeverity) is null
                && parsed.GetValue(Images) is { Length: > 0 }
            )
            {
                parsed.AddError("--scan-timeout has no effect without --fail-on-severity, which waits for the scan.");
            }
        });
        return command
            .Does(RunAsync)
            .WithExamples(
                "dotnet ecr push 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api:1.0.0",
                "dotnet ecr push hello-api:dev 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api:1.0.0",
                "dotnet ecr push image.tar.gz hello-api:1.0.0 hello-api:latest --region eu-west-1",
                "dotnet ecr push ./layout hello-api:1.0.0 --mode registry --digest-file digest.txt",
                "dotnet ecr push hello-api:dev hello-api:1.4.2 --floating-tags --tag-commit"
            );
    }

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var arguments = PushArguments.Read(invocation.Get(Source)!, invocation.Get(Images) ?? []);
        var preflight = invocation.Get(NoPreflight) ? PreflightMode.Off : PreflightMode.Probe;
        IReadOnlyList<PushRequest> requests =
        [
            .. PushOptions
                .Apply(
                    invocation,
                    await PushRequests.ReadAsync(invocation, arguments.Images, cancellationToken),
                    invocation.Get(ScanTimeout)
                )
                .Select(request => request with { Source = arguments.Source, Preflight = preflight }),
        ];
        arguments.Check(requests);
        var pipeline = new PushPipeline(invocation.Identities);
        var (existing, missing) = await PushOptions.FindExistingAsync(
            invocation,
            pipeline,
            requests,
            cancellationToken
        );
        var isInProject = ProjectProperties.FilesIn(Directory.GetCurrentDirectory()).Count == 1;
        var preflights = await Task.WhenAll(
            missing.Select(request => pipeline.PreflightAsync(request, cancellationToken))
        );
        IReadOnlyList<PreflightOutcome> explained =
        [
            .. preflights.Select(outcome => outcome with { Diagnostics = Explain(outcome.Diagnostics) }),
        ];
        foreach (var outcome in explained)
        {
            invocation.Output.Reporter.Report(outcome);
        }

        if (preflights.Any(preflight => !preflight.Succeeded))
        {
            if (invocation.Output.IsJson)
            {
                invocation.Output.Write([.. explained.Select(ReportJson.Describe)]);
            }

            return preflights.Select(preflight => ExitCode.For(preflight.Diagnostics)).Max();
        }

        var outcomes = missing.Count == 0 ? [] : await PushAsync(pipeline, missing, invocation, cancellationToken);
        foreach (var outcome in outcomes)
        {
            invocation.Output.Reporter.Report(outcome with { Diagnostics = Explain(outcome.Diagnostics) });
        }

        invocation.Output.Reporter.WriteResults();
        IReadOnlyList<PushResult> results =
        [
            .. existing.Concat(outcomes.Select(outcome => outcome.Result).OfType<PushResult>()),
        ];
        if (invocation.Output.IsJson)
        {
            invocation.Output.Write([
                .. results.Select(ReportJson.Describe),
                .. outcomes
                    .Where(outcome => outcome.Result is null)
                    .Select(outcome => new JsonObject
                    {
                        ["diagnostics"] = ReportJson.Describe(Explain(outcome.Diagnostics)),
                    }),
            ]);
        }

        if (invocation.Get(DigestFile) is { } file && results is [var first, ..])
        {
            await WriteDigestAsync(first.Pushed.Digest, file);
        }

        return outcomes.Select(outcome => ExitCode.For(outcome.Diagnostics)).Append(ExitCode.Done).Max();

        IReadOnlyList<EcrDiagnostic> Explain(IReadOnlyList<EcrDiagnostic> diagnostics) =>
            [.. arguments.Explain(diagnostics, requests[0], isInProject).Select(diagnostic => diagnostic.ForTool())];
    }

    private static Task<IReadOnlyList<PushOutcome>> PushAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        Invocation invocation,
        CancellationToken cancellationToken
    ) =>
        invocation.Output.IsLive
            ? LiveProgress.RunAsync(
                invocation.Output.Messages,
                bars =>
                    pipeline.PushAsync(
                        requests,
                        request => bars.Observe(request.NameAmong(requests)),
                        cancellationToken
                    )
            )
            : pipeline.PushAsync(
                requests,
                request => new ProgressLines(
                    line => invocation.Output.Note(line),
                    line => invocation.Output.Note(line),
                    request.NameAmong(requests),
                    TimeProvider.System
                ),
                cancellationToken
            );

    private static async Task WriteDigestAsync(string digest, FileInfo file)
    {
        try
        {
            await File.WriteAllTextAsync(file.FullName, digest + "\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.PropertyValueInvalid,
                    $"The image is pushed, but its digest {digest} cannot be written to --digest-file: {failure.Message}"
                )
            );
        }
    }
}
