using System.Text.Json;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary><c>policy show</c>, <c>explain</c> and <c>lint</c>, run as people run them.</summary>
public sealed class PolicyReadingTests
{
    private const string SixActions =
        """["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload","ecr:PutImage"]""";

    private const string PushByCi =
        $$$$"""{"Sid":"Push","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":{{{{SixActions}}}},"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci"}}}""";

    private const string PullByAll =
        """{"Sid":"Pull","Effect":"Allow","Principal":"*","Action":"ecr:GetDownloadUrlForLayer","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}}""";

    private const string NoPuts =
        """{"Sid":"NoPuts","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:role/old"},"Action":"ecr:PutImage"}""";

    private static readonly string Policy = Of(PushByCi, PullByAll, NoPuts);

    [Fact]
    public async Task A_policy_is_shown_statement_by_statement()
    {
        await using var scene = await PolicyScene.StartAsync(Policy);

        var result = await scene.AsOwnerAsync("policy", "show", PolicyScene.Image);

        result.ExitCode.ShouldBe(0, result.ToString());
        string[] statements = result.Output.Split("\n\n")[1..];
        statements.Length.ShouldBe(3);
        statements[0].ShouldMatch(@"^1\. Allow \(Push\)\n.*111122223333\n(.*\n)*.*aws:PrincipalArn .*role/ci$");
        statements[1].ShouldMatch(@"^2\. Allow \(Pull\)\n(.*\n)*.* ecr:GetDownloadUrlForLayer\n");
        statements[2].ShouldMatch(@"^3\. Deny \(NoPuts\)\n.* old .*111122223333\n");
    }

