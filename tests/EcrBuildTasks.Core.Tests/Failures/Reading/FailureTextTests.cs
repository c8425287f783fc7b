using System.Text.Json;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Core.Tests.Failures.Reading;

public sealed class FailureTextTests
{
    private const string Principal = "arn:aws:sts::111122223333:assumed-role/ci/run-7";
    private const string Repository = "arn:aws:ecr:eu-west-1:444455556666:repository/hello-api";

    private const string Denial =
        $"denied: User: {Principal} is not authorized to perform: ecr:InitiateLayerUpload on resource: {Repository} because no resource-based policy allows the ecr:InitiateLayerUpload action";

    private const string Opaque =
        "#14 ERROR: unexpected status from PUT request to https://444455556666.dkr.ecr.eu-west-1.amazonaws.com/v2/x/manifests/1: 403 Forbidden";

    private static string Noise(int lines) =>
        string.Join(
            '\n',
            Enumerable
                .Range(0, lines)
                .Select(i =>
                    $"2025-09-24T13:46:46.{i:0000000}Z #{i % 30} {i}.403 [{i}/90] RUN step sha256:{i:x64} done"
                )
        );

    public static TheoryData<string, string> RealTexts()
    {
        using var texts = JsonDocument.Parse(File.ReadAllText(DataFile("Failures", "ecr-errors.json")));
        return new(
            texts
                .RootElement.EnumerateArray()
                .Select(text => (text.GetProperty("kind").GetString()!, text.GetProperty("text").GetString()!))
        );
    }

    public static TheoryData<string> OtherTexts() =>
        new(File.ReadLines(DataFile("Failures", "Reading", "failure-texts.jsonl")));

    public static TheoryData<string> Logs()
    {
        using var logs = JsonDocument.Parse(File.ReadAllText(DataFile("Failures", "Reading", "failure-logs.json")));
        return new(logs.RootElement.EnumerateArray().Select(log => log.GetRawText()));
    }

    [Theory]
    [MemberData(nameof(RealTexts))]
    public void A_real_text_gives_its_kind(string kind, string text) => FailureText.Read(text).Kind.ShouldBe(kind);

    [Theory]
    [MemberData(nameof(OtherTexts))]
    [MemberData(nameof(Logs))]
    public void A_text_of_another_client_or_shape_gives_its_code_and_names(string line)
    {
        using var expected = JsonDocument.Parse(line);
        var facts = FailureJson.Write(FailureText.Read(expected.RootElement.GetProperty("text").GetString()!));

        foreach (var part in expected.RootElement.EnumerateObject().Where(part => part.Name is not "text"))
        {
            (facts[part.Name]?.GetValue<string>()).ShouldBe(part.Value.GetString(), part.Name);
        }
    }

    [Theory]
    [InlineData("2026-03-04T10:11:12.1234567Z ", "\n")]
    [InlineData("build\tPush image\t2026-03-04T10:11:12.1234567Z ", "\n")]
    [InlineData("[2026-03-04T10:11:12.123Z] ", "\r\n")]
    [InlineData("10:11:12 ", "\n")]
    [InlineData("\u001b[0;33m", "\u001b[0m\n")]
    [InlineData("web-1  | ", "\n")]
    [InlineData("#14 12.34 ", "\n")]
    [InlineData("[14:03:24]W:\t [Step 4/5] ", "\n")]
    [InlineData("Nov 29 10:00:00 host runner[812]: ", "\n")]
    public void What_a_CI_system_puts_around_the_lines_does_not_matter(string prefix, string end)
    {
        foreach (var row in Logs())
        {
            using var log = JsonDocument.Parse(row.Data);
            var lines = log.RootElement.GetProperty("text").GetString()!.Split('\n');
            var decorated = string.Concat(lines.Select(line => $"{prefix}{line}{end}"));

            (FailureText.Read(decorated).Code?.Id).ShouldBe(log.RootElement.GetProperty("code").GetString(), decorated);
        }
    }

    [Fact]
    public void Text_after_the_cause_does_not_matter()
    {
        foreach (var row in Logs())
        {
            using var log = JsonDocument.Parse(row.Data);
            var text =
                $"{log.RootElement.GetProperty("text").GetString()}\nCleaning up\nERROR: Job failed: exit code 1\n";

            (FailureText.Read(text).Code?.Id).ShouldBe(log.RootElement.GetProperty("code").GetString(), text);
        }
    }

