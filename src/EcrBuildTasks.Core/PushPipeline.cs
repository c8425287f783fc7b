using System.Diagnostics;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks;

/// <summary>The way of a push: resolve, preflight, push, explain. Nothing that can be expected is thrown.</summary>
/// <param name="identities">The identities and tokens that the steps share.</param>
public sealed class PushPipeline(AwsIdentities identities)
{
    /// <summary>Finds out, before anything is built, whether the push will be allowed, and whether an engine answers if one is needed.</summary>
    public async Task<PreflightOutcome> PreflightAsync(PushRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var engine = Task.Run(() => FindEngineProblemAsync(request, cancellationToken), cancellationToken);
            var target = PushTarget.Resolve(request, identities, cancellationToken);
            if (request.Preflight is PreflightMode.Off)
            {
                return new(null, await engine, []);
            }

            var report = await ExamineAsync(target, request.Preflight, request.Principal, cancellationToken);
            report = request.CreateRepository ? report : await TraceAsync(target, request, report, cancellationToken);
            report = target.FloatingTags is { } floating
                ? await new FloatingTagCheck(target.Session).RunAsync(report, floating, cancellationToken)
                : report;
            report = await CallersRole.FindAsync(report, target.Session, cancellationToken);
            // The same image may be pushed again, and one that is built already may be the same.
            var rule = request.Source is null ? request.IfTagExists : (IfTagExists?)null;
            var explained = PreflightDiagnosis.Of(report, request.CreateRepository, rule);
            return new(report, [.. explained.Diagnostics, .. await engine], explained.Fixes)
            {
                Skipped = await SkippedAsync(request, target, report, cancellationToken),
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
            var target = PushTarget.Resolve(request, identities, cancellationToken);
            var image = await target.GetImageAsync(cancellationToken);
            using var ecr = target.Session.CreateEcrClient(image.Registry);
            var tags = await new TagLookup(ecr, image.Registry, image.Repository).RunAsync(
                image.Tags,
                cancellationToken
            );
            return tags is { Absent.Count: 0 } ? ExistingPush.Result(image, image.Registry.Host, tags) : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is, the preflight meets it too, and says it better.
            return null;
        }
    }

    /// <summary>
    /// Pushes one image to the targets of all requests, each under its tags: side by side where the way allows it, and a target
    /// that fails does not stop the others.
    /// </summary>
    /// <param name="requests">One request for each target; image, mode and engine are those of the first.</param>
    /// <param name="progressOf">Gives the observer of a target's push; called once for each, in order.</param>
    /// <param name="cancellationToken">Stops the pushes.</param>
    /// <returns>The outcomes, in the order of the requests.</returns>
    public async Task<IReadOnlyList<PushOutcome>> PushAsync(
        IReadOnlyList<PushRequest> requests,
        Func<PushRequest, IProgress<PushProgress>> progressOf,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(progressOf);
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
            return [new(null, [diagnostic], [])];
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
            var target = PushTarget.Resolve(request, identities, cancellationToken);
            caller = new(target.Session, cancellationToken);
            var image = await target.GetImageAsync(cancellationToken);
            var authorization = await AuthorizeAsync(target, renew: false, cancellationToken);
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
                said = await CreateRepositoryAsync(target, image, request.RepositorySettings, cancellationToken);
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
                (result, var found) = await ScanStep.RunAsync(target.Session, result, gate, cancellationToken);
                said = found is null ? said : [.. said, found];
                if (found is { Severity: DiagnosticSeverity.Error })
                {
                    return new(result, said, []);
                }
            }

            if (target.FloatingTags is { } floating)
            {
                result = await FloatingTagStep.RunAsync(target.Session, result, floating, cancellationToken);
                result = result with { Elapsed = Stopwatch.GetElapsedTime(started) };
            }

