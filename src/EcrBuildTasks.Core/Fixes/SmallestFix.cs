using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Fixes;

/// <summary>Proposes statements and keeps the first proposal that the evaluator confirms.</summary>
internal static class SmallestFix
{
    private static readonly NamedPolicy AllowsEverything = new(
        "",
        PolicyDocument.Parse("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""")
    );

    public static IReadOnlyList<PolicyFix>? Of(AuthorizationRequest request, PolicySet policies, Decision decision)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(decision);
        if (decision.Verdict is not Verdict.ImplicitlyDenied || IsLimited(policies, decision))
        {
            return null;
        }

        return Proposals(FixRequestFor(request, policies, decision))
            .Where(proposal => proposal.Count > 0)
            .FirstOrDefault(proposal => IsSufficient(proposal, request, policies));
    }

    /// <summary>A boundary or session policy that leaves the action out is not to be got round.</summary>
    private static bool IsLimited(PolicySet policies, Decision decision) =>
        decision.Silent.Contains(PolicyKind.PermissionsBoundary)
        || (policies.SessionPolicy is not null && decision.Silent.Contains(PolicyKind.Session));

    private static IEnumerable<IReadOnlyList<PolicyFix>> Proposals(FixRequest request)
    {
        if (!request.IsSameAccount || request.RepositoryArn == "*")
        {
            yield return PolicyFixes.For(request);
            yield break;
        }

        var fixes = PolicyFixes.WithinAccount(request);
        yield return fixes.Identity;
        yield return fixes.Repository;
    }

    private static FixRequest FixRequestFor(AuthorizationRequest request, PolicySet policies, Decision decision) =>
        new()
        {
            Caller = request.Caller,
            RoleArn =
                request.Context.IsKnown("aws:PrincipalArn", out var arn)
                && arn is [var only]
                && only.Contains(":role/", StringComparison.Ordinal)
                    ? only
                    : null,
            RepositoryArn = request.RepositoryArn,
            RepositoryAccount = request.RepositoryAccount,
            Actions = [request.Action],
            Wanting = [.. decision.Silent.Where(kind => kind is PolicyKind.Repository or PolicyKind.Identity)],
            RepositoryPolicy = policies.RepositoryPolicy,
            RepositoryPolicySeen = true,
        };

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
