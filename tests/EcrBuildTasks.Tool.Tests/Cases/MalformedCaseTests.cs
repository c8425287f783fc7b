using System.Text;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Tool.Tests.Cases;

public sealed class MalformedCaseTests
{
    [Theory]
    [InlineData("\"action\":\"ecr:PutImage\"", "\"action\":5", "\"action\" is 5, not a string.")]
    [InlineData("\"action\":\"ecr:PutImage\"", "\"action\":\"\"", "\"action\" is empty.")]
    [InlineData("\"action\":\"ecr:PutImage\",", "", "\"action\" is missing: it is a string.")]
    [InlineData("\"userId\":\"AIDACI\"", "\"userId\":null", "\"caller.userId\" is null, not a string.")]
    [InlineData("\"context\":{}", "\"context\":{\"k\":[\"v\",1]}", "\"context.k[1]\" is 1, not a string.")]
    [InlineData("\"context\":{}", "\"context\":[]", "\"context\" is an array, not an object.")]
    [InlineData("\"repositoryPolicy\":null,", "", "\"repositoryPolicy\" is missing: it is an object.")]
    [InlineData(
        "\"identityPolicies\":[]",
        "\"identityPolicies\":[{\"name\":\"p\"}]",
        "\"identityPolicies[0].policy\" is missing: it is an object."
    )]
    [InlineData(
        "\"repositoryPolicy\":null",
        "\"repositoryPolicy\":{\"Statement\":[{\"Effect\":\"allow\"}]}",
        "\"repositoryPolicy\": Statement 0: \"Effect\" is exactly Allow or Deny, not \"allow\"."
    )]
    [InlineData(
        "\"context\":{}",
        "\"context\":{},\"expected\":{\"verdict\":\"Maybe\"}",
        "\"expected.verdict\" is \"Maybe\", not one of Allowed, ImplicitlyDenied, ExplicitlyDenied, Denied, Unknown."
    )]
    [InlineData(
        "\"context\":{}",
        "\"context\":{},\"context\":{}",
        "The line cannot be read as JSON: Duplicate property 'context' encountered during deserialization."
    )]
    public void A_field_that_holds_something_else_is_named_with_what_is_wrong(string right, string wrong, string error)
    {
        var answer = SampleCases.AnswerTo(SampleCases.Denied.Replace(right, wrong));

        ((string?)answer["id"]).ShouldBe("a");
        ((string?)answer["error"]).ShouldBe(error);
        answer.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("[1]", "The line is an array, not an object.")]
    [InlineData("{\"id\":7}", "\"id\" is 7, not a string.")]
    [InlineData(
        "nonsense",
        "The line cannot be read as JSON at byte 1: 'nonsense' is an invalid JSON literal. Expected the literal 'null'."
    )]
    [InlineData("{\"id\":\"\\ud800\"}", "The line holds text or an escape that is no valid Unicode.")]
    public void A_line_without_a_readable_id_is_answered_by_its_number(string line, string error)
    {
        var (count, text) = SampleCases.Answer(Encoding.UTF8.GetBytes($"\n{line}\n"));

        count.ShouldBe(new CaseCount(0, 0, 1));
        text.ShouldBe($$"""{"line":2,"error":{{System.Text.Json.JsonSerializer.Serialize(error, Relaxed)}}}""" + "\n");
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

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