            return new(result, said, []);
        }
        catch (Exception failure) when (DenialOf(failure) is { } denial)
        {
            var explained = await ExplainDenialAsync(request, denial, cancellationToken);
            return explained with { Result = result, Diagnostics = [.. said, .. explained.Diagnostics] };
        }
        catch (PushException failure) when (failure.Problem is PushProblem.RepositoryNotFound)
        {
            return new(null, [.. said, await ExplainMissingAsync(request, failure, cancellationToken)], []);
        }
        catch (PushException failure) when (failure.Problem is PushProblem.TagImmutable)
        {
            return new(null, [.. said, await ExplainStuckAsync(request, failure, cancellationToken)], []);
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is { } diagnostic)
        {
            // Whose credentials are of no use is told already.
            if (caller is null || failure is AwsSessionException)
            {
                return new(result, [.. said, diagnostic], []);
            }

            await caller.AnswerAsync();
            return new(result, [.. said, diagnostic.AskedAs(CallerWords.Of(caller.Session))], []);
        }
    }

    private async Task<PushResult?> SkippedAsync(
        PushRequest request,
        PushTarget target,
        PreflightReport report,
        CancellationToken cancellationToken
    )
    {
        if (
            report.Denied.Count > 0
            // Which tags it will have beside that of its commit is not known yet.
            || request.Tags.Count == 0
            || request.TagsMayChange
            || report.Repository is not { Tags: { } tags, TagMutability: { } mutability }
            || tags.Decide(mutability, request.IfTagExists) is not TagDecision.Skip
        )
        {
            return null;
        }

        var authorization = await AuthorizeAsync(target, renew: false, cancellationToken);
        return ExistingPush.Result(report.Image, authorization.HostOf(report.Image.Registry), tags) with
        {
            Caller = report.Caller,
            CredentialsSource = report.CredentialsSource,
        };
    }

    private static string? DenialOf(Exception failure) =>
        failure switch
        {
            PushException { Problem: PushProblem.Denied } push => push.RawMessage ?? push.Message,
            AmazonServiceException { ErrorCode: "AccessDeniedException" } answer => answer.Message,
            _ => null,
        };

    private Task<PreflightReport> ExamineAsync(
        PushTarget target,
        PreflightMode mode,
        CallerIdentity? principal,
        CancellationToken cancellationToken
    ) =>
        new PushPreflight(target.Session, cancellation => AuthorizeAsync(target, renew: false, cancellation))
        {
            ListsTags = target.FloatingTags is { Floating.Count: > 0 },
        }.RunAsync(target.Registry, target.Repository, target.Tags, mode, principal, cancellationToken);

    /// <summary>An engine loses the registry's reason; the ECR API still has it.</summary>
    private async Task<PushOutcome> ExplainDenialAsync(
        PushRequest request,
        string denial,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var target = PushTarget.Resolve(request, identities, cancellationToken);
            var report = await ExamineAsync(target, PreflightMode.Probe, principal: null, cancellationToken);
            report = await TraceAsync(target, request, report, cancellationToken);
            report = await CallersRole.FindAsync(report, target.Session, cancellationToken);
            var explained = PreflightDiagnosis.OfDeniedPush(report, denial);
            return new(null, explained.Diagnostics, explained.Fixes);
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is { } diagnostic)
        {
            return new(null, [diagnostic], []);
        }
    }

    private async Task<EcrDiagnostic> ExplainMissingAsync(
        PushRequest request,
        PushException missing,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var target = PushTarget.Resolve(request, identities, cancellationToken);
            var report = await ExamineAsync(target, PreflightMode.Policy, principal: null, cancellationToken);
            report = await TraceAsync(target, request, report, cancellationToken);
            return PreflightDiagnosis.OfMissingRepository(report, missing.RawMessage ?? missing.Message)
                ?? FailureDiagnosis.Of(missing)!;
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is not null)
        {
            return FailureDiagnosis.Of(missing)!;
        }
    }

    /// <summary>A tag that exists, though the push did not find it: its image may be archived.</summary>
    private async Task<EcrDiagnostic> ExplainStuckAsync(
        PushRequest request,
        PushException stuck,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var target = PushTarget.Resolve(request, identities, cancellationToken);
            var image = await target.GetImageAsync(cancellationToken);
            using var ecr = target.Session.CreateEcrClient(image.Registry);
            foreach (var tag in image.Tags.Where(tag => stuck.Message.Contains($"'{tag}'", StringComparison.Ordinal)))
            {
                var answer = await ecr.DescribeImagesAsync(
                    new()
                    {
                        RegistryId = image.Registry.Account,
                        RepositoryName = image.Repository,
                        ImageIds = [new() { ImageTag = tag }],
                    },
                    cancellationToken
                );
                if (answer.ImageDetails is [{ ImageStatus: "ARCHIVED" or "ACTIVATING", ImageDigest: { } digest }, ..])
                {
                    return RuleDiagnosis.Archived(image, tag, digest);
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whoever may not look gets ECR's own sentence.
        }

        return FailureDiagnosis.Of(stuck)!;
    }

    /// <summary>
    /// Looks where else a repository may be that is known to be absent, or denied in another account's registry; any other costs
    /// no call.
    /// </summary>
    private static async Task<PreflightReport> TraceAsync(
        PushTarget target,
        PushRequest request,
        PreflightReport report,
        CancellationToken cancellationToken
    )
    {
        if (report.Denied.Count > 0 ? !report.IsCrossAccount : report.Repository.Repository is not Presence.Absent)
        {
            return report;
        }

        string[] regions =
        [
            .. request.Region is { } region ? [region] : Array.Empty<string>(),
            .. target.Session.NamedRegions,
        ];
        var template = new CreationTemplateLookup(target.Session).FindAsync(report, cancellationToken);
        var search = new RepositorySearch(target.Session, regions).RunAsync(report, cancellationToken);
        await Task.WhenAll(template, search);
        return report with { Repository = await search with { CreatedOnPushBy = await template } };
    }

    private Task<EcrAuthorization> AuthorizeAsync(PushTarget target, bool renew, CancellationToken cancellationToken) =>
        identities.GetAuthorizationAsync(target.Identity, target.Registry, renew, cancellationToken);

    private ImagePush Describe(
        PushRequest request,
        PushTarget target,
        ImageReference image,
        EcrAuthorization authorization
    )
    {
        var host = authorization.HostOf(image.Registry);
        var wasAsked = false;
        return new()
        {
            Source = request.Source!,
            RegistryHost = host,
            UsePlainHttp = !EcrRegistry.IsEcrHost(host) && authorization.ProxyEndpoint.Scheme == Uri.UriSchemeHttp,
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
                var current = await AuthorizeAsync(target, renew: wasAsked, cancellation);
                wasAsked = true;
                return new(current.Username, current.Password, current.ExpiresAt);
            },
        };
    }

    /// <returns>What the new repository lacks.</returns>
    private static async Task<IReadOnlyList<EcrDiagnostic>> CreateRepositoryAsync(
        PushTarget target,
        ImageReference image,
        RepositorySettings settings,
        CancellationToken cancellationToken
    )
    {
        using var ecr = target.Session.CreateEcrClient(image.Registry);
        return await target.Session.AskAsync(async () =>
        {
            if (image.Registry is { Kind: RegistryKind.Public, Alias: { } alias })
            {
                var aliases = await CallersAliases.AskAsync(ecr, cancellationToken);
                if (!aliases.Contains(alias))
                {
                    throw new DiagnosedException(PublicDiagnosis.OthersRegistry(image.Registry, aliases));
                }
            }

            var wanted =
                target.FloatingTags is null || settings.TagMutability is not null
                    ? settings
                    : settings with
                    {
                        TagMutability = new(ImageTagMutability.MUTABLE, []),
                    };
            var creation = await RepositoryCreation.RunAsync(
                ecr,
                image.Registry,
                image.Repository,
                wanted,
                cancellationToken
            );
            return creation.Lacking;
        });
    }

    private EngineSearch EngineOf(PushRequest request) => new(request.DockerHost, identities.Environment);

    private async Task<IReadOnlyList<EcrDiagnostic>> FindEngineProblemAsync(
        PushRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.Mode is not PushMode.Engine)
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
