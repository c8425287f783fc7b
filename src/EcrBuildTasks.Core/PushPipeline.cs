using System.Diagnostics;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>
/// A push: resolve, preflight, create the repository, push, scan, move floating tags. Failures that can be expected are returned as
/// diagnostics.
/// </summary>
/// <param name="identities">The identities and tokens that the steps share.</param>
public sealed class PushPipeline(AwsIdentities identities)
{
    /// <summary>Finds out, before anything is built, whether the push will be allowed, and whether an engine answers if one is needed.</summary>
    public async Task<PreflightOutcome> PreflightAsync(PushRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var engine = Task.Run(() => CheckEngineAsync(request, cancellationToken), cancellationToken);
            var target = await OpenAsync(request, cancellationToken);
            if (request.Preflight is PreflightMode.Off)
            {
                return new(null, await engine, []);
            }

            var baseImage = BaseImageCheck.RunAsync(target.Session, request.BaseImage, cancellationToken);
            var report = await target.CreatePreflight().RunAsync(CreateQuestion(request, target), cancellationToken);
            // The same image may be pushed again, and one that is built already may be the same.
            var rule = request.Source is null ? request.IfTagExists : (IfTagExists?)null;
            var explained = PreflightDiagnosis.FromReport(report, rule);
            EcrDiagnostic[] ofBaseImage = await baseImage is { } denied ? [denied] : [];
            return new(report, [.. explained.Diagnostics, .. ofBaseImage, .. await engine], explained.Fixes)
            {
                // Which tags there will be beside that of the commit may not be known yet.
                Skipped =
                    report is { Denied.Count: 0, Repository.Tags: { } tags }
                    && request is { Tags.Count: > 0, TagsMayChange: false }
                    && tags.Decide(request.IfTagExists) is TagDecision.Skip
                        ? await target.SkipAsync(report.Image, tags, report.Caller, cancellationToken)
                        : null,
            };
        }
        catch (Exception failure) when (FailureDiagnosis.Find(failure) is { } diagnostic)
        {
            return new(null, [diagnostic], []);
        }
    }

    /// <summary>The image of a request that has all its tags already, whether or not they could be moved to another.</summary>
    /// <returns><see langword="null"/> if a tag does not exist, or if that cannot be read.</returns>
    public async Task<PushResult?> FindExistingAsync(PushRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var target = await OpenAsync(request, cancellationToken);
            var caller = CallerInquiry.Start(target.Session, cancellationToken);
            var image = await target.GetImageAsync(cancellationToken);
            return await target.FindTagsAsync(image, cancellationToken) is { HasAll: true } tags
                ? await target.SkipAsync(image, tags, await caller.AnswerAsync(), cancellationToken)
                : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The preflight meets it too, and explains it.
            return null;
        }
    }

    /// <summary>
    /// Pushes one image to the targets of all requests, each under its tags: at the same time where the route allows it. A target
    /// that fails does not stop the others.
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
        try
        {
            using var route = await PushRoute.OpenAsync(
                requests[0].Mode,
                FindEngine(requests[0]),
                requests[0].Source ?? throw new ArgumentException("There is no image.", nameof(requests)),
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
        catch (Exception failure) when (FailureDiagnosis.Find(failure) is { } diagnostic)
        {
            return [.. requests.Select(_ => new PushOutcome(null, [diagnostic], []))];
        }
    }

    /// <summary>The push to one target, step by step.</summary>
    private async Task<PushOutcome> PushAsync(
        PushRequest request,
        PushRoute route,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        OpenTarget? target = null;
        PushResult? result = null;
        IReadOnlyList<EcrDiagnostic> warnings = [];
        try
        {
            target = await OpenAsync(request, cancellationToken);
            var caller = CallerInquiry.Start(target.Session, cancellationToken);
            var image = await target.GetImageAsync(cancellationToken);
            var signing = ManagedSigning.IsExpectedAsync(target.Session, image, caller, cancellationToken);
            var authorization = await target.AuthorizeAsync(renew: false, cancellationToken);
            if (
                request.IfTagExists is IfTagExists.Skip
                && image.Registry.Kind is RegistryKind.Private
                && await target.FindTagsAsync(image, cancellationToken) is { } tags
                && tags.Decide(IfTagExists.Skip) is TagDecision.Skip
            )
            {
                return new(await target.SkipAsync(image, tags, await caller.AnswerAsync(), cancellationToken), [], []);
            }

            if (request.CreateRepository)
            {
                warnings = await RepositoryCreation.EnsureAsync(
                    target.Session,
                    image,
                    CreateSettings(request, target),
                    cancellationToken
                );
            }

            var push = CreatePush(request, target, image, authorization.CredentialsFor(image.Registry));
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
                var (scan, finding) = await gate.CheckAsync(target.Session, image, pushed.Digest, cancellationToken);
                result = result with { Scan = scan };
                warnings = finding is null ? warnings : [.. warnings, finding];
                if (finding is { Severity: DiagnosticSeverity.Error })
                {
                    return new(result, warnings, []);
                }
            }

            if (target.Target.FloatingTags is { } floating)
            {
                var moves = await floating.MoveAsync(target.Session, image, pushed.Digest, cancellationToken);
                result = result.WithFloatingTags(moves, Stopwatch.GetElapsedTime(started));
            }

            if (await signing)
            {
                // As late as possible, because ECR signs in the background.
                var failures = await ManagedSigning.FindFailuresAsync(
                    target.Session,
                    image,
                    pushed.Digest,
                    result.Caller,
                    cancellationToken
                );
                warnings = [.. warnings, .. failures];
            }

            return new(result, warnings, []);
        }
        catch (Exception failure) when (FailureDiagnosis.Find(failure) is { } diagnostic)
        {
            return target is null
                ? new(null, [diagnostic], [])
                : await ExplainAsync(failure, request, target, result, warnings, cancellationToken);
        }
    }

    /// <summary>A push that failed: what AWS says about the reason, or that the push was not needed.</summary>
    private static async Task<PushOutcome> ExplainAsync(
        Exception failure,
        PushRequest request,
        OpenTarget target,
        PushResult? result,
        IReadOnlyList<EcrDiagnostic> warnings,
        CancellationToken cancellationToken
    )
    {
        // Nothing more can be asked with these credentials, and the message names their source.
        if (failure is AwsSessionException)
        {
            return new(result, [.. warnings, FailureDiagnosis.Find(failure)!], []);
        }

        var caller = await CallerInquiry.Start(target.Session, cancellationToken).AnswerAsync();
        if (
            failure is PushException refused
            && refused.Code == EcrCode.TagImmutable
            && request.IfTagExists is IfTagExists.Skip
        )
        {
            // The refusal is the first that a caller learns of it who may not read the settings of the repository. Of several images
            // one may be what this push has left.
            try
            {
                var image = await target.GetImageAsync(cancellationToken);
                if (await target.FindTagsAsync(image, cancellationToken) is { HasAll: true, IsOneImage: true } tags)
                {
                    return new(await target.SkipAsync(image, tags, caller, cancellationToken), warnings, []);
                }
            }
            catch (Exception second) when (second is not OperationCanceledException)
            {
                // The refusal is reported.
            }
        }

        var question = CreateQuestion(request, target) with { Principal = null, IsAfterPush = true };
        var explained = await new FailedPush(target.CreatePreflight(), target.Session).ExplainAsync(
            failure,
            question,
            cancellationToken
        );
        return new(
            result,
            [
                .. warnings,
                .. explained.Diagnostics.Select(diagnostic => diagnostic.AskedAs(CallerWords.Describe(target.Session))),
            ],
            explained.Fixes
        )
        {
            Report = explained.Report,
        };
    }

    private Task<OpenTarget> OpenAsync(PushRequest request, CancellationToken cancellationToken) =>
        OpenTarget.OpenAsync(PushTarget.Resolve(request), identities, cancellationToken);

    private static PreflightRequest CreateQuestion(PushRequest request, OpenTarget target) =>
        new(target.Target.Registry, target.Target.Repository, target.Target.Tags)
        {
            Mode = request.Preflight,
            Principal = request.Principal,
            FloatingTags = target.Target.FloatingTags,
            WaitsForScan = request.Scan is not null,
            CreatesRepository = request.CreateRepository,
            OtherRegions =
            [
                .. request.Region is { } region ? [region] : Array.Empty<string>(),
                .. target.Session.NamedRegions,
            ],
        };

    /// <summary>Floating tags have to move in a repository that is created for them.</summary>
    private static RepositorySettings CreateSettings(PushRequest request, OpenTarget target) =>
        target.Target.FloatingTags is not null && request.RepositorySettings.TagMutability is null
            ? request.RepositorySettings with
            {
                TagMutability = new(ImageTagMutability.MUTABLE, []),
            }
            : request.RepositorySettings;

    private static ImagePush CreatePush(
        PushRequest request,
        OpenTarget target,
        ImageReference image,
        RegistryCredentials credentials
    )
    {
        var (registry, host) = (image.Registry, credentials.Host);
        var isRefused = false;
        return new()
        {
            Source = request.Source!,
            RegistryHost = host,
            UsePlainHttp = credentials.UsePlainHttp,
            Repository = registry.PathOf(image.Repository),
            HasTokenService = registry.Kind is RegistryKind.Public,
            Tags = image.Tags,
            MountFrom =
                registry.Kind is RegistryKind.Private
                && (request.BaseImageRegistry == host || request.BaseImageRegistry == registry.Host)
                    ? request.BaseImageRepository
                    : null,
            GetCredentials = async cancellation =>
            {
                var current = await target.AuthorizeAsync(isRefused, cancellation);
                isRefused = true;
                return current.CredentialsAt(host);
            },
        };
    }

    private EngineSearch FindEngine(PushRequest request) => new(request.DockerHost, identities.Environment);

    private async Task<IReadOnlyList<EcrDiagnostic>> CheckEngineAsync(
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
            using var engine = await DockerEnginePusher.OpenAsync(FindEngine(request), cancellationToken);
            return [];
        }
        catch (PushException failure)
        {
            return [FailureDiagnosis.Find(failure)!];
        }
    }
}

