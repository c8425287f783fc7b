using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr push</c>: what <c>dotnet publish /t:PushToEcr</c> does with an image that is there already.</summary>
internal static class PushCommand
{
    private static readonly Argument<string> Source = new("SOURCE")
    {
        Description =
            "The image: an archive, the folder of an OCI layout (path:name for one of several), or an image of the engine.",
    };

    private static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description = "Where to, one or several: host/repository:tag, or repository:tag in your own registry.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<PushMode> Mode = Choice.Of<PushMode>(
        "--mode",
        "Through an engine, straight to the registry, or whichever is there."
    );

    private static readonly Option<string?> DockerHost = new("--docker-host")
    {
        Description = "The engine, in the form of DOCKER_HOST.",
        HelpName = "URL",
    };

    private static readonly Option<bool> FloatingTags = new("--floating-tags")
    {
        Description = "Move 1.4, 1 and latest as well if a tag is a version such as 1.4.2, but never back.",
    };

    private static readonly Option<bool> TagCommit = new("--tag-commit")
    {
        Description = "Push under a tag of the commit too: that of the CI system, else of git in this folder.",
    };

    private static readonly Option<bool> TagBranch = new("--tag-branch")
    {
        Description = "Push under a tag of the branch too: that of the CI system, else of git in this folder.",
    };

    private static readonly Option<bool> CreateRepository = new("--create-repository")
    {
        Description = "Create the repository if it is missing.",
    };

    private static readonly Option<bool> SkipIfExists = new("--skip-if-exists")
    {
        Description = "Push nothing where every tag is there already, whatever it points to.",
    };

    private static readonly Option<string?> FailOnSeverity = new("--fail-on-severity")
    {
        Description =
            "Wait for the image's scan after the push, and fail if it finds something as grave: INFORMATIONAL, LOW, MEDIUM, HIGH or CRITICAL.",
        HelpName = "SEVERITY",
    };

    private static readonly Option<string?> ScanTimeout = new("--scan-timeout")
    {
        Description = "How many seconds to wait for the scan; 300 unless you say otherwise.",
        HelpName = "SECONDS",
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
        return new Command("push", "Push an image, under several tags and to several registries if you like.")
        {
            Source,
            Images,
            Mode,
            DockerHost,
            FloatingTags,
            TagCommit,
            TagBranch,
            CreateRepository,
            SkipIfExists,
            FailOnSeverity,
            ScanTimeout,
            NoPreflight,
            DigestFile,
        }
            .Does(RunAsync)
            .WithExamples(
                "dotnet ecr push hello-api:dev 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api:1.0.0",
                "dotnet ecr push image.tar.gz hello-api:1.0.0 hello-api:latest --region eu-west-1",
                "dotnet ecr push ./layout hello-api:1.0.0 --mode registry --digest-file digest.txt",
                "dotnet ecr push hello-api:dev hello-api:1.4.2 --floating-tags --tag-commit"
            );
    }

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var scan = new ScanOptions(invocation.Get(FailOnSeverity), invocation.Get(ScanTimeout)).Read();
        var source = ImageSource.Parse(invocation.Get(Source)!);
        IReadOnlyList<PushRequest> requests =
        [
            .. (await PushRequests.OfAsync(invocation, invocation.Get(Images) ?? [], cancellationToken)).Select(
                request =>
                    request with
                    {
                        Source = source,
                        SourceTags = [.. request.SourceTags.Union(SourceTagsOf(invocation), StringComparer.Ordinal)],
                        FloatingTags = request.FloatingTags || invocation.Get(FloatingTags),
                        Mode = invocation.Get(Mode),
                        DockerHost = invocation.Get(DockerHost),
                        CreateRepository = invocation.Get(CreateRepository),
                        Scan = scan,
                        Preflight = invocation.Get(NoPreflight) ? PreflightMode.Off : PreflightMode.Probe,
                    }
            ),
        ];
        var pipeline = new PushPipeline(invocation.Identities);
        if (invocation.Get(SkipIfExists))
        {
            requests = await AbsentAsync(pipeline, requests, invocation, cancellationToken);
        }

        var preflights = await Task.WhenAll(
            requests.Select(request => pipeline.PreflightAsync(request, cancellationToken))
        );
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
        invocation.Output.Report(outcomes.SelectMany(outcome => outcome.Diagnostics));
        IReadOnlyList<PushResult> results = [.. outcomes.Select(outcome => outcome.Result).OfType<PushResult>()];
        await TellAsync(results, invocation);
        invocation.Output.Tell(
            results,
            [.. outcomes.SelectMany(outcome => outcome.Diagnostics)],
            [.. outcomes.SelectMany(outcome => outcome.Fixes)]
        );
        return outcomes.Select(outcome => ExitCode.Of(outcome.Diagnostics)).Append(ExitCode.Done).Max();
    }

    private static IReadOnlyList<string> SourceTagsOf(Invocation invocation) =>
        PushRequests.SourceTags(invocation, invocation.Get(TagCommit), invocation.Get(TagBranch));

    private static async Task<IReadOnlyList<PushRequest>> AbsentAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        Invocation invocation,
        CancellationToken cancellationToken
    )
    {
        var absent = new List<PushRequest>();
        foreach (var request in requests)
        {
            if (await pipeline.FindExistingAsync(request, cancellationToken) is { } there)
            {
                invocation.Output.Note(
                    $"Nothing to push: {request.Repository}:{string.Join(", ", there.Pushed.Tags)} is there already."
                );
            }
            else
            {
                absent.Add(request);
            }
        }

        return absent;
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

            invocation.Output.Note($"  {ProgressLines.Caller(result)}");
            invocation.Output.Note($"  {ProgressLines.Totals(result)}");
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