    [Fact]
    public async Task A_policy_as_JSON_is_the_document_itself()
    {
        await using var scene = await PolicyScene.StartAsync(Policy);

        var result = await scene.AsOwnerAsync("policy", "show", "hello-api:1.0.0", "--output", "json");

        result.ExitCode.ShouldBe(0, result.ToString());
        JsonElement
            .DeepEquals(
                JsonSerializer.Deserialize<JsonElement>(result.Output),
                JsonSerializer.Deserialize<JsonElement>(Policy)
            )
            .ShouldBeTrue(result.Output);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("explain")]
    [InlineData("lint")]
    public async Task A_repository_without_a_policy_is_nothing_wrong(string command)
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("policy", command, PolicyScene.Image);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldStartWith(PolicyScene.Image);
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_repository_is_named_and_the_exit_code_is_1()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("policy", "show", "no-such");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldMatch("error ECR3001: .*no-such .*444455556666");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_that_may_not_read_a_policy_gets_exit_code_2()
    {
        await using var scene = await PolicyScene.StartAsync(Policy);

        var result = await scene.RunAsync(PolicyScene.Reader, input: null, "policy", "show", PolicyScene.Image);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain("error ECR20");
        result.Error.ShouldContain("ecr:GetRepositoryPolicy");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_or_standard_input_is_read_without_AWS()
    {
        await using var scene = await PolicyScene.StartAsync();
        scene.Write("policy.json", Policy);

        var file = await scene.AsOwnerAsync("policy", "show", "--file", "policy.json");
        var input = await scene.RunAsync(PolicyScene.Owner, Policy, "policy", "show", "--file", "-");

        file.ExitCode.ShouldBe(0, file.ToString());
        file.Output.ShouldContain("policy.json: 3 ");
        input.Output.ShouldContain("3. Deny (NoPuts)");
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{", "policy: ")]
    [InlineData("""{"Statement":[{"Effect":"Permit","Action":"*"}]}""", "policy: ")]
    [InlineData(null, "policy.json")]
    public async Task A_file_that_is_not_a_policy_is_an_error(string? text, string words)
    {
        await using var scene = await PolicyScene.StartAsync();
        if (text is not null)
        {
            scene.Write("policy.json", text);
        }

        var result = await scene.AsOwnerAsync("policy", "lint", "--file", "policy.json");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("error ECR1030: ");
        result.Error.ShouldContain(words);
        result.Error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("lint", "--file")]
    [InlineData("restore", "--yes")]
    public async Task A_wrong_text_on_standard_input_is_named_as_such(string command, string option)
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.RunAsync(PolicyScene.Owner, "{}", "policy", command, option, "-");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldStartWith("error ECR1030: standard input ");
    }

    [Fact]
    public async Task A_caller_whom_AWS_was_not_asked_for_is_described_by_the_source_of_its_credentials()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.RunAsync(PolicyScene.Reader, input: null, "policy", "show", PolicyScene.Image);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain("Caller: the identity of the credentials from environment variables.");
    }

    [Fact]
    public async Task Who_may_push_is_explained_by_statement_and_account()
    {
        await using var scene = await PolicyScene.StartAsync(Policy);

        var result = await scene.AsOwnerAsync("policy", "explain", PolicyScene.Image);

        result.ExitCode.ShouldBe(0, result.ToString());
        var lines = result.Output.Split('\n').Select(line => line.Trim()).ToList();
        lines[1].ShouldMatch("^account 111122223333, .*role/ci, .*'Push'$");
        lines.ShouldContain(line => line.StartsWith("statement 'Push' ") && line.Contains("account 111122223333"));
        lines.ShouldContain(line => line.StartsWith("statement 'Pull' "));
        lines.ShouldContain(line =>
            line.StartsWith("statement 'NoPuts' denies ecr:PutImage ") && line.Contains("account 111122223333")
        );
        lines.ShouldContain(line => line.StartsWith("Account 444455556666, "));
    }

    [Fact]
    public async Task Statements_that_allow_a_push_only_together_are_joined_in_JSON()
    {
        await using var scene = await PolicyScene.StartAsync();
        var policy = Of(
            """{"Sid":"Up","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["ecr:*Layer*","ecr:PutImage"]}""",
            """{"Effect":"Allow","Principal":{"AWS":["111122223333","777788889999"]},"Action":"ecr:BatchGetImage"}"""
        );

        var result = await scene.RunAsync(
            PolicyScene.Owner,
            policy,
            "policy",
            "explain",
            "--file",
            "-",
            "--output",
            "json"
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.GetProperty("pushers")
            .EnumerateArray()
            .Select(pusher =>
                (
                    pusher.GetProperty("account").GetString(),
                    pusher.GetProperty("mayPush").GetBoolean(),
                    pusher.GetProperty("by").GetArrayLength()
                )
            )
            .ShouldBe([("111122223333", true, 2), ("777788889999", false, 1)]);
        json.RootElement.GetProperty("statements")
            .EnumerateArray()
            .Select(statement => statement.GetProperty("push").GetString())
            .ShouldBe(["Some", "Some"]);
    }

    [Fact]
    public async Task A_caller_that_may_only_pull_is_no_pusher_and_missing_actions_are_named()
    {
        await using var scene = await PolicyScene.StartAsync();
        var policy = Of(
            """{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}""",
            """{"Sid":"Half","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["ecr:*Layer*"]}""",
            """{"Sid":"NoCi","Effect":"Deny","Principal":{"AWS":"*"},"Action":"ecr:CompleteLayerUpload"}"""
        );

        var result = await scene.RunAsync(PolicyScene.Owner, policy, "policy", "explain", "--file", "-");

        result.ExitCode.ShouldBe(0, result.ToString());
        string[] lines = [.. result.Output.Split('\n')[1..3].Select(line => line.Trim())];
        lines[0].ShouldStartWith("no one");
        lines[1].ShouldStartWith("not account 111122223333: ");
        lines[1].ShouldContain("statement 1, statement 'Half'");
        lines[1].ShouldEndWith(" ecr:CompleteLayerUpload, ecr:PutImage");
    }

    [Fact]
    public async Task The_own_account_in_a_policy_is_explained_to_grant_nothing()
    {
        await using var scene = await PolicyScene.StartAsync(
            Of($$"""{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":{{SixActions}}}""")
        );

        var result = await scene.AsOwnerAsync("policy", "explain", PolicyScene.Image);

        result.Output.Split('\n')[1].Trim().ShouldStartWith("no one");
        result.Output.ShouldMatch("statement 1 .*444455556666");
    }

    [Fact]
    public async Task Findings_are_warnings_with_codes_and_the_exit_code_is_1()
    {
        await using var scene = await PolicyScene.StartAsync(
            Of(
                $$"""{"Sid":"Session","Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/ci/run-7"},"Action":{{SixActions}}}"""
            )
        );

        var text = await scene.AsOwnerAsync("policy", "lint", PolicyScene.Image);
        var json = await scene.AsOwnerAsync("policy", "lint", PolicyScene.Image, "--output", "json");

        text.ExitCode.ShouldBe(1, text.ToString());
        text.Error.ShouldContain("warning ECR2101: ");
        text.Output.ShouldStartWith($"{PolicyScene.Image}: 1 ");
        json.ExitCode.ShouldBe(1, json.ToString());
        using var document = JsonDocument.Parse(json.Output);
        document.RootElement.GetProperty("findings")[0].GetProperty("code").GetString().ShouldBe("ECR2101");
    }

    [Fact]
    public async Task A_sound_policy_has_no_findings_and_the_exit_code_is_0()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.RunAsync(
            PolicyScene.Owner,
            Of(PushByCi),
            "policy",
            "lint",
            PolicyScene.Image,
            "--file",
            "-"
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.Split('\n').ShouldHaveSingleItem();
        result.Error.ShouldBeEmpty();
    }

    private static string Of(params string[] statements) =>
        $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";
}