/// <summary>The way that an image takes to its registries.</summary>
/// <param name="Pusher">Who pushes.</param>
/// <param name="Description">The way, as the end of a sentence.</param>
/// <param name="TakesTargetsAtOnce">Whether several pushes of the image may run side by side.</param>
internal sealed record PushRoute(IImagePusher Pusher, string Description, bool TakesTargetsAtOnce) : IDisposable
{
    /// <exception cref="PushException">There is no such way: no engine answers.</exception>
    public static async Task<PushRoute> OpenAsync(
        PushMode mode,
        EngineSearch search,
        ImageSource source,
        int targets,
        CancellationToken cancellationToken
    )
    {
        if (!NeedsEngine(mode, source))
        {
            return new(
                new RegistryPusher(search.Environment, search.Host, targets),
                "directly to the registry",
                TakesTargetsAtOnce: true
            );
        }

        var engine = await DockerEnginePusher.OpenAsync(search, cancellationToken);
        return new(engine, $"through the Docker Engine at {engine.Endpoint}", TakesTargetsAtOnce: false);
    }

    /// <summary>Whether an image is pushed by an engine; <paramref name="source"/> is <see langword="null"/> before it is built.</summary>
    public static bool NeedsEngine(PushMode mode, ImageSource? source) =>
        mode is PushMode.Engine || (mode is PushMode.Auto && source is ImageSource.EngineImage);

    public void Dispose() => (Pusher as IDisposable)?.Dispose();
}
