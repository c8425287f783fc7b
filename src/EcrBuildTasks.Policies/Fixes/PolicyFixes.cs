namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Finds the statements that fix a denial.</summary>
public static class PolicyFixes
{
    /// <summary>One statement for each policy that has to change; all of them are needed.</summary>
    /// <remarks>
    /// Within one account this is the identity policy unless the repository policy is asked for;
    /// <see cref="WithinAccount"/> gives the alternative too.
    /// </remarks>
    /// <returns>Empty when no added statement can help, or none is needed any more.</returns>
    public static IReadOnlyList<PolicyFix> For(FixRequest request)
    {
        if (!CanHelp(request))
        {
            return [];
        }

        return
        [
            .. request.Wanting.Contains(PolicyKind.Repository) ? RepositoryFix.For(request) : [],
            .. request.Wanting.Contains(PolicyKind.Identity) ? IdentityFix.ForRepository(request) : [],
            .. IdentityFix.ForToken(request),
        ];
    }

    /// <summary>The identity policy with all actions of the request, whether or not one is denied.</summary>
    /// <returns><see langword="null"/> when a name in it is not valid.</returns>
    public static PolicyFix? ForIdentity(FixRequest request) =>
        IdentityFixes(request) is [var first, ..] fixes
            ? first with
            {
                Also = [.. fixes.Skip(1).Select(fix => fix.Statement)],
            }
            : null;

    /// <summary>
    /// The two ways to fix a denial within one account, each sufficient without the other: statements for the identity
    /// policy, and one for the repository policy.
    /// </summary>
    public static SameAccountFixes WithinAccount(FixRequest request) =>
        CanHelp(request)
            ? new SameAccountFixes(
                IdentityFixes(request),
                [.. RepositoryFix.For(request), .. IdentityFix.ForToken(request)]
            )
            : new SameAccountFixes([], []);

    /// <summary>The statement with which ECR can sign what the caller pushes.</summary>
    /// <returns><see langword="null"/> when a name in it is not valid.</returns>
    public static PolicyFix? ForSigning(FixRequest request, string profile) =>
        IdentityFix.ForSigning(request, profile) is [var fix, ..] ? fix : null;

    /// <summary>The smallest list of statements with which the evaluated request becomes allowed.</summary>
    /// <returns><see langword="null"/> when the request is not denied, or adding cannot help.</returns>
    public static IReadOnlyList<PolicyFix>? Smallest(
        AuthorizationRequest request,
        PolicySet policies,
        Decision decision
    ) => SmallestFix.Find(request, policies, decision);

    private static IReadOnlyList<PolicyFix> IdentityFixes(FixRequest request) =>
        [.. IdentityFix.ForRepository(request), .. IdentityFix.ForToken(request)];

    private static bool CanHelp(FixRequest request) =>
        !request.IsExplicitlyDenied
        && request.Wanting.All(kind => kind is PolicyKind.Repository or PolicyKind.Identity)
        && !RepositoryFix.IsDeniedByPolicy(request);
}

/// <summary>Two alternatives to fix a denial within one account.</summary>
/// <param name="Identity">Statements for the identity policy: the ordinary place.</param>
/// <param name="Repository">
/// A statement for the repository policy that names the caller itself, for the account there only delegates and grants
/// nothing; empty for a role of IAM Identity Center whose ARN is not known.
/// </param>
public sealed record SameAccountFixes(IReadOnlyList<PolicyFix> Identity, IReadOnlyList<PolicyFix> Repository);
