using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Preflight;

/// <summary>The input of a preflight.</summary>
/// <param name="Registry">The registry; <see langword="null"/> for that of the caller's account.</param>
internal sealed record PreflightRequest(EcrRegistry? Registry, string Repository, IReadOnlyList<string> Tags)
{
    public PreflightMode Mode { get; init; }

    /// <summary>The principal to check; <see langword="null"/> for the caller. For another principal, AWS is not probed.</summary>
    public CallerIdentity? Principal { get; init; }

    /// <summary><see langword="null"/> if no tag floats.</summary>
    public FloatingTags? FloatingTags { get; init; }

    /// <summary>Whether the push waits for the scan of the image.</summary>
    public bool WaitsForScan { get; init; }

    /// <summary>Whether the push creates the repository if it is missing; then no template does.</summary>
    public bool CreatesRepository { get; init; }

    /// <summary>Other regions to search for the repository, most likely first.</summary>
    public IReadOnlyList<string> OtherRegions { get; init; } = [];

    /// <summary>Whether the push has already failed, so that hints for a later push are not needed.</summary>
    public bool IsAfterPush { get; init; }
}

/// <summary>
/// Determines before a push whether it will be allowed, and after one why it was not; changes nothing. The calls run in parallel,
/// except those with which ECR may create a missing repository: they wait until the repository is known to exist. A failed call
/// makes the result less certain, but does not fail the build.
/// </summary>
internal sealed class PushPreflight(
    AwsSession session,
    Func<CancellationToken, Task<EcrAuthorization>> getAuthorization
)
{
    public CallLimit Limit { get; init; } = CallLimit.Standard;

    /// <exception cref="AwsSessionException">AWS cannot be called with this identity, or not at all.</exception>
    public async Task<PreflightReport> RunAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        var report = request.Principal is { } principal
            ? await AnalyzeAsync(request, principal, cancellationToken)
            : await ProbeAsync(request, cancellationToken);
        if (request.CreatesRepository)
        {
            report = report with { CreatesRepository = true };
        }

        if (!request.CreatesRepository || request.IsAfterPush)
        {
            report = await new RepositorySearch(session, request.OtherRegions).RunAsync(report, cancellationToken);
        }

        return request is { FloatingTags: { } floating, IsAfterPush: false }
            ? await new FloatingTagCheck(session) { Limit = Limit }.RunAsync(report, floating, cancellationToken)
            : report;
    }

    private async Task<PreflightReport> ProbeAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        var (registry, repository, tags) = request;
        // Most of a first call is the compilation of its code, so that not even the beginnings wait for each other.
        var askedCaller = Task.Run(() => AskWhoCallsAsync(Limit, cancellationToken), cancellationToken);
        var askedToken = Task.Run(() => AskForTokenAsync(registry, cancellationToken), cancellationToken);
        using var ecr = session.CreateEcrClient(registry);
        var owner = PublicOwner.AskAsync(ecr, registry, Limit, cancellationToken);
        var lookup = Lookup(ecr, registry, repository);
        var probe =
            request.Mode is PreflightMode.Probe
                ? new PushProbe(new(ecr, registry?.Alias ?? registry?.Account, repository, Limit), ActionsOf(request))
                : null;
        IReadOnlyList<Task<Presence>> answers =
        [
            .. lookup.Begin(cancellationToken),
            .. probe?.Begin(cancellationToken) ?? [],
        ];
        var isPublic = registry is { Kind: RegistryKind.Public };
        // ECR Public creates no repository by itself, so that there nothing waits.
        var presence = isPublic ? Task.FromResult(Presence.Present) : RepositoryPresence.FirstOf(answers);
        var seen = lookup.CompleteAsync(isPublic ? [] : tags, presence, cancellationToken);
        var asked = probe?.CompleteAsync(presence, cancellationToken) ?? Task.FromResult(NotAsked(request));
        var created = FindCreationAsync(ecr, request, registry, presence, cancellationToken);
        var cache = request.IsAfterPush
            ? Task.FromResult<PullThroughCache?>(null)
            : FindCacheAsync(ecr, registry, repository, askedCaller, cancellationToken);
        var registryPolicy = FindRegistryPolicyAsync(ecr, registry, askedCaller, cancellationToken);
        var signing = request.IsAfterPush
            ? Task.FromResult<IReadOnlyList<SigningRule>>([])
            : FindSigningRulesAsync(ecr, registry, repository, askedCaller, cancellationToken);
        await Task.WhenAll(askedCaller, askedToken, owner, seen, asked, created, cache, registryPolicy, signing);

        var ((identity, noCaller), (token, noToken), view, verdicts, creation) = (
            await askedCaller,
            await askedToken,
            await seen,
            await asked,
            await created
        );
        var isAnswered =
            identity is not null
            || verdicts.Append(token).Any(verdict => verdict.RawAnswer is not null)
            || view is not { Repository: Presence.NotSeen, Policy: Presence.NotSeen };
        if (identity is null && registry is null && isAnswered && noCaller is TimeoutException)
        {
            // Only that tells whose registry is meant. The question is still on its way, maybe throttled.
            (identity, noCaller) = await AskWhoCallsAsync(new(Limit.Longest * 4), cancellationToken);
        }

        var caller = identity ?? FindCaller(verdicts.Prepend(token));
        if (!isAnswered || (caller is null && registry is null))
        {
            throw AwsProblems.From(noCaller!, session) ?? noCaller!;
        }

        var place = registry?.SeenBy(caller?.Arn ?? "") ?? session.RegistryOf(caller!.Account);
        view = verdicts.Aggregate(view, (known, verdict) => known.SeenAs(verdict.Repository));
        (place, view) = (await owner).Place(place, caller?.Account, verdicts, view);
        var image = new ImageReference(place, repository, tags);
        view = (creation?.Complete(view) ?? view) with
        {
            FilledBy = await cache,
            RegistryPolicy = await registryPolicy,
            SignedBy = await signing,
        };
        view = await ReadTagsAsync(ecr, image, view, cancellationToken);
        return new()
        {
            Caller = caller ?? CallerIdentity.NotKnown,
            CredentialsSource = session.CredentialsSource,
            IgnoredProfile = session.IgnoredProfile,
            Image = image,
            Mode = request.Mode,
            Token = token,
            Actions = caller is null
                ? verdicts
                : [.. verdicts.Select(new PolicyAnalysis(caller, image, view, session.CodeBuildArn).Complete)],
            Repository = view,
            Aliases = (await owner).Aliases,
            NotSeen = noCaller is null ? view.NotSeen : [$"the caller ({noCaller.Message})", .. view.NotSeen],
        };
    }

    private async Task<PreflightReport> AnalyzeAsync(
        PreflightRequest request,
        CallerIdentity principal,
        CancellationToken cancellationToken
    )
    {
        var (registry, repository, tags) = request;
        var asker = registry is { Kind: RegistryKind.Private }
            ? null
            : (await session.GetCallerIdentityAsync(cancellationToken)).Account;
        var place = registry?.SeenBy(principal.Arn) ?? session.RegistryOf(asker!);
        using var ecr = session.CreateEcrClient(place);
        var owner = PublicOwner.AskAsync(ecr, place, Limit, cancellationToken);
        var lookup = Lookup(ecr, place, repository);
        var presence = RepositoryPresence.FirstOf(lookup.Begin(cancellationToken));
        var creation = FindCreationAsync(ecr, request, place, presence, cancellationToken);
        var askedCaller = AskWhoCallsAsync(Limit, cancellationToken);
        var registryPolicy = FindRegistryPolicyAsync(ecr, place, askedCaller, cancellationToken);
        var signing = FindSigningRulesAsync(ecr, place, repository, askedCaller, cancellationToken);
        var view = await lookup.CompleteAsync([], presence, cancellationToken);
        (place, view) = (await owner).Place(place, asker, [], view);
        view = ((await creation)?.Complete(view) ?? view) with
        {
            RegistryPolicy = await registryPolicy,
            SignedBy = await signing,
        };
        var image = new ImageReference(place, repository, tags);
        view = await ReadTagsAsync(ecr, image, view, cancellationToken);
        return new()
        {
            Caller = principal,
            CredentialsSource = session.CredentialsSource,
            IgnoredProfile = session.IgnoredProfile,
            IsForAnother = true,
            Image = image,
            Mode = PreflightMode.Policy,
            Token = new(
                PushAction.TokenOf(place.Kind),
                Permission.Unknown,
                "only the identity policies of the principal can grant it, and they cannot be read from here"
            ),
            Actions = [.. NotAsked(request).Select(new PolicyAnalysis(principal, image, view).CompleteForAnother)],
            Repository = view,
            Aliases = (await owner).Aliases,
            NotSeen = [$"the identity policies of {principal.RoleArn ?? principal.Arn}", .. view.NotSeen],
        };
    }

    private async Task<(CallerIdentity? Identity, Exception? Failure)> AskWhoCallsAsync(
        CallLimit limit,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await limit.RunAsync(session.GetCallerIdentityAsync, cancellationToken), null);
        }
        catch (Exception failure) when (IsFaultOfTheService(failure))
        {
            return (null, failure);
        }
    }

    private async Task<(ActionVerdict Verdict, Exception? Failure)> AskForTokenAsync(
        EcrRegistry? registry,
        CancellationToken cancellationToken
    )
    {
        var action = PushAction.TokenOf(registry?.Kind ?? RegistryKind.Private);
        var verdict = new ActionVerdict(action, Permission.Unknown, "");
        try
        {
            await Limit.RunAsync(getAuthorization, cancellationToken);
            return (verdict with { Permission = Permission.Allowed, RawAnswer = "200" }, null);
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode is "AccessDeniedException" or "AccessDenied")
        {
            return (
                verdict with
                {
                    // A caller who lacks this one has the other: AWS asks for it second.
                    Action =
                        DenialMessage.Find(answer.Message)?.Action is PushAction.GetServiceBearerToken
                            ? PushAction.GetServiceBearerToken
                            : action,
                    Permission = Permission.Denied,
                    Reason = answer.Message,
                    RawAnswer = answer.ErrorCode,
                },
                null
            );
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode is { Length: > 0 } code)
        {
            return (verdict with { Reason = $"AWS returned {code} for {verdict.Action}", RawAnswer = code }, null);
        }
        catch (Exception failure) when (IsFaultOfTheService(failure))
        {
            return (verdict with { Reason = $"AWS did not respond to {verdict.Action}: {failure.Message}" }, failure);
        }
    }

    /// <summary>Whether another call can succeed; with invalid credentials, none can.</summary>
    private static bool IsFaultOfTheService(Exception failure) =>
        failure is AmazonServiceException or TimeoutException
        || failure is AwsSessionException { Code: var code }
            && (
                code == EcrCode.EndpointUnreachable
                || code == EcrCode.Throttled
                || code == EcrCode.RegistryFailed
                || code == EcrCode.AnsweredByOther
            );

    /// <returns><see langword="null"/> unless a response shows that a private repository is missing, and the push does not create it.</returns>
    private static async Task<CreationOnPush?> FindCreationAsync(
        EcrClient ecr,
        PreflightRequest request,
        EcrRegistry? registry,
        Task<Presence> presence,
        CancellationToken cancellationToken
    ) =>
        !request.CreatesRepository && registry is not { Kind: RegistryKind.Public } && await presence is Presence.Absent
            ? await new CreationTemplateLookup(ecr, registry, request.Repository).RunAsync(cancellationToken)
            : null;

    /// <summary>
    /// Only the rules of the caller's own registry can be read, and only names with a namespace are relevant. The caller is known by the
    /// time of the second round of probes, so nothing waits for this.
    /// </summary>
    private static async Task<PullThroughCache?> FindCacheAsync(
        EcrClient ecr,
        EcrRegistry? registry,
        string repository,
        Task<(CallerIdentity? Identity, Exception? Failure)> askedCaller,
        CancellationToken cancellationToken
    ) =>
        repository.Contains('/') && await IsOwnRegistryAsync(registry, askedCaller)
            ? await new PullThroughCacheLookup(ecr, repository).RunAsync(cancellationToken)
            : null;

    /// <summary>
    /// Only the policy of the caller's own registry can be read. The caller is known by the time of the second round of probes, so nothing
    /// waits for this.
    /// </summary>
    private static async Task<RegistryPolicy> FindRegistryPolicyAsync(
        EcrClient ecr,
        EcrRegistry? registry,
        Task<(CallerIdentity? Identity, Exception? Failure)> askedCaller,
        CancellationToken cancellationToken
    ) =>
        await IsOwnRegistryAsync(registry, askedCaller)
            ? await RegistryPolicy.ReadAsync(ecr, cancellationToken)
            : RegistryPolicy.NotSeen;

    private static async Task<IReadOnlyList<SigningRule>> FindSigningRulesAsync(
        EcrClient ecr,
        EcrRegistry? registry,
        string repository,
        Task<(CallerIdentity? Identity, Exception? Failure)> askedCaller,
        CancellationToken cancellationToken
    ) =>
        await IsOwnRegistryAsync(registry, askedCaller)
            ? await ManagedSigning.FindRulesAsync(ecr, repository, cancellationToken)
            : [];

    /// <summary>Whether it is the private registry of the caller's account, whose settings AWS returns to no other.</summary>
    private static async Task<bool> IsOwnRegistryAsync(
        EcrRegistry? registry,
        Task<(CallerIdentity? Identity, Exception? Failure)> askedCaller
    ) =>
        registry is not { Kind: RegistryKind.Public }
        && (await askedCaller).Identity is { } caller
        && (registry is null || registry.Account == caller.Account);

    /// <summary>The view with the tags of the repository, if a policy that was read depends on them.</summary>
    private async Task<RepositoryView> ReadTagsAsync(
        EcrClient ecr,
        ImageReference image,
        RepositoryView view,
        CancellationToken cancellationToken
    )
    {
        if (!ResourceTags.AreIn(view.PolicyDocument) && !ResourceTags.AreIn(view.RegistryPolicy.Document))
        {
            return view;
        }

        try
        {
            var answer = await Limit.RunAsync(
                cancellation => ecr.ListTagsForResourceAsync(new() { ResourceArn = image.RepositoryArn }, cancellation),
                cancellationToken
            );
            return view with
            {
                ResourceTags = (answer.Tags ?? []).ToDictionary(
                    tag => tag.Key ?? "",
                    tag => tag.Value ?? "",
                    StringComparer.OrdinalIgnoreCase
                ),
            };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return view with
            {
                NotSeen =
                [
                    .. view.NotSeen,
                    $"the tags of the repository, on which a policy depends ({RepositoryLookup.WhyNot(failure)})",
                ],
            };
        }
    }

    private RepositoryLookup Lookup(EcrClient ecr, EcrRegistry? registry, string repository) =>
        new(ecr, registry, repository, Limit);

    /// <summary>The actions on the repository that the push needs.</summary>
    private static IReadOnlyList<string> ActionsOf(PreflightRequest request) =>
        [
            .. PushAction.On(request.Registry?.Kind ?? RegistryKind.Private),
            .. request.FloatingTags is { Floating.Count: > 0 } ? [PushAction.ListImages] : Array.Empty<string>(),
            .. request is { WaitsForScan: true, Registry: not { Kind: RegistryKind.Public } }
                ? [PushAction.DescribeImageScanFindings]
                : Array.Empty<string>(),
        ];

    private static ActionVerdict[] NotAsked(PreflightRequest request) =>
        [.. ActionsOf(request).Select(action => new ActionVerdict(action, Permission.Unknown, ""))];

    /// <summary>AWS names the caller in every denial; that helps where <c>sts:GetCallerIdentity</c> cannot be reached.</summary>
    private static CallerIdentity? FindCaller(IEnumerable<ActionVerdict> verdicts) =>
        verdicts
            .Where(verdict => verdict.Permission is Permission.Denied)
            .Select(ReadCaller)
            .FirstOrDefault(c => c is not null);

    private static CallerIdentity? ReadCaller(ActionVerdict denied) =>
        DenialMessage.Find(denied.Reason)?.Principal is { } principal && Arn.Parse(principal) is { } arn
            ? new(principal, arn.Account, "")
            : null;
}
