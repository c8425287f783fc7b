using System.Text.Json.Nodes;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Tests.Cases;

public sealed class SampleAnswerTests
{
    private static readonly string[] Denials =
    [
        nameof(Verdict.ImplicitlyDenied),
        nameof(Verdict.ExplicitlyDenied),
        nameof(Verdict.Denied),
    ];

    [Theory]
    [MemberData(nameof(SampleCases.Ids), MemberType = typeof(SampleCases))]
    public void An_answer_has_the_expected_verdict_and_one_of_the_expected_statements(string id)
    {
        var sample = SampleCases.Find(id);
        var expected = sample["expected"]!;

        var answer = SampleCases.AnswerTo(sample.ToJsonString());

        ((string?)answer["id"]).ShouldBe(id);
        Texts(expected["accept"] ?? new JsonArray((string?)expected["verdict"]))
            .ShouldContain((string)answer["verdict"]!);
        if (expected["statements"]?.AsArray() is { } statements)
        {
            var decidedBy = answer["decidedBy"] is { } by ? Name(by, "statement") : null;
            statements.Select(statement => Name(statement!, "index")).DefaultIfEmpty(null).ShouldContain(decidedBy);
        }
    }

    [Theory]
    [MemberData(nameof(SampleCases.Ids), MemberType = typeof(SampleCases))]
    public void An_answer_holds_a_fix_only_for_a_denial_and_what_is_missing_only_when_that_decides(string id)
    {
        var answer = SampleCases.AnswerTo(SampleCases.Find(id).ToJsonString());

        var verdict = (string)answer["verdict"]!;
        answer.ContainsKey("fix").ShouldBe(Denials.Contains(verdict));
        answer.ContainsKey("missing").ShouldBe(verdict is nameof(Verdict.Unknown) or nameof(Verdict.Denied));
    }

    private static string Name(JsonNode statement, string index)
    {
        var policy = (string)statement["policy"]!;
        return policy == "identity"
            ? $"{policy} {statement["name"]} {statement[index]}"
            : $"{policy} {statement[index]}";
    }

    private static IEnumerable<string> Texts(JsonNode texts) => texts.AsArray().Select(text => (string)text!);

    [Theory]
    [InlineData("", "Unknown")]
    [InlineData(",\"unknownContext\":[\"aws:SourceIp\"]", "Denied")]
    public void Which_denial_it_is_stays_open_only_where_the_context_is_not_known(string more, string verdict) =>
        (
            (string?)
                SampleCases.AnswerTo(
                    SampleCases
                        .Denied.Replace("\"context\":{}", "\"context\":{}" + more)
                        .Replace(
                            "\"repositoryPolicy\":null",
                            """
                            "repositoryPolicy":{"Statement":{"Effect":"Deny","Action":"*","NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/ci"}}}
                            """.Trim()
                        )
                )["verdict"]
        ).ShouldBe(verdict);
}
