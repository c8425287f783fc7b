using System.Text;
using System.Text.Json;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Tool.Tests.Cases;

public sealed class MalformedCaseTests
{
    [Theory]
    [InlineData("\"action\":\"ecr:PutImage\"", "\"action\":5", "\"action\"|a string|5")]
    [InlineData("\"action\":\"ecr:PutImage\"", "\"action\":\"\"", "\"action\"")]
    [InlineData("\"action\":\"ecr:PutImage\",", "", "\"action\"|a string")]
    [InlineData("\"userId\":\"AIDACI\"", "\"userId\":null", "\"caller.userId\"|a string|null")]
    [InlineData("\"context\":{}", "\"context\":{\"k\":[\"v\",1]}", "\"context.k[1]\"|a string|1")]
    [InlineData("\"context\":{}", "\"context\":[]", "\"context\"|an object|an array")]
    [InlineData("\"repositoryPolicy\":null,", "", "\"repositoryPolicy\"|an object")]
    [InlineData(
        "\"identityPolicies\":[]",
        "\"identityPolicies\":[{\"name\":\"p\"}]",
        "\"identityPolicies[0].policy\"|an object"
    )]
    [InlineData(
        "\"repositoryPolicy\":null",
        "\"repositoryPolicy\":{\"Statement\":[{\"Effect\":\"allow\"}]}",
        "\"repositoryPolicy\"|Statement 1|\"Effect\"|\"allow\""
    )]
    [InlineData(
        "\"context\":{}",
        "\"context\":{},\"expected\":{\"verdict\":\"Maybe\"}",
        "\"expected.verdict\"|\"Maybe\"|Allowed, ImplicitlyDenied, ExplicitlyDenied, Denied, Unknown"
    )]
    [InlineData("\"context\":{}", "\"context\":{},\"context\":{}", "Duplicate property 'context'")]
    public void A_field_that_holds_something_else_is_named_with_what_is_wrong(string right, string wrong, string facts)
    {
        var answer = SampleCases.AnswerTo(SampleCases.Denied.Replace(right, wrong));

        ((string?)answer["id"]).ShouldBe("a");
        foreach (var fact in facts.Split('|'))
        {
            ((string?)answer["error"])!.ShouldContain(fact);
        }

        answer.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("[1]", "an array")]
    [InlineData("{\"id\":7}", "\"id\"")]
    [InlineData("nonsense", " 1: 'nonsense' is an invalid JSON literal.")]
    [InlineData("{\"id\":\"\\ud800\"}", "Unicode")]
    public void A_line_without_a_readable_id_is_answered_by_its_number(string line, string fact)
    {
        var (count, text) = SampleCases.Answer(Encoding.UTF8.GetBytes($"\n{line}\n"));

        count.ShouldBe(new CaseCount(0, 0, 1));
        using var answer = JsonDocument.Parse(text);
        answer.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(["line", "error"]);
        answer.RootElement.GetProperty("line").GetInt32().ShouldBe(2);
        answer.RootElement.GetProperty("error").GetString()!.ShouldContain(fact);
    }

    [Fact]
    public void The_id_before_the_fault_is_read_and_unknown_fields_are_left_alone()
    {
        ((string?)SampleCases.AnswerTo("""{"id":"cut","action":""")["id"]).ShouldBe("cut");
        (
            (string?)
                SampleCases.AnswerTo(SampleCases.Denied.Replace("\"context\"", "\"note\":[{}],\"context\""))["verdict"]
        ).ShouldBe("ImplicitlyDenied");
    }

    [Fact]
    public void Nesting_without_end_is_an_error_of_its_line_only()
    {
        var (count, text) = SampleCases.Answer(
            Encoding.UTF8.GetBytes($"{new string('[', 100_000)}\n{SampleCases.Denied}\n")
        );

        count.ShouldBe(new CaseCount(1, 0, 1));
        text.Split('\n')[1].ShouldStartWith("""{"id":"a","verdict":"ImplicitlyDenied",""");
    }
}