    [Theory]
    [InlineData("a & b|c", "x b a", true)]
    [InlineData("a & b|c", "x c A", true)]
    [InlineData("a & b|c", "x a", false)]
    [InlineData("a & !d", "a d", false)]
    [InlineData("403", "at 4031", false)]
    [InlineData("403", "(403)", true)]
    [InlineData("403", "4403 403", true)]
    [InlineData("^EOF$", " eof ", true)]
    [InlineData("^EOF$", "an EOF", false)]
    [InlineData(": EOF$", "push: EOF", true)]
    [InlineData("^denied", "is denied", false)]
    public void A_pattern_matches(string pattern, string line, bool isMatch) =>
        new LinePattern(pattern).Matches(line).ShouldBe(isMatch);

    [Fact]
    public void An_error_of_the_product_itself_is_read_as_its_code_whatever_else_the_log_says()
    {
        foreach (var code in EcrCode.Catalogue)
        {
            var reading = FailureText.Read(
                $"""
                2026-11-29T10:00:00.0000000Z ##[error]HelloApi.csproj : error {code.Id}: The push failed, as [it] must. [/src/HelloApi.csproj]
                denied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:444455556666:repository/x because no resource-based policy allows the ecr:PutImage action
                Cannot connect to the Docker daemon
                """
            );

            reading.Code.ShouldBe(code);
            reading.Cause.ShouldBe("The push failed, as [it] must.");
        }
    }

    [Theory]
    [InlineData("team/x", true)]
    [InlineData("*", false)]
    [InlineData("x;id", false)]
    [InlineData("x$(id)", false)]
    public void A_command_of_a_remedy_names_the_repository_if_it_has_a_valid_name(string repository, bool isNamed) =>
        FailureText
            .Read(
                $"denied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:444455556666:repository/{repository} because no resource-based policy allows the ecr:PutImage action"
            )
            .Remedies[0]
            .Contains(
                $"--registry-id {(isNamed ? "444455556666" : "<account>")} --repository-names {(isNamed ? repository : "<repository>")} "
            )
            .ShouldBeTrue();

    [Theory]
    [InlineData("hello-api", "hello-api", "unknown")]
    [InlineData("hello-api", "other", "repository-not-found")]
    public void A_pushed_image_ends_the_failures_of_the_same_image_only(string failed, string pushed, string kind) =>
        FailureText
            .Read(
                $"""
                The push refers to repository [444455556666.dkr.ecr.eu-west-1.amazonaws.com/{failed}]
                name unknown: The repository with name '{failed}' does not exist in the registry with id '444455556666'
                The push refers to repository [444455556666.dkr.ecr.eu-west-1.amazonaws.com/{pushed}]
                1: digest: sha256:{new string('b', 64)} size: 740
                """
            )
            .Kind.ShouldBe(kind);

    [Theory]
    [InlineData("docker pull", true)]
    [InlineData("docker push", false)]
    public void A_refused_pull_gets_advice_for_a_pull(string command, bool isPull)
    {
        var reading = FailureText.Read(
            $"$ {command} 444455556666.dkr.ecr.eu-west-1.amazonaws.com/x:1\nunexpected status from HEAD request to https://444455556666.dkr.ecr.eu-west-1.amazonaws.com/v2/x/manifests/1: 403 Forbidden"
        );

        reading.Remedies.Any(remedy => remedy.Contains("ecr:GetDownloadUrlForLayer")).ShouldBe(isPull);
    }

    [Fact]
    public void Every_failure_has_a_code_a_cause_and_what_to_do() =>
        FailureCatalog
            .Rows.Where(row => row.Line > LineKind.Success)
            .ShouldAllBe(row => row.Code != null && row.Cause.EndsWith('.') && row.Remedies.Count > 0);

    [Fact]
    public void Every_kind_of_the_real_texts_is_in_the_table() =>
        RealTexts().Select(row => row.Data.Item1).Except(FailureCatalog.Rows.Select(row => row.Kind)).ShouldBeEmpty();

    [Fact]
    public void One_line_in_the_middle_of_a_long_log_is_found()
    {
        var reading = FailureText.Read($"{Noise(5000)}\n2025-09-24T13:50:00.0000000Z {Denial}\n{Noise(5000)}");

        reading.Kind.ShouldBe("denied-no-resource-policy");
        reading.Principal.ShouldBe(Principal);
        reading.Resource.ShouldBe(Repository);
    }

    [Theory]
    [InlineData(37)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(132)]
    public void A_sentence_that_a_terminal_has_torn_in_mid_word_is_read_whole(int width)
    {
        var torn = string.Join(
            '\n',
            Denial.Chunk(width).Select(line => $"2025-09-24T13:46:46.1234567Z {new string(line)}")
        );

        var reading = FailureText.Read($"{Noise(20)}\n{torn}\n{Noise(20)}");

        (reading.Principal, reading.Action, reading.Resource, reading.PolicyType).ShouldBe(
            (Principal, "ecr:InitiateLayerUpload", Repository, "resource-based policy")
        );
    }

