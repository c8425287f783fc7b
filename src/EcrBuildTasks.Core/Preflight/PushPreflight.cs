using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Finds out before a push whether it will be allowed. All calls go out at once, and none waits for the answer of another;
/// one that fails costs certainty, not the build.
/// </summary>
internal sealed class PushPreflight(
    AwsSession session,
    Func<CancellationToken, Task<EcrAuthorization>> getAuthorization
)
{
    public CallLimit Limit { get; init; } = CallLimit.Standard;

    /// <summary>The actions on the repository that the push needs.</summary>
    public IReadOnlyList<string> Actions { get; init; } = PushAction.OnRepository;

    /// <param name="registry">The registry; <see langword="null"/> for that of the caller's account.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="tags">The tags.</param>
    /// <param name="mode">How to find out.</param>
    /// <param name="principal">For whom; <see langword="null"/> for the caller. AWS is not asked for anybody else.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
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
        var askedCaller = Task.Run(() => AskWhoCallsAsync(cancellationToken), cancellationToken);
        var askedToken = Task.Run(() => AskForTokenAsync(cancellationToken), cancellationToken);
        using var ecr = session.CreateEcrClient(registry);
        var lookup = new RepositoryLookup(ecr, registry?.Account, repository, Limit).RunAsync(cancellationToken);
        var probe =
            mode is PreflightMode.Probe
                ? new PermissionProbe(ecr, registry?.Account, repository, Limit).RunAsync(Actions, cancellationToken)
                : Task.FromResult(NotAsked());
        await Task.WhenAll(askedCaller, askedToken, lookup, probe);

        var ((identity, noCaller), (token, noToken), view, verdicts) = (
            await askedCaller,
            await askedToken,
            await lookup,
            await probe
        );
        var isAnswered =
            identity is not null
            || verdicts.Append(token).Any(verdict => verdict.RawAnswer is not null)
            || view is not { Repository: Presence.NotSeen, Policy: Presence.NotSeen };
        var caller = identity ?? CallerInDenial.Find(verdicts.Prepend(token));
        if (!isAnswered || (caller is null && registry is null))
        {
            throw AwsProblems.From(noCaller!, session) ?? noCaller!;
        }

        var image = new ImageReference(
            registry?.SeenBy(caller?.Arn ?? "") ?? session.RegistryOf(caller!.Account),
            repository,
            tags
        );
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
        var owner =
            registry?.SeenBy(principal.Arn)
            ?? session.RegistryOf((await session.GetCallerIdentityAsync(cancellationToken)).Account);
        using var ecr = session.CreateEcrClient(owner);
        var view = await new RepositoryLookup(ecr, owner.Account, repository, Limit).RunAsync(cancellationToken);
        var image = new ImageReference(owner, repository, tags);
        return new()
        {
            Caller = principal,
            CredentialsSource = session.CredentialsSource,
            Image = image,
            Mode = PreflightMode.Policy,
            Token = new(
                PushAction.GetAuthorizationToken,
                Permission.Unknown,
                "only the principal's own policies grant it, and they are not seen from here"
            ),
            Actions = [.. NotAsked().Select(new PolicyAnalysis(principal, image, view).Complete)],
            Repository = view,
            NotSeen = [$"the identity policies of {principal.Arn}", .. view.NotSeen],
        };
    }

    private async Task<(CallerIdentity? Identity, Exception? Failure)> AskWhoCallsAsync(
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await Limit.RunAsync(session.GetCallerIdentityAsync, cancellationToken), null);
        }
        catch (Exception failure) when (IsFaultOfTheService(failure))
        {
            return (null, failure);
        }
    }

    private async Task<(ActionVerdict Verdict, Exception? Failure)> AskForTokenAsync(
        CancellationToken cancellationToken
    )
    {
        var verdict = new ActionVerdict(PushAction.GetAuthorizationToken, Permission.Unknown, "");
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

    private ActionVerdict[] NotAsked() =>
        [.. Actions.Select(action => new ActionVerdict(action, Permission.Unknown, ""))];
}
