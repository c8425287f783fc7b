using System.Text.Json;
using EcrBuildTasks.Failures.Reading;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Failures.Reading;

/// <summary>Texts that nobody has written: put together from pieces of real ones, and from anything.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Pieces =
    [
        "User: ",
        "arn:aws:sts::111122223333:assumed-role/ci/run-7",
        " is not authorized to perform: ",
        "ecr:PutImage",
        " on resource: ",
        "arn:aws:ecr:eu-west-1:444455556666:repository/x",
        " because no ",
        "resource-based policy",
        " allows the ",
        " action",
        " with an explicit deny in a ",
        "service control policy",
        ": arn:",
        "<",
        ">",
        "\"",
        "\\\"",
        "\\u001b[31m",
        "\\ud800",
        "\u001b[0m",
        "&quot;",
        "&#x1F;",
        "\n",
        "\r\n",
        "\\n",
        "\0",
        "\ud800",
        "403 Forbidden",
        "/v2/",
        "denied: ",
        "error ECR2001: ",
        "EOF",
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com/",
        "public.ecr.aws/v2/",
        "/blobs/",
        "::::",
        "a",
        "2025-09-24T13:46:46.1234567Z ",
        "| ",
        "*",
        "::",
        "İ",
        "K",
    ];

    public static Arbitrary<string> Texts() =>
        Gen.Elements(Pieces)
            .Or(ArbMap.Default.GeneratorFor<string?>().Select(text => text ?? ""))
            .ListOf()
            .Select(string.Concat)
            .ToArbitrary();

    [Property(MaxTest = 500, Arbitrary = [typeof(HostileTextTests)])]
    public void Any_text_is_read_and_told_without_an_exception(string text)
    {
        var reading = FailureText.Read(text);

        JsonDocument.Parse(FailureJson.Write(reading).ToJsonString()).Dispose();
        (reading.Diagnostic is null).ShouldBe(reading.Kind is "unknown");
        reading.Cause.ShouldNotContain('\n');
        reading.Cause.ShouldNotContain('\u001b');
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(HostileTextTests)])]
    public void Any_lines_get_one_answer_each_that_is_not_blank(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var reader = new StringReader(text);

        var answers = FailureJsonLines.Answers(reader).ToList();

        answers.Count.ShouldBe(text.Split('\n').Count(line => !string.IsNullOrWhiteSpace(line)));
        answers.ShouldAllBe(answer => answer.ContainsKey("error") != answer.ContainsKey("kind"));
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(HostileTextTests)])]
    public void A_text_in_a_line_of_JSON_is_read_like_the_text(string text)
    {
        var whole = new string([.. text.Where(character => !char.IsSurrogate(character))]);
        using var reader = new StringReader(JsonSerializer.Serialize(new { id = "1", text = whole }));

        FailureJsonLines.Answers(reader).ToList().ShouldHaveSingleItem()["kind"]!
            .GetValue<string>()
            .ShouldBe(FailureText.Read(whole).Kind);
    }

    [Fact]
    public void A_line_of_JSON_that_is_too_long_is_an_error_and_the_next_is_read()
    {
        using var text = new Repetition("x", FailureJsonLines.LongestLine + 100, "\n{\"id\":7,\"text\":\"denied: x\"}");

        FailureJsonLines
            .Answers(text)
            .Select(answer => answer.ToJsonString())
            .ShouldBe([
                $$"""{"id":null,"line":1,"error":"The line has more than {{FailureJsonLines.LongestLine}} characters."}""",
                """{"id":7,"code":"ECR2006","kind":"forbidden-opaque","principal":null,"action":null,"resource":null,"policyType":null,"policyArn":null,"callerAccount":null,"repositoryAccount":null,"registry":null,"repository":null}""",
            ]);
    }

    [Theory]
    [InlineData("nonsense", "is no JSON;")]
    [InlineData("[1]", "is no JSON object")]
    [InlineData("""{"id":"a"}""", "no string 'text'")]
    [InlineData("""{"id":"a","text":5}""", "no string 'text'")]
    [InlineData("""{"id":"a","text":"\ud800"}""", "surrogate")]
    public void A_line_of_another_form_is_told_what_is_wrong(string line, string problem)
    {
        using var reader = new StringReader(line);

        FailureJsonLines.Answers(reader).ToList().ShouldHaveSingleItem()["error"]!
            .GetValue<string>()
            .ShouldContain(problem);
    }
}
