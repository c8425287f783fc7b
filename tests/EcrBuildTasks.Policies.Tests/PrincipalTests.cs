using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests;

public sealed class PrincipalTests
{
    private static readonly PolicySet LimitedToS3 = new()
    {
        IdentityPolicies = [],
        PermissionsBoundary = Policy(IdentityAllow("s3:*")),
    };

    [Theory]
    [InlineData("\"*\"")]
    [InlineData("""{"AWS":"*"}""")]
    [InlineData("""["*"]""")]
    public void Everyone_may_be_written_in_three_ways(string principal) =>
        AskRepository(Session(Owner), Allow(principal)).ShouldBe(Verdict.Allowed);

    [Theory]
    [InlineData(Owner)]
    [InlineData($"arn:aws:iam::{Owner}:root")]
    public void The_own_account_as_principal_only_delegates_and_grants_nobody_anything(string principal) =>
        AskRepository(Session(Owner), Allow(Arn(principal))).ShouldBe(Verdict.ImplicitlyDenied);

    [Theory]
    [InlineData(Owner)]
    [InlineData($"arn:aws:iam::{Owner}:root")]
    public void The_own_account_in_a_deny_hits_each_of_its_principals(string principal)
    {
        var policies = new PolicySet
        {
            RepositoryPolicy = Policy(Deny(Arn(principal))),
            IdentityPolicies = Identity(IdentityAllow()),
        };

        Ask(Session(Owner), policies).Verdict.ShouldBe(Verdict.ExplicitlyDenied);
        Ask(Root(Owner), policies).Verdict.ShouldBe(Verdict.ExplicitlyDenied);
    }

    [Fact]
    public void A_role_that_is_asked_about_itself_is_known_by_its_name_without_the_path() =>
        AskRepository(
                new($"arn:aws:iam::{Owner}:role/some/path/ci", Owner, "AROACI"),
                Allow(Arn($"arn:aws:iam::{Owner}:role/ci"))
            )
            .ShouldBe(Verdict.Allowed);

    [Theory]
    [InlineData("ci")]
    [InlineData($"arn:aws:iam::{Owner}")]
    [InlineData($"arn:aws:iam::{Owner}:user")]
    [InlineData($"arn:aws:iam::{Owner}:group/ci")]
    public void A_caller_of_no_known_kind_is_no_role_and_no_user(string arn)
    {
        var caller = new Caller(arn, Owner, "AIDACI");

        AskRepository(caller, Allow(Arn($"arn:aws:iam::{Owner}:role/ci", $"arn:aws:iam::{Owner}:user/ci")))
            .ShouldBe(Verdict.ImplicitlyDenied);
        Ask(caller, new PolicySet { IdentityPolicies = [] }).Silent.ShouldBe([PolicyKind.Identity]);
    }

    [Fact]
    public void A_role_matches_its_sessions_whatever_its_path() =>
        AskRepository(Session(Owner), Allow(Arn($"arn:aws:iam::{Owner}:role/some/path/ci"))).ShouldBe(Verdict.Allowed);

    [Theory]
    [InlineData($"arn:aws:iam::{Owner}:role/CI")]
    [InlineData($"arn:aws:iam::{Owner}:role/ci-2")]
    [InlineData($"arn:aws:iam::{Other}:role/ci")]
    [InlineData($"arn:aws-cn:iam::{Owner}:role/ci")]
    [InlineData($"arn:aws:iam::{Owner}:user/ci")]
    [InlineData($"arn:aws:iam::{Owner}:role/c*")]
    [InlineData($"arn:aws:sts::{Owner}:assumed-role/ci/run-2")]
    public void A_principal_that_is_nearly_the_caller_does_not_match(string principal) =>
        AskRepository(Session(Owner), Allow(Arn(principal))).ShouldBe(Verdict.ImplicitlyDenied);

    [Fact]
    public void A_grant_to_the_role_is_cut_by_the_boundary_but_a_grant_to_the_session_is_not()
    {
        var role = Policy(Allow(Arn($"arn:aws:iam::{Owner}:role/ci")));
        var session = Policy(Allow(Arn(Session(Owner).Arn)));

        Ask(Session(Owner), LimitedToS3 with { RepositoryPolicy = role }).Verdict.ShouldBe(Verdict.ImplicitlyDenied);
        Ask(Session(Owner), LimitedToS3 with { RepositoryPolicy = session }).Verdict.ShouldBe(Verdict.Allowed);
    }

