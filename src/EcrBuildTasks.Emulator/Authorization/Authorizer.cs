using System.Collections.ObjectModel;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Authorization;

/// <summary>Authorizes every request before anything else is checked.</summary>
internal sealed class Authorizer
{
    // No account has it, so that no caller's is the same.
    private const string NoAccount = "000000000000";

    private static readonly NamedPolicy Everything = new(
        "everything",
        PolicyDocument.Parse(
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""
        )
    );

    private readonly RegistryStore _store;
    private readonly TimeProvider _clock;
    private readonly bool _givesAuthorizationIds;
    private readonly OrganizationPolicies _organization;

    public Authorizer(EmulatorOptions options, RegistryStore store)
    {
        this._store = store;
        _clock = options.TimeProvider;
        _givesAuthorizationIds = options.GivesAuthorizationIds;
        _organization = new OrganizationPolicies(options.Accounts);
    }

    /// <summary>Returns when the request is allowed.</summary>
    /// <exception cref="EcrException">It is denied, or the evaluator cannot decide it.</exception>
    public void Require(Access access)
    {
        if (FindDenial(access) is { } sentence)
        {
            throw EcrException.AccessDenied(sentence);
        }
    }

    /// <summary>Why the request is denied, in AWS's words; <see langword="null"/> when it is allowed.</summary>
    /// <param name="access">The requested access.</param>
    /// <param name="newRepositoryPolicy">A policy to use instead of that of the repository.</param>
    public string? FindDenial(Access access, PolicyDocument? newRepositoryPolicy = null)
    {
        var (repository, registryPolicy) = _store.Read(
            access.Account,
            access.RegistryRegion,
            registry =>
                (
                    access.RepositoryName is null
                        ? null
                        : registry.Repositories.GetValueOrDefault(access.RepositoryName),
                    registry.Policy
                )
        );
        var principal = access.Principal;
        var request = new AuthorizationRequest
        {
            Caller = principal.Caller,
            Action = access.Action,
            RepositoryArn = access.Resource,
            RepositoryAccount = access.Account,
            Context = RequestContextKeys.Build(
                principal,
                access.Origin,
                _clock.GetUtcNow(),
                ResourceKeys(access, repository)
            ),
        };
        var policies = new PolicySet
        {
            RepositoryPolicy = newRepositoryPolicy ?? Parse(repository?.Policy),
            // It is about nothing but the registry.
            RegistryPolicy = EcrActions.Include(access.Action) ? Parse(registryPolicy) : null,
            IdentityPolicies = principal.IdentityPolicies,
            PermissionsBoundary = principal.PermissionsBoundary,
            SessionPolicy = principal.SessionPolicy,
        };
        var denial =
            _organization.FindExplicitDenial(request)
            ?? Sentence(request, PolicyEvaluator.Evaluate(request, policies))
            ?? _organization.FindSilence(request);
        return denial is null || !_givesAuthorizationIds ? denial : denial + DenialSentence.Tail(access.Origin.Region);
    }

    /// <summary>Whether a role's trust policy and the caller's own policies let it be assumed.</summary>
    /// <param name="principal">The caller.</param>
    /// <param name="role">The role.</param>
    /// <param name="origin">Where the request came from.</param>
    /// <param name="keys">The context keys of the request.</param>
    public bool MayAssume(
        CallingPrincipal principal,
        EmulatedRole role,
        RequestOrigin origin,
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> keys
    )
    {
        var request = new AuthorizationRequest
        {
            Caller = principal.Caller,
            Action = StsActions.AssumeRole,
            RepositoryArn = role.Arn,
            RepositoryAccount = role.Account.Id,
            Context = RequestContextKeys.Build(principal, origin, _clock.GetUtcNow(), keys),
        };
        // A trust policy is the resource-based policy of its role.
        var policies = new PolicySet
        {
            RepositoryPolicy = role.TrustPolicy,
            IdentityPolicies = principal.IdentityPolicies,
            PermissionsBoundary = principal.PermissionsBoundary,
            SessionPolicy = principal.SessionPolicy,
        };
        return role.TrustPolicy is { } trust
            && Trusts(trust, request)
            && _organization.FindExplicitDenial(request) is null
            && Sentence(request, PolicyEvaluator.Evaluate(request, policies)) is null
            && _organization.FindSilence(request) is null;
    }

