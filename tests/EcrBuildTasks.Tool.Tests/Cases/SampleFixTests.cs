using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.Tests.Cases;

public sealed class SampleFixTests
{
    [Theory]
    [MemberData(nameof(SampleCases.Ids), MemberType = typeof(SampleCases))]
    public void With_its_statements_the_request_is_allowed_and_with_fewer_it_is_not(string id)
    {
        var (sample, fixes) = Fixes(id);

        if (fixes.Count > 0)
        {
            sample.With(fixes).Verdict().ShouldBe(Verdict.Allowed);
            fixes.Count.ShouldBeLessThanOrEqualTo(sample.IsSameAccount ? 1 : 2);
        }

        foreach (var fix in fixes.Count > 1 ? fixes : [])
        {
            sample.With([fix]).Verdict().ShouldBe(Verdict.ImplicitlyDenied);
        }
    }

    [Theory]
    [MemberData(nameof(SampleCases.Ids), MemberType = typeof(SampleCases))]
    public void Where_none_is_offered_an_allow_on_every_side_would_not_help(string id)
    {
        var (sample, fixes) = Fixes(id);
        if (fixes.Count > 0 || sample.Verdict() is Verdict.Allowed or Verdict.Unknown)
        {
            return;
        }

        var identity = """{"policy":"identity","statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""";
        var repository =
            """{"policy":"repository","statement":{"Effect":"Allow","Action":"*","Principal":{"AWS":"caller"}}}""".Replace(
                "caller",
                sample.DurableArn
            );
        sample.With([JsonNode.Parse(identity)!, JsonNode.Parse(repository)!]).Verdict().ShouldNotBe(Verdict.Allowed);
    }

    [Theory]
    [MemberData(nameof(SampleCases.Ids), MemberType = typeof(SampleCases))]
    public void Its_statements_hold_the_exact_action_and_only_on_the_callers_side_the_exact_repository(string id)
    {
        var (sample, fixes) = Fixes(id);

        foreach (var fix in fixes)
        {
            var statement = fix["statement"]!.AsObject();
            statement["Action"]!.AsArray().Select(action => (string)action!).ShouldBe([sample.Action]);
            ((string?)statement["Resource"]).ShouldBe(
                (string?)fix["policy"] == "identity" ? sample.RepositoryArn : null
            );
            statement.ContainsKey("Principal").ShouldBe((string?)fix["policy"] == "repository");
        }
    }

    [Theory]
    [MemberData(nameof(SampleCases.Ids), MemberType = typeof(SampleCases))]
    public void A_repository_statement_lets_in_the_caller_in_every_session_and_nobody_else(string id)
    {
        var (sample, fixes) = Fixes(id);
        if (fixes.SingleOrDefault(fix => (string?)fix["policy"] == "repository") is not { } fix)
        {
            return;
        }

        var alone = sample.Alone(fix["statement"]!);
        var account = sample.CallerAccount;
        var role = $"arn:aws:iam::{account}:role/someone";
        alone.Verdict().ShouldBe(Verdict.Allowed);
        if (sample.CallerArn.Contains(":assumed-role/"))
        {
            var session = $"{sample.CallerArn[..sample.CallerArn.LastIndexOf('/')]}/another";
            alone.AskedBy(session, account, "AROAX:another", sample.DurableArn).Verdict().ShouldBe(Verdict.Allowed);
        }

        FixedCase[] others =
        [
            alone.AskedBy($"arn:aws:sts::{account}:assumed-role/someone/1", account, "AROAX:1", role),
            alone.AskedBy(
                $"arn:aws:iam::{account}:user/someone",
                account,
                "AIDAX",
                $"arn:aws:iam::{account}:user/someone"
            ),
            alone.AskedBy(
                sample.CallerArn.Replace(account, "999999999999"),
                "999999999999",
                "AIDAX",
                sample.DurableArn.Replace(account, "999999999999")
            ),
        ];
        others.ShouldAllBe(other => other.Verdict() == Verdict.ImplicitlyDenied);
    }

    private static (FixedCase Sample, IReadOnlyList<JsonNode> Fixes) Fixes(string id)
    {
        var sample = SampleCases.Find(id);
        var fixes = SampleCases.AnswerTo(sample.ToJsonString())["fix"] as JsonArray;
        return (new FixedCase(sample), [.. fixes?.OfType<JsonNode>() ?? []]);
    }
}
