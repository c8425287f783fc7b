using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests;

public sealed class TwoSidesTests
{
    private static readonly PolicyDocument GrantsOtherAccount = Policy(Allow(Arn(Other)));

    [Fact]
    public void Across_accounts_both_sides_have_to_allow()
    {
        var both = new PolicySet
        {
            RepositoryPolicy = GrantsOtherAccount,
            IdentityPolicies = Identity(IdentityAllow()),
        };

        Ask(Session(Other), both).Verdict.ShouldBe(Verdict.Allowed);
        Ask(Session(Other), both with { IdentityPolicies = [] }).Silent.ShouldBe([PolicyKind.Identity]);
        Ask(Session(Other), both with { RepositoryPolicy = null }).Silent.ShouldBe([PolicyKind.Repository]);
        Ask(Session(Other), new PolicySet { IdentityPolicies = [] })
            .Silent.ShouldBe([PolicyKind.Repository, PolicyKind.Identity]);
    }

    [Fact]
    public void Across_accounts_everyone_does_not_replace_the_identity_policy() =>
        Ask(Session(Other), new PolicySet { RepositoryPolicy = Policy(Allow("\"*\"")), IdentityPolicies = [] })
            .Verdict.ShouldBe(Verdict.ImplicitlyDenied);

    [Fact]
    public void Across_accounts_a_session_policy_cuts_even_a_grant_to_the_session() =>
        Ask(
            Session(Other),
            new PolicySet
            {
                RepositoryPolicy = Policy(Allow(Arn(Session(Other).Arn))),
                IdentityPolicies = Identity(IdentityAllow()),
                SessionPolicy = Policy(IdentityAllow("s3:*")),
            }
        )
            .Silent.ShouldBe([PolicyKind.Session]);

    [Fact]
    public void Root_of_another_account_counts_as_allowed_on_its_own_side() =>
        Ask(Root(Other), new PolicySet { RepositoryPolicy = GrantsOtherAccount, IdentityPolicies = [] })
            .Verdict.ShouldBe(Verdict.Allowed);

    [Fact]
    public void A_deny_on_either_side_ends_it_and_is_named()
    {
        var policies = new PolicySet
        {
            RepositoryPolicy = GrantsOtherAccount,
            IdentityPolicies = Identity(
                IdentityAllow(),
                """{"Sid":"NoPush","Effect":"Deny","Action":"ecr:Put*","Resource":"*"}"""
            ),
        };

        var decision = Ask(Session(Other), policies);

        decision.Verdict.ShouldBe(Verdict.ExplicitlyDenied);
        decision.DecidedBy.ShouldBe(new StatementReference(PolicyKind.Identity, "push", 1, "NoPush"));
    }

    [Fact]
    public void Identity_policies_that_were_not_seen_leave_a_grant_unknown_and_a_denial_certain()
    {
        var unseen = new PolicySet { RepositoryPolicy = GrantsOtherAccount, IdentityPolicies = null };

        Ask(Session(Other), unseen).Verdict.ShouldBe(Verdict.Unknown);
        Ask(Session(Other), unseen).Missing.ShouldBe(["the caller's identity policies"]);
        Ask(Session(Other), unseen with { RepositoryPolicy = null }).Verdict.ShouldBe(Verdict.ImplicitlyDenied);
    }

    [Fact]
    public void The_registry_policy_denies_a_push_that_the_repository_allows() =>
        Ask(
            Session(Owner),
            new PolicySet
            {
                RepositoryPolicy = Policy(Allow("\"*\"")),
                RegistryPolicy = Policy(Deny("\"*\"", more: $",\"Resource\":\"arn:aws:ecr:*:{Owner}:repository/*\"")),
                IdentityPolicies = [],
            }
        )
            .DecidedBy!.Policy.ShouldBe(PolicyKind.Registry);

    [Theory]
    [InlineData("ecr:GetAuthorizationToken", "*", Owner)]
    [InlineData("ecr:GetAuthorizationToken", RepositoryArn, Owner)]
    [InlineData("ecr:getauthorizationtoken", RepositoryArn, Owner)]
    [InlineData("ecr-public:GetAuthorizationToken", RepositoryArn, Owner)]
    [InlineData("sts:GetServiceBearerToken", RepositoryArn, Owner)]
    [InlineData("ecr:GetAuthorizationToken", RepositoryArn, Other)]
    public void No_repository_policy_grants_a_token_and_none_denies_it(string action, string resource, string account)
    {
        var request = new AuthorizationRequest
        {
            Caller = Session(account),
            Action = action,
            RepositoryArn = resource,
            RepositoryAccount = Owner,
        };
        var open = new PolicySet { RepositoryPolicy = Policy(Allow("\"*\"", "\"*\"")), IdentityPolicies = [] };
        var closed = new PolicySet
        {
            RepositoryPolicy = Policy(Deny("\"*\"", "\"*\"")),
            IdentityPolicies = Identity(IdentityAllow(action)),
        };

        PolicyEvaluator.Evaluate(request, open).Silent.ShouldBe([PolicyKind.Identity]);
        PolicyEvaluator.Evaluate(request, closed).Verdict.ShouldBe(Verdict.Allowed);
        PolicyEvaluator
            .Evaluate(request, closed with { IdentityPolicies = Identity(IdentityAllow(action, RepositoryArn)) })
            .Verdict.ShouldBe(Verdict.ImplicitlyDenied);
        PolicyEvaluator
            .Evaluate(request with { Caller = Root(account) }, new() { IdentityPolicies = [] })
            .Verdict.ShouldBe(Verdict.Allowed);
    }

    [Theory]
    [InlineData(RepositoryArn, Verdict.Allowed)]
    [InlineData($"arn:aws:ecr:*:{Owner}:repository/*", Verdict.Allowed)]
    [InlineData($"arn:aws:ecr:eu-west-1:{Owner}:repository/team-a/w?b", Verdict.Allowed)]
    [InlineData($"arn:aws:ecr:eu-west-1:{Owner}:repository/team-a/WEB", Verdict.ImplicitlyDenied)]
    [InlineData($"arn:aws:ecr:eu-west-1:{Other}:repository/team-a/web", Verdict.ImplicitlyDenied)]
    [InlineData($"arn:aws:ecr:eu-west-1:{Owner}:repository/team-a", Verdict.ImplicitlyDenied)]
    public void An_identity_statement_is_about_the_exact_repository_arn(string resource, Verdict verdict) =>
        Ask(Session(Owner), new PolicySet { IdentityPolicies = Identity(IdentityAllow(resource: resource)) })
            .Verdict.ShouldBe(verdict);
}