    /// <summary>
    /// Unlike other policies of a resource, a trust policy has to allow by itself, also within the account: what the caller's own
    /// say instead does not help. So it is asked as across accounts, where both sides have to allow, with a caller's side that does.
    /// </summary>
    private static bool Trusts(PolicyDocument trust, AuthorizationRequest request) =>
        Sentence(
            request,
            PolicyEvaluator.Evaluate(
                request with
                {
                    RepositoryAccount = NoAccount,
                },
                new PolicySet { RepositoryPolicy = trust, IdentityPolicies = [Everything] }
            )
        )
            is null;

    internal static EcrException Undecided(AuthorizationRequest request, Decision decision) =>
        new(
            "EmulatorCannotDecideException",
            $"The emulator cannot decide {request.Action} on {request.RepositoryArn}: {string.Join("; ", decision.Missing)}"
        );

    private static string? Sentence(AuthorizationRequest request, Decision decision) =>
        decision.Verdict switch
        {
            Verdict.Allowed => null,
            Verdict.Unknown => throw Undecided(request, decision),
            Verdict.ExplicitlyDenied when decision.DecidedBy is { } statement => DenialSentence.Explicit(
                request.Caller,
                request.Action,
                request.RepositoryArn,
                statement.Policy,
                policyArn: null
            ),
            Verdict.ImplicitlyDenied => DenialSentence.Silent(
                request.Caller,
                request.Action,
                request.RepositoryArn,
                Named(request, decision.Silent)
            ),
            _ => DenialSentence.Opening(request.Caller, request.Action, request.RepositoryArn),
        };

    /// <summary>Of several silent policies AWS names one: the identity's within an account, the resource's across accounts.</summary>
    private static PolicyKind Named(AuthorizationRequest request, IReadOnlyList<PolicyKind> silent)
    {
        PolicyKind[] limits = [PolicyKind.PermissionsBoundary, PolicyKind.Session];
        var sameAccount = request.Caller.Account == request.RepositoryAccount;
        PolicyKind[] order = sameAccount
            ? [PolicyKind.Identity, .. limits, PolicyKind.Repository, PolicyKind.Registry]
            : [PolicyKind.Repository, PolicyKind.Registry, PolicyKind.Identity, .. limits];
        return order.FirstOrDefault(silent.Contains, sameAccount ? PolicyKind.Identity : PolicyKind.Repository);
    }

    private Dictionary<string, IReadOnlyList<string>> ResourceKeys(Access access, Repository? repository)
    {
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["aws:ResourceAccount"] = [access.Account],
        };
        if (_organization.Find(access.Account) is { } owner)
        {
            if (owner.OrganizationId is { } organizationId)
            {
                keys["aws:ResourceOrgID"] = [organizationId];
            }

            if (owner.OrganizationPath is { } path)
            {
                keys["aws:ResourceOrgPaths"] = [path];
            }
        }

        foreach (var (tag, value) in repository?.Tags ?? [])
        {
            keys[$"aws:ResourceTag/{tag}"] = [value];
            keys[$"{RepositoryPlace.ServiceIn(access.RegistryRegion)}:ResourceTag/{tag}"] = [value];
        }

        foreach (var (tag, value) in access.RequestTags)
        {
            keys[$"aws:RequestTag/{tag}"] = [value];
        }

        if (access.TagKeys.Count > 0)
        {
            keys["aws:TagKeys"] = [.. access.TagKeys];
        }

        return keys;
    }

    private static PolicyDocument? Parse(string? policy) => policy is null ? null : PolicyDocument.Parse(policy);
}

/// <summary>One permission that a request needs.</summary>
/// <param name="Principal">The caller.</param>
/// <param name="Action">The action, such as <c>ecr:PutImage</c>.</param>
/// <param name="Resource">The ARN that it is about, or <c>*</c>.</param>
/// <param name="Account">The account that owns the resource.</param>
/// <param name="Origin">Where the request came from.</param>
internal sealed record Access(
    CallingPrincipal Principal,
    string Action,
    string Resource,
    string Account,
    RequestOrigin Origin
)
{
    public string? RepositoryName { get; init; }

    /// <summary>The region whose registry it is about, or what stands for that of the public one.</summary>
    public string RegistryRegion => EcrActions.IsPublic(Action) ? RepositoryPlace.PublicRegion : Origin.Region;

    /// <summary>The tags that the request would set.</summary>
    public IReadOnlyDictionary<string, string> RequestTags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The keys of the tags that the request would set or remove.</summary>
    public IReadOnlyCollection<string> TagKeys
    {
        get => field ?? [.. RequestTags.Keys];
        init;
    }
}
