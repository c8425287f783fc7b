using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Finds out before a push whether it will be allowed. The calls go out at once, but for those by which ECR may create a missing
/// repository: they wait for one answer that tells that it is there. A call that fails costs certainty, not the build.
/// </summary>
internal sealed class PushPreflight(
    AwsSession session,
    Func<CancellationToken, Task<EcrAuthorization>> getAuthorization
)
{
    public CallLimit Limit { get; init; } = CallLimit.Standard;

    /// <summary>Actions on the repository that this push needs besides: those of <see cref="PushAction"/> that not every push needs.</summary>
    public IReadOnlyList<string> MoreActions { get; init; } = [];

    /// <summary>Whether to look for a pull through cache that the push goes to.</summary>
    public bool LooksForCache { get; init; }

    /// <param name="registry">The registry; <see langword="null"/> for that of the caller's account.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="mode">How to find out.</param>
    /// <param name="principal">
    /// For whom; <see langword="null"/> for the caller. AWS is not asked for anybody else.
    /// </param>
    /// <exception cref="AwsSessionException">AWS cannot be asked with this identity, or not at all.</exception>
    public async Task<PreflightReport> RunAsync(
        EcrRegistry? registry,
        string repository,
        IReadOnlyList<string> tags,
        PreflightMode mode,
        CallerIdentity? principal,
        CancellationToken cancellationToken
    )
    {
        if (principal is not null)
        {
            return await AnalyzeAsync(principal, registry, repository, tags, cancellationToken);
        }

        // Most of a first call is the compilation of its code, so that not even the beginnings wait for each other.
        var askedCaller = Task.Run(() => AskWhoCallsAsync(Limit, cancellationToken), cancellationToken);
        var askedToken = Task.Run(() => AskForTokenAsync(registry, cancellationToken), cancellationToken);
        using var ecr = session.CreateEcrClient(registry);
        var owner = PublicOwner.AskAsync(ecr, registry, Limit, cancellationToken);
        var lookup = Lookup(ecr, registry, repository);
        var probe =
            mode is PreflightMode.Probe
                ? new PushProbe(new(ecr, registry?.Alias ?? registry?.Account, repository, Limit), ActionsOn(registry))
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
        var asked = probe?.CompleteAsync(presence, cancellationToken) ?? Task.FromResult(NotAsked(registry));
        var created = FindCreationAsync(ecr, registry, repository, presence, cancellationToken);
        var cache = FindCacheAsync(ecr, registry, repository, askedCaller, cancellationToken);
        await Task.WhenAll(askedCaller, askedToken, owner, seen, asked, created, cache);

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

        var caller = identity ?? CallerInDenial.Find(verdicts.Prepend(token));
        if (!isAnswered || (caller is null && registry is null))
        {
            throw AwsProblems.From(noCaller!, session) ?? noCaller!;
        }

        var place = registry?.SeenBy(caller?.Arn ?? "") ?? session.RegistryOf(caller!.Account);
        view = verdicts.Aggregate(view, (known, verdict) => known.SeenAs(verdict.Repository));
        (place, view) = (await owner).Place(place, caller?.Account, verdicts, view);
        var image = new ImageReference(place, repository, tags);
        view = (creation?.Complete(view) ?? view) with { FilledBy = await cache };
        return new()
        {
            Caller = caller ?? CallerIdentity.NotKnown,
            CredentialsSource = session.CredentialsSource,
            Image = image,
            Mode = mode,
            Token = token,
            Actions = caller is null
                ? verdicts
                : [.. verdicts.Select(new PolicyAnalysis(caller, image, view).Complete)],
            Repository = view,
            Aliases = (await owner).Aliases,
            NotSeen = noCaller is null ? view.NotSeen : [$"the caller ({noCaller.Message})", .. view.NotSeen],
        };
    }

    private async Task<PreflightReport> AnalyzeAsync(
        CallerIdentity principal,
        EcrRegistry? registry,
        string repository,
        IReadOnlyList<string> tags,
        CancellationToken cancellationToken
    )
    {
        var asker = registry is { Kind: RegistryKind.Private }
            ? null
            : (await session.GetCallerIdentityAsync(cancellationToken)).Account;
        var place = registry?.SeenBy(principal.Arn) ?? session.RegistryOf(asker!);
        using var ecr = session.CreateEcrClient(place);
        var owner = PublicOwner.AskAsync(ecr, place, Limit, cancellationToken);
        var lookup = Lookup(ecr, place, repository);
        var presence = RepositoryPresence.FirstOf(lookup.Begin(cancellationToken));
        var creation = FindCreationAsync(ecr, place, repository, presence, cancellationToken);
        var view = await lookup.CompleteAsync([], presence, cancellationToken);
        (place, view) = (await owner).Place(place, asker, [], view);
        view = (await creation)?.Complete(view) ?? view;
        var image = new ImageReference(place, repository, tags);
        return new()
        {
            Caller = principal,
            CredentialsSource = session.CredentialsSource,
            IsForAnother = true,
            Image = image,
            Mode = PreflightMode.Policy,
            Token = new(
                PushAction.TokenOf(place.Kind),
                Permission.Unknown,
                "only the principal's own policies grant it, and they are not seen from here"
            ),
            Actions = [.. NotAsked(place).Select(new PolicyAnalysis(principal, image, view).Complete)],
            Repository = view,
            Aliases = (await owner).Aliases,
            NotSeen = [$"the identity policies of {principal.Arn}", .. view.NotSeen],
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
            return (verdict with { Reason = $"AWS answered {code} to {verdict.Action}", RawAnswer = code }, null);
        }
        catch (Exception failure) when (IsFaultOfTheService(failure))
        {
            return (verdict with { Reason = $"AWS did not answer to {verdict.Action}: {failure.Message}" }, failure);
        }
    }

    /// <summary>Whether another call may fare better; with credentials that AWS does not accept, none would.</summary>
    private static bool IsFaultOfTheService(Exception failure) =>
        failure
            is AwsSessionException
                {
                    Problem: AwsProblem.EndpointUnreachable
                        or AwsProblem.Throttled
                        or AwsProblem.ServiceFailed
                        or AwsProblem.AnsweredByOther
                }
                or AmazonServiceException
                or TimeoutException;

    /// <returns><see langword="null"/> where no answer says that the repository is absent, and of a public one.</returns>
    private static async Task<CreationOnPush?> FindCreationAsync(
        EcrClient ecr,
        EcrRegistry? registry,
        string repository,
        Task<Presence> presence,
        CancellationToken cancellationToken
    ) =>
        registry is not { Kind: RegistryKind.Public } && await presence is Presence.Absent
            ? await new CreationTemplateLookup(ecr, registry, repository).RunAsync(cancellationToken)
            : null;

    /// <summary>
    /// Only the caller's own registry can be asked, and only a name in a namespace is worth it. Who calls is known as soon as the second
    /// round of probes goes out, so that nothing waits for this.
    /// </summary>
    private async Task<PullThroughCache?> FindCacheAsync(
        EcrClient ecr,
        EcrRegistry? registry,
        string repository,
        Task<(CallerIdentity? Identity, Exception? Failure)> askedCaller,
        CancellationToken cancellationToken
    )
    {
        if (!LooksForCache || registry is { Kind: RegistryKind.Public } || !repository.Contains('/'))
        {
            return null;
        }

        var caller = (await askedCaller).Identity;
        return caller is null || (registry is not null && registry.Account != caller.Account)
            ? null
            : await new PullThroughCacheLookup(ecr, repository).RunAsync(cancellationToken);
    }

    private RepositoryLookup Lookup(EcrClient ecr, EcrRegistry? registry, string repository) =>
        new(ecr, registry, repository, Limit);

    private IReadOnlyList<string> ActionsOn(EcrRegistry? registry) =>
        [.. PushAction.On(registry?.Kind ?? RegistryKind.Private), .. MoreActions];

    private ActionVerdict[] NotAsked(EcrRegistry? registry) =>
        [.. ActionsOn(registry).Select(action => new ActionVerdict(action, Permission.Unknown, ""))];
}
