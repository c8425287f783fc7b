using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Fixes;

/// <summary>The statement for the repository policy.</summary>
internal static class RepositoryFix
{
    private static readonly PolicyDocument AllowsEverything = PolicyDocument.Parse(
        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"""
    );

    public static IReadOnlyList<PolicyFix> For(FixRequest request)
    {
        var actions = FixStatement.RepositoryActions(request).Where(action => !IsGranted(action, request)).ToArray();
        return Granting(actions, request);
    }

    /// <summary>The statement that allows the actions, whatever the policy says already.</summary>
    public static IReadOnlyList<PolicyFix> Granting(IReadOnlyList<string> actions, FixRequest request)
    {
        if (actions.Count == 0 || RepositoryPrincipal.Of(request) is not var (principal, condition))
        {
            return [];
        }

        var sid = FreeSid(Sid(request, actions), request.RepositoryPolicy);
        return
        [
            new PolicyFix
            {
                Policy = PolicyKind.Repository,
                OwnerAccount = request.RepositoryAccount,
                Statement = FixStatement.ForRepositoryPolicy(sid, principal, actions, condition),
                Request = request,
            },
        ];
    }

    /// <summary>Whether the repository policy denies one of the actions: an added Allow would change nothing.</summary>
    public static bool IsDeniedByPolicy(FixRequest request) =>
        FixStatement
            .RepositoryActions(request)
            .Any(action => Decide(action, request, request.RepositoryPolicy).Verdict is Verdict.ExplicitlyDenied);

    /// <summary>Whether an Allow is there already; whether a conditional Deny outweighs it, no further Allow changes.</summary>
    private static bool IsGranted(string action, FixRequest request) =>
        Decide(action, request, request.RepositoryPolicy?.WithoutDenials()).Verdict is Verdict.Allowed;

    private static Decision Decide(string action, FixRequest request, PolicyDocument? repositoryPolicy) =>
        PolicyEvaluator.Evaluate(
            new AuthorizationRequest
            {
                Caller = request.Caller,
                Action = action,
                RepositoryArn = request.RepositoryArn,
                RepositoryAccount = request.RepositoryAccount,
                Context = RequestContext.Partial(KnownContext(request)),
            },
            // Across accounts the other side is taken to allow; within one the repository policy has to suffice alone.
            new PolicySet
            {
                RepositoryPolicy = repositoryPolicy,
                IdentityPolicies = request.IsSameAccount ? [] : [new NamedPolicy("", AllowsEverything)],
                SessionPolicy = request.IsSameAccount ? null : AllowsEverything,
            }
        );

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> KnownContext(FixRequest request)
    {
        if (request.RoleArn is not null)
        {
            yield return KeyValuePair.Create<string, IReadOnlyList<string>>("aws:PrincipalArn", [request.RoleArn]);
        }

        yield return KeyValuePair.Create<string, IReadOnlyList<string>>(
            "aws:PrincipalAccount",
            [request.Caller.Account]
        );
        yield return KeyValuePair.Create<string, IReadOnlyList<string>>(
            "aws:ResourceAccount",
            [request.RepositoryAccount]
        );
    }

    private static string Sid(FixRequest request, IReadOnlyList<string> actions)
    {
        var who =
            request.Scope is FixScope.Account
                ? "Account" + request.Caller.Account
                : CallerName.Of(request.Caller).Alphanumeric;
        return $"Allow{FixStatement.Purpose(actions)}By{who}";
    }

    private static string FreeSid(string wanted, PolicyDocument? policy)
    {
        var taken = policy?.Statements.Select(statement => statement.Sid).ToHashSet(StringComparer.Ordinal) ?? [];
        return taken.Contains(wanted)
            ? Enumerable.Range(2, taken.Count).Select(number => wanted + number).First(sid => !taken.Contains(sid))
            : wanted;
    }
}
