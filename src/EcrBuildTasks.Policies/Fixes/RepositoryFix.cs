namespace EcrBuildTasks.Policies.Fixes;

/// <summary>The statement for the repository policy.</summary>
public static class RepositoryFix
{
    internal static IReadOnlyList<PolicyFix> For(FixRequest request)
    {
        // Whether a conditional Deny outweighs an Allow that is there already, no further Allow changes.
        var question = new RepositoryQuestion(request);
        var grants = request.RepositoryPolicy?.WithoutDenials();
        return Granting(
            [
                .. FixStatement
                    .RepositoryActions(request)
                    .Where(action => question.Ask(action, grants) is not Verdict.Allowed),
            ],
            request
        );
    }

    /// <summary>The statement that allows the actions, whatever the policy says already.</summary>
    public static IReadOnlyList<PolicyFix> Granting(IReadOnlyList<string> actions, FixRequest request)
    {
        if (actions.Count == 0 || RepositoryPrincipal.Create(request) is not var (principal, condition))
        {
            return [];
        }

        var sid = FreeSid(Sid(request, actions), request.RepositoryPolicy);
        if (FixStatement.ForRepositoryPolicy(request, sid, principal, actions, condition) is not { } statement)
        {
            return [];
        }

        return
        [
            new PolicyFix
            {
                Policy = PolicyKind.Repository,
                OwnerAccount = request.RepositoryAccount,
                Statement = statement,
                Request = request,
            },
        ];
    }

    /// <summary>Whether the repository policy denies one of the actions: an added Allow would change nothing.</summary>
    internal static bool IsDeniedByPolicy(FixRequest request)
    {
        var question = new RepositoryQuestion(request);
        return FixStatement
            .RepositoryActions(request)
            .Any(action => question.Ask(action, request.RepositoryPolicy) is Verdict.ExplicitlyDenied);
    }

    private static string Sid(FixRequest request, IReadOnlyList<string> actions)
    {
        var who =
            request.Scope is FixScope.Account
                ? "Account" + request.Caller.Account
                : CallerName.FromCaller(request.Caller).SidWord;
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
