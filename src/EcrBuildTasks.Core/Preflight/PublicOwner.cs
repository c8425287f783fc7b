using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Finds the owner of a public registry, which host and alias do not contain: nearly always the caller's own account;
/// otherwise AWS names the account in a denial.
/// </summary>
/// <param name="Aliases">
/// The aliases of the caller's own account; <see langword="null"/> when they are not known.
/// </param>
internal sealed record PublicOwner(CallersAliases? Aliases, string? WhyNot)
{
    /// <param name="ecr">A client of the registry's API.</param>
    /// <param name="registry">The registry; a private one needs no request.</param>
    /// <param name="limit">How long to wait.</param>
    public static async Task<PublicOwner> AskAsync(
        EcrClient ecr,
        EcrRegistry? registry,
        CallLimit limit,
        CancellationToken cancellationToken
    )
    {
        if (registry is not { Kind: RegistryKind.Public })
        {
            return new(null, null);
        }

        try
        {
            return new(
                await limit.RunAsync(cancellation => CallersAliases.AskAsync(ecr, cancellation), cancellationToken),
                null
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(null, RepositoryLookup.WhyNot(failure));
        }
    }

    /// <summary>The registry with its owner, and the repository view if it belongs to this registry.</summary>
    /// <param name="registry">The registry; a private one is returned unchanged.</param>
    /// <param name="caller">The caller's account, if it is known.</param>
    /// <param name="verdicts">The verdicts of AWS about the repository of this alias.</param>
    /// <param name="ownView">The view of the repository with this name in the caller's own registry.</param>
    public (EcrRegistry Registry, RepositoryView View) Place(
        EcrRegistry registry,
        string? caller,
        IReadOnlyList<ActionVerdict> verdicts,
        RepositoryView ownView
    )
    {
        if (registry is not { Kind: RegistryKind.Public, Alias: { } alias })
        {
            return (registry, ownView);
        }

        if (Aliases?.Contains(alias) is true)
        {
            return (registry.OwnedBy(Aliases.Account), ownView);
        }

        var owner = verdicts.Select(OwnerIn).FirstOrDefault(account => account is not null);
        // A repository for which AWS allows an action exists.
        var isElsewhere =
            owner is null
            && ownView.Repository is Presence.Absent
            && verdicts.Any(v => v.Permission is Permission.Allowed);
        if (Aliases is null && !isElsewhere && (owner ?? caller) == caller)
        {
            return (registry.OwnedBy(caller ?? ""), ownView with { NotSeen = [.. ownView.NotSeen, .. NoAliases()] });
        }

        return (
            registry.OwnedBy(owner ?? ""),
            new()
            {
                Repository = verdicts
                    .Select(verdict => verdict.Repository)
                    .FirstOrDefault(presence => presence is not Presence.NotSeen, Presence.NotSeen),
                Policy = Presence.NotSeen,
                NotSeen =
                [
                    "the repository settings and the repository policy (only the owner of the alias can read them)",
                ],
            }
        );
    }

    private IEnumerable<string> NoAliases() =>
        WhyNot is null ? [] : [$"the owner of the alias, assumed to be the caller's account ({WhyNot})"];

    private static string? OwnerIn(ActionVerdict verdict) =>
        Arn.Parse(DenialMessage.Find(verdict.Reason)?.Resource)
            is { IsPublic: true, Repository: not null, Account: { Length: 12 } account }
            ? account
            : null;
}
