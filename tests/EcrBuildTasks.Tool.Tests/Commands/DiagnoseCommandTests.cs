using System.Text.Json;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>The tool as people run it: a process of its own, with files and standard input.</summary>
public sealed class DiagnoseCommandTests
{
    private const string Denial =
        "2025-09-24T13:46:46.1234567Z ##[error]denied: User: arn:aws:sts::111122223333:assumed-role/ci/run-7 is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:444455556666:repository/hello-api because no resource-based policy allows the ecr:InitiateLayerUpload action";

    [Fact]
    public async Task A_pasted_denial_gets_its_code_cause_and_statement()
    {
        var result = await Diagnose(Denial);

        result.ExitCode.ShouldBe(0, result.ToString());
        var lines = result.Output.Split('\n');
        lines[0]
            .ShouldMatch(
                "^error ECR2001: arn:aws:sts::111122223333:assumed-role/ci/run-7 .*ecr:InitiateLayerUpload .*arn:aws:ecr:eu-west-1:444455556666:repository/hello-api: "
            );
        // A missing repository is denied in the same words.
        result
            .Output.IndexOf("aws ecr describe-repositories", StringComparison.Ordinal)
            .ShouldBeInRange(0, result.Output.IndexOf("AllowPushByCi", StringComparison.Ordinal));
        result.Output.ShouldContain("\"Sid\":\"AllowPushByCi\"");
        result.Output.ShouldContain(
            "dotnet ecr policy fix 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api --principal"
        );
        lines.ShouldContain(line => line.Contains("Help: https://") && line.Contains("ECR2001"));
    }

    [Theory]
    [InlineData("--output", "json")]
    [InlineData("--json")]
    public async Task A_log_in_a_file_gives_one_JSON_object(params string[] option)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.log");
        await File.WriteAllTextAsync(file, $"Step 1\n{Denial}\nExit 1\n", TestContext.Current.CancellationToken);
        try
        {
            var result = await Diagnose("", [file, .. option]);

            result.ExitCode.ShouldBe(0, result.ToString());
            using var json = JsonDocument.Parse(result.Output);
            json.RootElement.GetProperty("kind").GetString().ShouldBe("denied-no-resource-policy");
            json.RootElement.GetProperty("policyType").GetString().ShouldBe("resource-based policy");
            json.RootElement.GetProperty("fixes")[0].GetProperty("account").GetString().ShouldBe("444455556666");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_masked_name_gets_no_statement_and_the_reason()
    {
        var masked = Denial.Replace("/ci/", "/***/", StringComparison.Ordinal);

        var words = await Diagnose(masked);
        using var json = JsonDocument.Parse((await Diagnose(masked, "-", "--json")).Output);
        using var named = JsonDocument.Parse((await Diagnose(Denial, "-", "--output", "json")).Output);

        words.Output.ShouldNotContain("\"Effect\"");
        words.Output.ShouldNotContain(
            "dotnet ecr policy fix 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api --principal"
        );
        json.RootElement.GetProperty("fixes").GetArrayLength().ShouldBe(0);
        var reason = json.RootElement.GetProperty("fixNote").GetString().ShouldNotBeNull();
        words.Output.ShouldContain(reason);
        named.RootElement.GetProperty("fixNote").GetString().ShouldNotBeNull().ShouldContain("111122223333");
    }

    [Fact]
    public async Task A_text_without_a_failure_fails_with_commands_that_print_more()
    {
        var result = await Diagnose("Login Succeeded\n");

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldNotContain("error ECR");
        result.Output.ShouldContain("docker buildx build --progress plain");
    }

    [Fact]
    public async Task Lines_of_JSON_are_answered_one_by_one_past_a_malformed_one()
    {
        var result = await Diagnose(
            """
            {"id":"a","text":"no basic auth credentials"}
            nonsense
            {"id":3,"text":"toomanyrequests: Rate exceeded"}
            """,
            "-",
            "--jsonl"
        );

        result.ExitCode.ShouldBe(1);
        result
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
            {
                using var json = JsonDocument.Parse(line);
                return (
                    json.RootElement.GetProperty("id").ToString(),
                    json.RootElement.TryGetProperty("kind", out var kind) ? kind.GetString() : "error"
                );
            })
            .ShouldBe([("a", "unauthenticated"), ("", "error"), ("3", "rate-limited")]);
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_named()
    {
        var result = await Diagnose("", "no-such.log");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith("error ECR1030: ");
        result.Error.ShouldContain("no-such.log");
        result.Error.ShouldNotContain("   at ");
    }

    private static Task<CliResult> Diagnose(string input, params string[] arguments) =>
        Cli.RunAsync(
            "dotnet",
            [SourceTree.Tool, "diagnose", .. arguments],
            standardInput: input,
            cancellationToken: TestContext.Current.CancellationToken
        );
}
