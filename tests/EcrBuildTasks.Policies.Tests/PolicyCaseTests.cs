namespace EcrBuildTasks.Policies.Tests;

public sealed class PolicyCaseTests
{
    public static TheoryData<string> CertainCases() =>
        [.. PolicyCase.All.Where(policyCase => policyCase.Doubts.Count == 0).Select(policyCase => policyCase.Id)];

    public static TheoryData<string> DoubtfulCases() =>
        [.. PolicyCase.All.Where(policyCase => policyCase.Doubts.Count > 0).Select(policyCase => policyCase.Id)];

    [Theory]
    [MemberData(nameof(CertainCases))]
    public void A_certain_case_gets_its_verdict_and_one_of_its_deciding_statements(string id) => Check(id);

    [Theory]
    [MemberData(nameof(DoubtfulCases))]
    public void A_case_that_the_documentation_leaves_in_doubt_is_read_as_documented(string id) => Check(id);

    private static void Check(string id)
    {
        var policyCase = PolicyCase.All.Single(candidate => candidate.Id == id);

        var decision = PolicyEvaluator.Evaluate(policyCase.Request, policyCase.Policies);

        policyCase.Accepted.ShouldContain(decision.Verdict);
        if (policyCase.Statements is { Count: > 0 } statements)
        {
            statements.ShouldContain(DecidingStatement.Of(decision.DecidedBy.ShouldNotBeNull()));
        }
        else if (policyCase.Statements is not null)
        {
            decision.DecidedBy.ShouldBeNull();
        }

        (decision.Missing.Count > 0).ShouldBe(decision.Verdict is Verdict.Unknown or Verdict.Denied);
    }
}
