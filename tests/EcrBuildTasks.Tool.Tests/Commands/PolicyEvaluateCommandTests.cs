using EcrBuildTasks.RealParts;
using EcrBuildTasks.Tool.Tests.Cases;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>The command as a process: arguments, standard streams and exit codes.</summary>
public sealed class PolicyEvaluateCommandTests
{
    private static readonly string Explicit = SampleCases.Denied.Replace(
        "\"repositoryPolicy\":null",
        "\"repositoryPolicy\":{\"Statement\":{\"Sid\":\"no\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\"}}"
    );

    [Theory]
    [InlineData]
    [InlineData("-")]
    public async Task Cases_on_standard_input_are_answered_and_a_malformed_one_fails_the_run(params string[] arguments)
    {
        var result = await RunAsync($"{SampleCases.Denied}\nnonsense\n{Explicit}", arguments);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldBeEmpty();
        var answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        answers[1].ShouldStartWith("""{"line":2,"error":" """.TrimEnd());
        answers
            .Where((_, index) => index != 1)
            .ShouldBe([
                """{"id":"a","verdict":"ImplicitlyDenied","fix":[{"policy":"identity","statement":{"Sid":"AllowPushToApp","Effect":"Allow","Action":["ecr:PutImage"],"Resource":"arn:aws:ecr:eu-west-1:111111111111:repository/app"}}]}""",
                """{"id":"a","verdict":"ExplicitlyDenied","decidedBy":{"policy":"repository","statement":0},"fix":null}""",
            ]);
    }

    [Fact]
    public async Task Every_case_of_a_file_is_answered_as_it_expects()
    {
        var answered = await RunAsync("", SampleCases.File);
        var compared = await RunAsync("", SampleCases.File, "--expect");

        (answered.ExitCode, compared.ExitCode).ShouldBe((0, 0));
        answered.Output.Split('\n').Length.ShouldBe(SampleCases.Lines.Count);
        compared.Output.ShouldBe($"{SampleCases.Lines.Count} cases: {SampleCases.Lines.Count} as expected, 0 not");
    }

    [Fact]
    public async Task What_differs_from_the_expected_is_told_with_its_reason()
    {
        var allowed = ""","expected":{"verdict":"Allowed","statements":[{"policy":"repository","index":0}]}}""";

        var result = await RunAsync(
            $"{SampleCases.Denied[..^1]}{allowed}\n{Explicit[..^1]}{allowed}\n{SampleCases.Denied}\n",
            "--expect"
        );

        result.ExitCode.ShouldBe(1);
        Snapshot.Match("policy-evaluate", result);
    }

    [Fact]
    public async Task No_case_at_all_is_no_test_that_passed() =>
        (await RunAsync("", "--expect")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(1),
            result => result.Output.ShouldBe("0 cases: 0 as expected, 0 not")
        );

    [Theory]
    [InlineData("no-such-file.jsonl")]
    [InlineData(".")]
    public async Task A_file_that_cannot_be_read_is_named_with_a_code(string file)
    {
        var result = await RunAsync("", file);

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith($"error ECR1030: {file}");
        result.Error.ShouldNotContain("   at ");
    }

    private static Task<CliResult> RunAsync(string input, params string[] arguments) =>
        Cli.RunAsync(
            "dotnet",
            ["exec", SourceTree.Tool, "policy", "evaluate", .. arguments],
            standardInput: input,
            cancellationToken: TestContext.Current.CancellationToken
        );
}
