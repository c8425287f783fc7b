using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Authorization;

/// <summary>Service and resource control policies: they grant nothing and are evaluated in addition to the policies that do.</summary>
internal sealed class OrganizationPolicies
{
    private static readonly PolicyDocument AllowEverything = PolicyText.Parse(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""",
        "policy that allows everything"
    );

    private readonly Dictionary<string, AccountPolicies> _accounts;

    public OrganizationPolicies(IEnumerable<EmulatedAccount> accounts) =>
        this._accounts = accounts.ToDictionary(
            account => account.Id,
            account => new AccountPolicies(
                account,
                Parse(account.ServiceControlPolicies, account),
                Parse(account.ResourceControlPolicies, account)
            ),
            StringComparer.Ordinal
        );

    public EmulatedAccount? Find(string account) => _accounts.GetValueOrDefault(account)?.Account;

    /// <summary>The denial of the first control policy that denies the request.</summary>
    public string? FindExplicitDenial(AuthorizationRequest request)
    {
        var service = ServiceControl(request)
            .Where(policy => Ask(request, policy) == Verdict.ExplicitlyDenied)
            .Select(policy => (PolicyKind.ServiceControl, policy));
        var resource = ResourceControl(request)
            .Where(policy => AskAsResourcePolicy(request, policy) == Verdict.ExplicitlyDenied)
            .Select(policy => (PolicyKind.ResourceControl, policy));
        foreach (var (kind, policy) in service.Concat(resource))
        {
            return DenialSentence.Explicit(
                request.Caller,
                request.Action,
                request.RepositoryArn,
                kind,
                policy.Source.Arn
            );
        }

        return null;
    }

    /// <summary>The denial if no service control policy contains an Allow.</summary>
    public string? FindSilence(AuthorizationRequest request)
    {
        var policies = ServiceControl(request);
        return policies.Count == 0 || policies.Any(policy => Ask(request, policy) == Verdict.Allowed)
            ? null
            : DenialSentence.Silent(request.Caller, request.Action, request.RepositoryArn, PolicyKind.ServiceControl);
    }

    private IReadOnlyList<ControlPolicy> ServiceControl(AuthorizationRequest request) =>
        _accounts.GetValueOrDefault(request.Caller.Account)?.ServiceControl ?? [];

    private IReadOnlyList<ControlPolicy> ResourceControl(AuthorizationRequest request) =>
        _accounts.GetValueOrDefault(request.RepositoryAccount)?.ResourceControl ?? [];

    private static Verdict Ask(AuthorizationRequest request, ControlPolicy policy)
    {
        // As the only policy of a principal of the resource's own account, so that it alone decides. The root user, who needs no
        // permission, is under it like everyone.
        var asUser = request with
        {
            Caller = request.Caller with
            {
                Arn = Arn.Parse(request.Caller.Arn) is { Resource: "root" } root
                    ? (root with { Resource = "user/root" }).ToString()
                    : request.Caller.Arn,
            },
            RepositoryAccount = request.Caller.Account,
        };
        return Evaluate(
            asUser,
            new PolicySet { IdentityPolicies = [new NamedPolicy(policy.Source.Name, policy.Document)] }
        );
    }

    private static Verdict AskAsResourcePolicy(AuthorizationRequest request, ControlPolicy policy) =>
        Evaluate(
            request,
            new PolicySet
            {
                RepositoryPolicy = policy.Document,
                IdentityPolicies = [new NamedPolicy("everything", AllowEverything)],
            }
        );

    private static Verdict Evaluate(AuthorizationRequest request, PolicySet policies)
    {
        var decision = PolicyEvaluator.Evaluate(request, policies);
        return decision.Verdict is Verdict.Unknown ? throw Authorizer.Undecided(request, decision) : decision.Verdict;
    }

    private static ControlPolicy[] Parse(IReadOnlyList<IamPolicy> policies, EmulatedAccount account) =>
        [
            .. policies.Select(policy => new ControlPolicy(
                policy,
                PolicyText.Parse(policy.Document, $"control policy {policy.Name} of account {account.Id}")
            )),
        ];

    private sealed record ControlPolicy(IamPolicy Source, PolicyDocument Document);

    private sealed record AccountPolicies(
        EmulatedAccount Account,
        IReadOnlyList<ControlPolicy> ServiceControl,
        IReadOnlyList<ControlPolicy> ResourceControl
    );
}