    [Fact]
    public void A_user_is_named_with_its_path()
    {
        var caller = User(Owner, "dev/alice");

        AskRepository(caller, Allow(Arn($"arn:aws:iam::{Owner}:user/dev/alice"))).ShouldBe(Verdict.Allowed);
        AskRepository(caller, Allow(Arn($"arn:aws:iam::{Owner}:user/alice"))).ShouldBe(Verdict.ImplicitlyDenied);
    }

    [Fact]
    public void A_federated_user_without_session_policy_has_no_identity_permissions()
    {
        var policies = new PolicySet { IdentityPolicies = Identity(IdentityAllow()) };

        Ask(Federated(Owner), policies).Verdict.ShouldBe(Verdict.ImplicitlyDenied);
        Ask(Federated(Owner), policies with { SessionPolicy = Policy(IdentityAllow()) })
            .Verdict.ShouldBe(Verdict.Allowed);
        AskRepository(Federated(Owner), Allow(Arn(Federated(Owner).Arn))).ShouldBe(Verdict.Allowed);
    }

    [Fact]
    public void Which_user_a_federated_session_came_from_is_not_guessed()
    {
        var policies = new PolicySet { RepositoryPolicy = Policy(Allow(Arn(User(Owner).Arn))), IdentityPolicies = [] };

        var decision = Ask(Federated(Owner), policies);

        decision.Verdict.ShouldBe(Verdict.Unknown);
        decision.Missing.ShouldHaveSingleItem().ShouldContain("IAM user");
    }

    [Fact]
    public void No_federated_session_came_from_a_user_whose_arn_has_a_wildcard() =>
        AskRepository(Federated(Owner), Allow(Arn($"arn:aws:iam::{Owner}:user/*"))).ShouldBe(Verdict.ImplicitlyDenied);

    [Theory]
    [InlineData("AROACI", Verdict.Allowed)]
    [InlineData("AROADELETED", Verdict.ImplicitlyDenied)]
    public void A_unique_id_matches_only_the_role_that_still_has_it(string id, Verdict verdict) =>
        AskRepository(Session(Owner), Allow(Arn(id))).ShouldBe(verdict);

    [Fact]
    public void Services_and_identity_providers_are_never_the_caller() =>
        AskRepository(Session(Owner), Allow("""{"Service":"*","Federated":["*"]}"""))
            .ShouldBe(Verdict.ImplicitlyDenied);

    [Fact]
    public void Root_of_the_account_needs_no_policy_but_a_deny_of_the_repository_applies()
    {
        Ask(Root(Owner), new PolicySet { IdentityPolicies = [] }).Verdict.ShouldBe(Verdict.Allowed);
        AskRepository(Root(Owner), Deny("\"*\"")).ShouldBe(Verdict.ExplicitlyDenied);
    }

    [Fact]
    public void Not_principal_exempts_only_a_caller_whose_whole_chain_is_listed()
    {
        var granted = Allow("\"*\"");
        Verdict Deny(params string[] listed) =>
            Ask(
                Session(Owner),
                new PolicySet
                {
                    RepositoryPolicy = Policy(
                        granted,
                        $$"""{"Effect":"Deny","NotPrincipal":{{Arn(listed)}},"Action":"*"}"""
                    ),
                    IdentityPolicies = [],
                }
            ).Verdict;

        Deny($"arn:aws:iam::{Owner}:root", $"arn:aws:iam::{Owner}:role/ci").ShouldBe(Verdict.Allowed);
        Deny($"arn:aws:iam::{Owner}:role/ci").ShouldBe(Verdict.Unknown);
        Deny(Session(Owner).Arn).ShouldBe(Verdict.Unknown);
        Deny($"arn:aws:iam::{Owner}:role/other").ShouldBe(Verdict.ExplicitlyDenied);
    }

    [Fact]
    public void Not_principal_with_deny_always_denies_a_caller_with_a_boundary() =>
        Ask(
            User(Owner),
            new PolicySet
            {
                RepositoryPolicy = Policy(
                    $$"""{"Effect":"Deny","NotPrincipal":{{Arn(Owner, User(Owner).Arn)}},"Action":"*"}"""
                ),
                IdentityPolicies = Identity(IdentityAllow()),
                PermissionsBoundary = Policy(IdentityAllow()),
            }
        )
            .Verdict.ShouldBe(Verdict.ExplicitlyDenied);
}
