namespace EcrBuildTasks.Policies.Fixes;

/// <summary>Proposes statements and keeps the first proposal that the evaluator confirms.</summary>
internal static class SmallestFix
{
    private static readonly NamedPolicy AllowsEverything = new(
        "",
        PolicyDocument.Parse("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""")
    );

    public static IReadOnlyList<PolicyFix>? Find(AuthorizationRequest request, PolicySet policies, Decision decision)
    {
        if (decision.Verdict is not Verdict.ImplicitlyDenied)
        {
            return null;
        }

        return Proposals(FixRequestFor(request, policies, decision))
            .Where(proposal => proposal.Count > 0)
            .FirstOrDefault(proposal => IsSufficient(proposal, request, policies));
    }

    /// <summary>
    /// A boundary or session policy that leaves the action out stands in the way of all but an Allow to a user itself
    /// within its account, so each proposal is tried instead of asked for.
    /// </summary>
    /// <remarks>One statement before two, and the caller's own policy before that of the repository.</remarks>
    private static IEnumerable<IReadOnlyList<PolicyFix>> Proposals(FixRequest request)
    {
        var identity = IdentityFix.ForRepository(request);
        yield return [.. identity, .. IdentityFix.ForToken(request)];
        var actions = FixStatement.RepositoryActions(request);
        var repository = RepositoryFix.Granting(actions, request);
        yield return repository;
        if (request.IsSameAccount)
        {
            yield break;
        }

        yield return WithIdentity(repository);
        // A request without aws:PrincipalArn matches no condition on it: then the account is the narrowest principal.
        if (request.RoleArn is null && CallerName.FromCaller(request.Caller).Kind is CallerName.Type.Role)
        {
            var account = RepositoryFix.Granting(actions, request with { Scope = FixScope.Account });
            yield return account;
            yield return WithIdentity(account);
        }

        IReadOnlyList<PolicyFix> WithIdentity(IReadOnlyList<PolicyFix> grant) =>
            grant.Count > 0 ? [.. grant, .. identity] : [];
    }

    private static FixRequest FixRequestFor(AuthorizationRequest request, PolicySet policies, Decision decision)
    {
        var roleArn =
            request.Context.IsKnown("aws:PrincipalArn", out var arn)
            && arn is [var only]
            && only.Contains(":role/", StringComparison.Ordinal)
                ? only
                : null;
        return new FixRequest
        {
            Caller = request.Caller,
            RoleArn = roleArn,
            RepositoryArn = request.RepositoryArn,
            RepositoryAccount = request.RepositoryAccount,
            Actions = [request.Action],
            Wanting = decision.Silent,
            RepositoryPolicy = policies.RepositoryPolicy,
            RepositoryPolicySeen = true,
            // A role whose path is not known can only be described.
            Scope = roleArn is null ? FixScope.Caller : FixScope.Principal,
        };
    }

    private static bool IsSufficient(
        IReadOnlyList<PolicyFix> fixes,
        AuthorizationRequest request,
        PolicySet policies
    ) => PolicyEvaluator.Evaluate(request, Apply(fixes, policies)).Verdict is Verdict.Allowed;

    private static PolicySet Apply(IReadOnlyList<PolicyFix> fixes, PolicySet policies)
    {
        // Identity policies that are not known are taken to allow, as for the verdict.
        var applied = policies with
        {
            IdentityPolicies = policies.IdentityPolicies ?? [AllowsEverything],
        };
        foreach (var fix in fixes)
        {
            applied =
                fix.Policy is PolicyKind.Repository
                    ? applied with
                    {
                        RepositoryPolicy = fix.ChangedPolicy,
                    }
                    : applied with
                    {
                        IdentityPolicies =
                        [
                            .. applied.IdentityPolicies!,
                            new NamedPolicy("", PolicyDocument.Empty.With(fix.Statement)),
                        ],
                    };
        }

        return applied;
    }
}