    [Theory]
    [InlineData($"{Denial}\n{Opaque}")]
    [InlineData($"{Opaque}\n{Denial}")]
    [InlineData($"ab: Retrying in 1 second\nEOF\n{Denial}\nError: Process completed with exit code 1.")]
    public void A_reason_goes_before_an_answer_that_has_lost_it(string log) =>
        FailureText.Read(log).Kind.ShouldBe("denied-no-resource-policy");

    [Fact]
    public void Of_two_reasons_the_last_wins_for_there_the_log_ends() =>
        FailureText
            .Read(
                $"{Denial}\n{Noise(10)}\ntag invalid: The image tag '1' already exists in the 'x' repository and cannot be overwritten because the repository is immutable."
            )
            .Kind.ShouldBe("tag-immutable");

    [Fact]
    public void A_failed_login_goes_before_the_push_that_then_lacks_credentials() =>
        FailureText
            .Read(
                "Error saving credentials: error storing credentials - err: exit status 1, out: `not implemented`\nThe push refers to repository [444455556666.dkr.ecr.eu-west-1.amazonaws.com/x]\nno basic auth credentials"
            )
            .Kind.ShouldBe("credential-store-failure");

    [Fact]
    public void A_retry_that_succeeds_is_no_failure() =>
        FailureText
            .Read(
                $"Put \"https://444455556666.dkr.ecr.eu-west-1.amazonaws.com/v2/x/blobs/uploads/1\": EOF\nab: Retrying in 1 second\nab: Pushed\nlatest: digest: sha256:{new string('b', 64)} size: 740"
            )
            .Kind.ShouldBe("unknown");

    [Theory]
    [InlineData(
        "  ✓ returns 403 Forbidden when the user lacks the role (12 ms)\n  ✓ rejects an expired token\n  ✓ 404 Not Found for an unknown order\n"
    )]
    [InlineData("#6 [2/5] RUN cat <<EOF > /etc/x\n#6 0.403 EOF\n#7 sha256:403a1b2c403 4.03MB / 4.03MB done\n")]
    [InlineData(
        "npm ERR! 403 403 Forbidden - PUT https://registry.npmjs.org/x - You do not have permission to publish\n"
    )]
    [InlineData(
        "E: Failed to fetch http://repo.example.com/dists/stable/InRelease  403  Forbidden [IP: 192.0.2.1 80]\n"
    )]
    [InlineData(
        "info: End processing HTTP request after 403.22ms - 200\nwarn: token expired for user 12, refreshing\n"
    )]
    public void A_long_log_whose_words_only_resemble_a_failure_has_no_false_cause(string lines) =>
        FailureText.Read(string.Concat(Enumerable.Repeat(lines, 100))).Kind.ShouldBe("unknown");

    [Fact]
    public void The_registry_and_repository_are_those_named_last_before_the_failure()
    {
        var reading = FailureText.Read(
            "The push refers to repository [444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/app]\nno basic auth credentials\nThe push refers to repository [111122223333.dkr.ecr.eu-west-1.amazonaws.com/other]\n"
        );

        reading.Registry!.Host.ShouldBe("444455556666.dkr.ecr.eu-west-1.amazonaws.com");
        reading.Repository.ShouldBe("team/app");
        reading.RepositoryAccount.ShouldBe("444455556666");
    }

    [Fact]
    public void The_code_is_finer_than_the_kind_where_the_words_are() =>
        FailureText
            .Read(
                "An error occurred (ExpiredTokenException) when calling the GetAuthorizationToken operation: The security token included in the request is expired"
            )
            .Code.ShouldBe(EcrCode.CredentialsExpired);

    [Fact]
    public void No_secret_of_the_text_is_in_what_is_said_of_it()
    {
        var reading = FailureText.Read(
            $"docker login -u AWS -p eyJwYXlsb2FkIjoiSECRET 444455556666.dkr.ecr.eu-west-1.amazonaws.com\nAWS_SECRET_ACCESS_KEY=wJalrSECRET AKIAIOSFODNN7EXAMPLE\n{Denial} SECRET\n"
        );

        var said = FailureJson.Write(reading).ToJsonString() + reading.Diagnostic;
        said.ShouldContain(Principal);
        said.ShouldNotContain("SECRET");
        said.ShouldNotContain("AKIA");
    }

    internal static string DataFile(params string[] path) => Path.Combine([AppContext.BaseDirectory, .. path]);
}
