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
            "The image: an archive, the folder of an OCI layout (path:name for one of several), or an image of the engine. Alone, host/repository:tag of an ECR registry is the target too, as with docker push.",
    };

    private static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description =
            "Where to, one or several: host/repository:tag, or repository:tag in your own registry; without it, what the project here says.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> ScanTimeout = new("--scan-timeout")
    {
        Description = "How many seconds to wait for the scan; 300 unless you say otherwise.",
        HelpName = "SECONDS",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (ScanOptions.Seconds(text) is { } seconds)
            {
                return seconds;
            }

            argument.AddError(
                $"--scan-timeout: '{text}' is no number of seconds from 1 to {ScanOptions.LongestTimeout}."
            );
            return null;
        },
    };

    private static readonly Option<bool> NoPreflight = new("--no-preflight")
    {
        Description = "Do not ask first whether the push will be allowed.",
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
                option.AddError($"--digest-file: there is no folder {file.DirectoryName}.");
            }
        });
        var command = new Command("push", "Push an image, under several tags and to several registries if you like.")
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
                    await PushRequests.OfAsync(invocation, arguments.Images, cancellationToken),
                    invocation.Get(ScanTimeout)
                )
                .Select(request => request with { Source = arguments.Source, Preflight = preflight }),
        ];
        arguments.Check(requests);
        var pipeline = new PushPipeline(invocation.Identities);
        var there = await ExistingImages.FindAsync(invocation, pipeline, requests, cancellationToken);
        requests = [.. requests.Zip(there).Where(pair => pair.Second is null).Select(pair => pair.First)];
        var isInProject = ProjectProperties.FilesIn(Directory.GetCurrentDirectory()).Count == 1;
        IReadOnlyList<PreflightOutcome> preflights =
        [
            .. (
                await Task.WhenAll(requests.Select(request => pipeline.PreflightAsync(request, cancellationToken)))
            ).Select(outcome =>
                outcome with
                {
                    Diagnostics = arguments.Explain(outcome.Diagnostics, requests[0], isInProject),
                }
            ),
        ];
        invocation.Output.Report(preflights.SelectMany(preflight => preflight.Diagnostics));
        invocation.Output.Tell(
            [],
            [.. preflights.SelectMany(preflight => preflight.Diagnostics)],
            [.. preflights.SelectMany(preflight => preflight.Fixes)]
        );
        if (preflights.Any(preflight => !preflight.Succeeded))
        {
            return preflights.Select(preflight => ExitCode.Of(preflight.Diagnostics)).Max();
        }

        var outcomes = requests.Count == 0 ? [] : await PushAsync(pipeline, requests, invocation, cancellationToken);
        outcomes =
        [
            .. outcomes.Select(outcome =>
                outcome with
                {
                    Diagnostics = arguments.Explain(outcome.Diagnostics, requests[0], isInProject),
                }
            ),
        ];
        invocation.Output.Report(outcomes.SelectMany(outcome => outcome.Diagnostics));
        IReadOnlyList<PushResult> results =
        [
            .. there.Concat(outcomes.Select(outcome => outcome.Result)).OfType<PushResult>(),
        ];
        await TellAsync(results, invocation);
        invocation.Output.Tell(
            results,
            [.. outcomes.SelectMany(outcome => outcome.Diagnostics)],
            [.. outcomes.SelectMany(outcome => outcome.Fixes)]
        );
        return outcomes.Select(outcome => ExitCode.Of(outcome.Diagnostics)).Append(ExitCode.Done).Max();
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
                        request => bars.Of(TargetName.Of(request, requests)),
                        cancellationToken
                    )
            )
            : pipeline.PushAsync(
                requests,
                request => new ProgressLines(
                    invocation.Output.Note,
                    TargetName.Of(request, requests),
                    TimeProvider.System
                ),
                cancellationToken
            );

    private static async Task TellAsync(IReadOnlyList<PushResult> results, Invocation invocation)
    {
        if (invocation.Output.IsJson)
        {
            JsonNode[] pushed = [.. results.Select(ResultJson.Of)];
            invocation.Output.Write(pushed is [var only] ? only : new JsonArray(pushed));
        }

        foreach (var result in results)
        {
            foreach (var tag in result.Pushed.Tags.Where(_ => !invocation.Output.IsJson))
            {
                invocation.Output.Write($"{result.UriOf(tag)}@{result.Pushed.Digest}");
            }

            foreach (var line in FloatingTagLines.Of(result))
            {
                invocation.Output.Note(line);
            }

            if (!result.IsSkipped)
            {
                invocation.Output.Note($"  {ProgressLines.Caller(result)}");
                invocation.Output.Note($"  {ProgressLines.Totals(result)}");
            }
        }

        if (invocation.Get(DigestFile) is { } file && results is [var first, ..])
        {
            try
            {
                await File.WriteAllTextAsync(file.FullName, first.Pushed.Digest + Environment.NewLine);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new DiagnosedException(
                    EcrDiagnostic.Error(
                        EcrCode.PropertyValueInvalid,
                        $"The image is pushed, but its digest {first.Pushed.Digest} cannot be written to --digest-file: {failure.Message}"
                    )
                );
            }
        }
    }
}
