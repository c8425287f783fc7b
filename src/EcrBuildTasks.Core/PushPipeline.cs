using System.Diagnostics;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Scans;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>The way of a push: resolve, preflight, push, explain. Nothing that can be expected is thrown.</summary>
/// <param name="identities">The identities and tokens that the steps share.</param>
public sealed class PushPipeline(AwsIdentities identities)
{
    private readonly PushExamination _examination = new(identities);
    private readonly FailedPush _failed = new(identities, new(identities));

    /// <summary>Finds out, before anything is built, whether the push will be allowed, and whether an engine answers if one is needed.</summary>
    public async Task<PreflightOutcome> PreflightAsync(PushRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var engine = Task.Run(() => FindEngineProblemAsync(request, cancellationToken), cancellationToken);
            var target = await PushTarget.ResolveAsync(request, identities, cancellationToken);
            if (request.Preflight is PreflightMode.Off)
            {
                return new(null, await engine, []);
            }

            var report = await _examination.RunAsync(target, request, request.Preflight, cancellationToken);
            report = request.CreateRepository
                ? report
                : await PushExamination.TraceAsync(target, request, report, cancellationToken);
            report = target.FloatingTags is { } floating
                ? await new FloatingTagCheck(target.Session).RunAsync(report, floating, cancellationToken)
                : report;
            // The same image may be pushed again, and one that is built already may be the same.
            var rule = request.Source is null ? request.IfTagExists : (IfTagExists?)null;
            var explained = PreflightDiagnosis.Of(report, rule);
            return new(report, [.. explained.Diagnostics, .. await engine], explained.Fixes)
            {
                Skipped = await ExistingPush.FindSkippedAsync(
                    request,
                    report,
                    () => _examination.AuthorizeAsync(target, renew: false, cancellationToken)
                ),
            };
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is { } diagnostic)
        {
            return new(null, [diagnostic], []);
        }
    }

    /// <summary>The image of a request that has all its tags already, whether or not they could be moved to another.</summary>
    /// <returns><see langword="null"/> if a tag is not there, or if that cannot be seen.</returns>
    public async Task<PushResult?> FindExistingAsync(PushRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var target = await PushTarget.ResolveAsync(request, identities, cancellationToken);
            return await ExistingPush.FindAsync(
                target,
                ofOneImage: false,
                () => _examination.AuthorizeAsync(target, renew: false, cancellationToken),
                cancellationToken
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is, the preflight meets it too, and says it better.
            return null;
        }
    }

    /// <summary>
    /// Pushes one image to the targets of all requests, each under its tags: side by side where the way allows it, and
    /// a target that fails does not stop the others.
    /// </summary>
    /// <param name="requests">One request for each target; image, mode and engine are those of the first.</param>
    /// <param name="progressOf">Gives the observer of a target's push; called once for each, in order.</param>
    /// <returns>The outcomes, in the order of the requests.</returns>
    public async Task<IReadOnlyList<PushOutcome>> PushAsync(
        IReadOnlyList<PushRequest> requests,
        Func<PushRequest, IProgress<PushProgress>> progressOf,
        CancellationToken cancellationToken
    )
    {
        var first = requests[0];
        try
        {
            using var route = await PushRoute.OpenAsync(
                first.Mode,
                EngineOf(first),
                first.Source ?? throw new ArgumentException("There is no image.", nameof(requests)),
                requests.Count,
                cancellationToken
            );
            var outcomes = new List<Task<PushOutcome>>();
            foreach (var request in requests)
            {
                var push = PushAsync(request, route, progressOf(request), cancellationToken);
                outcomes.Add(push);
                if (!route.TakesTargetsAtOnce)
                {
                    await push;
                }
            }

            return await Task.WhenAll(outcomes);
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is { } diagnostic)
        {
            return [.. requests.Select(_ => new PushOutcome(null, [diagnostic], []))];
        }
    }

    /// <summary>Pushes the image of a request under all its tags.</summary>
    private async Task<PushOutcome> PushAsync(
        PushRequest request,
        PushRoute route,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        CallerInquiry? caller = null;
        PushResult? result = null;
        IReadOnlyList<EcrDiagnostic> said = [];
        try
        {
            var started = Stopwatch.GetTimestamp();
            var target = await PushTarget.ResolveAsync(request, identities, cancellationToken);
            caller = new(target.Session, cancellationToken);
            var image = await target.GetImageAsync(cancellationToken);
            var authorization = await _examination.AuthorizeAsync(target, renew: false, cancellationToken);
            if (
                request.IfTagExists is IfTagExists.Skip
                && await ExistingPush.FindSkippedAsync(target.Session, image, cancellationToken) is { } there
            )
            {
                return new(
                    ExistingPush.Result(image, authorization.HostOf(image.Registry), there) with
                    {
                        Caller = await caller.AnswerAsync(),
                        CredentialsSource = target.Session.CredentialsSource,
                    },
                    [],
                    []
                );
            }

            if (request.CreateRepository)
            {
                said = await RepositoryStep.RunAsync(target, image, request.RepositorySettings, cancellationToken);
            }

            var push = Describe(request, target, image, authorization);
            var pushed = await route.Pusher.PushAsync(push, progress, cancellationToken);
            result = new(
                image,
                push.RegistryHost,
                pushed,
                route.Description,
                Stopwatch.GetElapsedTime(started),
                await caller.AnswerAsync(),
                target.Session.CredentialsSource
            );
            if (request.Scan is { } gate)
            {
                var (scan, found) = await ScanStep.RunAsync(
                    target.Session,
                    image,
                    pushed.Digest,
                    gate,
                    cancellationToken
                );
                result = result with { Scan = scan };
                said = found is null ? said : [.. said, found];
                if (found is { Severity: DiagnosticSeverity.Error })
                {
                    return new(result, said, []);
                }
            }

            if (target.FloatingTags is { } floating)
            {
                var moves = await FloatingTagStep.RunAsync(
                    target.Session,
                    image,
                    pushed.Digest,
                    floating,
                    cancellationToken
                );
                result = result with
                {
                    Pushed = pushed with
                    {
                        Tags = [.. pushed.Tags, .. moves.Where(move => move.IsMoved).Select(move => move.Tag)],
                    },
                    FloatingTags = moves,
                    Elapsed = Stopwatch.GetElapsedTime(started),
                };
            }

            return new(result, said, []);
        }
        catch (Exception failure) when (DenialOf(failure) is { } denial)
        {
            var explained = await _failed.ExplainDenialAsync(request, denial, cancellationToken);
            return explained with { Result = result, Diagnostics = [.. said, .. explained.Diagnostics] };
        }
        catch (PushException failure) when (failure.Problem is PushProblem.RepositoryNotFound)
        {
            var missing = await _failed.ExplainMissingAsync(request, failure, cancellationToken);
            return new(null, [.. said, await AskedAsync(caller!, missing)], []);
        }
        catch (PushException failure) when (failure.Problem is PushProblem.TagImmutable)
        {
            if (await _failed.FindSkippedAsync(request, cancellationToken) is { } there)
            {
                return new(there, said, []);
            }

            var stuck = await _failed.ExplainStuckAsync(request, failure, cancellationToken);
            return new(null, [.. said, await AskedAsync(caller!, stuck)], []);
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is { } diagnostic)
        {
            // Whose credentials are of no use is told already.
            if (caller is null || failure is AwsSessionException)
            {
                return new(result, [.. said, diagnostic], []);
            }

            return new(result, [.. said, await AskedAsync(caller, diagnostic)], []);
        }
    }

    private static async Task<EcrDiagnostic> AskedAsync(CallerInquiry caller, EcrDiagnostic diagnostic)
    {
        await caller.AnswerAsync();
        return diagnostic.AskedAs(CallerWords.Of(caller.Session));
    }

    private static string? DenialOf(Exception failure) =>
        failure switch
        {
            PushException { Problem: PushProblem.Denied } push => push.RawMessage ?? push.Message,
            AmazonServiceException { ErrorCode: "AccessDeniedException" } answer => answer.Message,
            _ => null,
        };

    private ImagePush Describe(
        PushRequest request,
        PushTarget target,
        ImageReference image,
        EcrAuthorization authorization
    )
    {
        var credentials = authorization.CredentialsFor(image.Registry);
        var host = credentials.Host;
        var wasAsked = false;
        return new()
        {
            Source = request.Source!,
            RegistryHost = host,
            UsePlainHttp = credentials.UsePlainHttp,
            Repository = image.Registry.PathOf(target.Repository),
            HasTokenService = image.Registry.Kind is RegistryKind.Public,
            Tags = target.Tags,
            MountFrom =
                image.Registry.Kind is RegistryKind.Private
                && (request.BaseImageRegistry == host || request.BaseImageRegistry == image.Registry.Host)
                    ? request.BaseImageRepository
                    : null,
            GetCredentials = async cancellation =>
            {
                var current = await _examination.AuthorizeAsync(target, renew: wasAsked, cancellation);
                wasAsked = true;
                return current.CredentialsAt(host);
            },
        };
    }

    private EngineSearch EngineOf(PushRequest request) => new(request.DockerHost, identities.Environment);

    private async Task<IReadOnlyList<EcrDiagnostic>> FindEngineProblemAsync(
        PushRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!PushRoute.NeedsEngine(request.Mode, request.Source))
        {
            return [];
        }

        try
        {
            using var engine = await DockerEnginePusher.OpenAsync(EngineOf(request), cancellationToken);
            return [];
        }
        catch (PushException failure)
        {
            return [FailureDiagnosis.Of(failure)!];
        }
    }
}
