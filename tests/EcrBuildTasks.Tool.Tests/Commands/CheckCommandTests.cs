using System.Text.Json;

namespace EcrBuildTasks.Tool.Tests.Commands;

public sealed class CheckCommandTests
{
    [Fact]
    public async Task A_denied_check_writes_the_request_to_the_owner_and_an_allowed_one_does_not()
    {
        await using var scene = await PolicyScene.StartAsync();
        var page = Path.Combine(scene.Folder, "request.md");

        var denied = await scene.AsCiAsync("check", $"{PolicyScene.Image}:1", "--report", "request.md");

        denied.ExitCode.ShouldBe(2, denied.ToString());
        var request = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        request.ShouldContain("assumed-role/ci/run-7");
        request.ShouldContain(PolicyScene.OwnerAccount);
        request.ShouldContain("AllowPushByCi");
        request.ShouldContain($"dotnet ecr policy fix {PolicyScene.Image}");
        File.Delete(page);
        var allowed = await scene.AsOwnerAsync("check", $"{PolicyScene.Image}:1", "--report", "request.md");
        allowed.ExitCode.ShouldBe(0, allowed.ToString());
        File.Exists(page).ShouldBeFalse();
    }

    [Fact]
    public async Task A_request_that_cannot_be_written_is_an_error()
    {
        await using var scene = await PolicyScene.StartAsync();

        var denied = await scene.AsCiAsync("check", $"{PolicyScene.Image}:1", "--report", "no/such/folder/request.md");

        denied.ExitCode.ShouldBe(1, denied.ToString());
        denied.Error.ShouldContain("ECR1038");
    }

    [Fact]
    public async Task A_push_that_is_allowed_is_a_table_on_standard_output_and_exit_code_0()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.EcrAsync("check", $"{PushScene.Host}/hello-api:1.0.0");

        check.ExitCode.ShouldBe(0, check.ToString());
        check.Error.ShouldBeEmpty();
        check.Output.ShouldContain("ecr:PutImage");
    }

    [Fact]
    public async Task A_push_that_is_forbidden_names_who_decides_and_the_statement_and_exits_with_2()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.AsCi().EcrAsync("check", $"{PushScene.Host}/hello-api:1.0.0");

        check.ExitCode.ShouldBe(2, check.ToString());
        check.Output.ShouldContain("resource-based policy");
        check.Error.ShouldStartWith("error ECR2001: ");
        check.Error.ShouldContain("\"Sid\":\"AllowPushByCi\"");
    }

    [Fact]
    public async Task A_repository_that_the_push_creates_is_not_created_by_the_check()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.EcrAsync("check", "made-on-push/hello-api:1.0.0");

        check.ExitCode.ShouldBe(3, check.ToString());
        check.Error.ShouldBeEmpty();
        check.Output.ShouldContain(" made-on-push,");
        (await scene.EcrAsync("repository", "list")).Output.ShouldNotContain("made-on-push");
    }

    [Fact]
    public async Task Of_a_pull_through_cache_it_warns()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.EcrAsync("check", "cache/hello-api:1.0.0");

        check.ExitCode.ShouldBe(3, check.ToString());
        check.Error.ShouldStartWith("warning ECR3013: ");
        check.Error.ShouldContain("quay.io/hello-api");
    }

    [Fact]
    public async Task For_somebody_else_only_the_policy_is_read_and_what_that_leaves_open_is_exit_code_3()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.EcrAsync(
            "check",
            "hello-api",
            "--as",
            $"arn:aws:iam::{PushScene.OwnerAccount}:role/build"
        );

        check.ExitCode.ShouldBe(3, check.ToString());
        scene.Emulator.Calls.ShouldNotContain(call => call.Path.Contains("InitiateLayerUpload"));
        check.Error.ShouldContain("warning ECR2007: ");
    }

    [Fact]
    public async Task For_a_role_of_another_account_a_missing_policy_decides()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.EcrAsync("check", "hello-api", "--as", $"arn:aws:iam::{PushScene.CiAccount}:role/ci");

        check.ExitCode.ShouldBe(2, check.ToString());
        check.Error.ShouldContain("ECR2001");
    }

    [Fact]
    public async Task Each_command_that_fixes_a_denial_is_printed_once()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.AsNobody().EcrAsync("check", "hello-api:1.0.0");

        check.ExitCode.ShouldBe(2, check.ToString());
        var commands = check.Error.Split('\n').Where(line => line.Contains("aws iam put-user-policy")).ToList();
        commands.Count.ShouldBe(2, check.ToString());
        commands.Distinct(StringComparer.Ordinal).Count().ShouldBe(2, check.ToString());
    }

    [Theory]
    [InlineData("check", "no-such:1.0.0")]
    [InlineData("push", "LAYOUT", "no-such:1.0.0")]
    [InlineData("push", "nowhere.tar", "hello-api:1.0.0")]
    [InlineData("push", "LAYOUT", "ghcr.io/hello-api:1.0.0")]
    [InlineData("login", "ghcr.io")]
    [InlineData("repository", "create", "Hello")]
    public async Task A_failure_as_JSON_has_the_code_and_the_words_of_the_tool(params string[] command)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrAsync([
            .. command.Select(word => word is "LAYOUT" ? scene.WriteLayout() : word),
            "--output",
            "json",
        ]);

        result.ExitCode.ShouldBe(1, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var diagnostic = json.RootElement.GetProperty("diagnostics")[0];
        var shown = $"{diagnostic.GetProperty("code").GetString()}: {diagnostic.GetProperty("message").GetString()}";
        result.Error.ShouldStartWith($"error {shown}");
        shown.ShouldNotContain("EcrCreateRepository");
    }

    [Fact]
    public async Task A_table_in_a_pipe_has_no_trailing_blanks()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.EcrAsync("check", "hello-api:1.0.0");

        check.Output.Split('\n').ShouldNotContain(line => line.EndsWith(' '));
    }

    [Theory]
    [InlineData($"arn:aws:iam::{PolicyScene.CiAccount}:role/ci")]
    [InlineData($"arn:aws:sts::{PolicyScene.CiAccount}:assumed-role/ci/run-7")]
    [InlineData($"arn:aws:iam::{PolicyScene.OwnerAccount}:user/reader")]
    public async Task For_a_principal_whom_a_fix_allows_the_side_of_the_repository_is_done(string principal)
    {
        await using var scene = await PolicyScene.StartAsync();
        var before = await scene.AsOwnerAsync("check", PolicyScene.Image, "--as", principal);
        var fix = await scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            "--principal",
            principal,
            "--apply",
            "--yes"
        );
        fix.ExitCode.ShouldBe(0, fix.ToString());

        var after = await scene.AsOwnerAsync("check", PolicyScene.Image, "--as", principal);
        var json = await scene.AsOwnerAsync("check", PolicyScene.Image, "--as", principal, "--output", "json");

        // Within the account, identity policies may allow it without the repository policy.
        before.ExitCode.ShouldBe(principal.Contains(PolicyScene.OwnerAccount) ? 3 : 2, before.ToString());
        after.ExitCode.ShouldBe(0, after.ToString());
        after.Error.ShouldBeEmpty();
        after.Output.ShouldContain(principal);
        after.Output.ShouldNotContain("/any");
        using var report = JsonDocument.Parse(json.Output);
        report.RootElement.GetProperty("permission").GetString().ShouldBe("Unknown");
        report.RootElement.GetProperty("repositorySide").GetString().ShouldBe("Allowed");
    }

    [Theory]
    [InlineData("""{"StringEquals":{"aws:SourceVpc":"vpc-1"}}""", 3)]
    [InlineData("""{"StringEquals":{"aws:PrincipalAccount":"999900001111"}}""", 2)]
    public async Task A_condition_decides_the_side_of_the_repository_only_when_it_is_known(
        string condition,
        int exitCode
    )
    {
        await using var scene = await PolicyScene.StartAsync(
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{PolicyScene.CiAccount}}"},"Action":"ecr:*","Condition":{{condition}}}]}"""
        );

        var check = await scene.AsOwnerAsync("check", PolicyScene.Image, "--as", PolicyScene.CiRole);

        check.ExitCode.ShouldBe(exitCode, check.ToString());
    }

    [Fact]
    public async Task As_JSON_it_is_the_preflight_of_the_build()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.AsCi().EcrAsync("check", $"{PushScene.Host}/hello-api", "--output", "json");

        using var json = JsonDocument.Parse(check.Output);
        json.RootElement.GetProperty("permission").GetString().ShouldBe("Denied");
        json.RootElement.GetProperty("diagnostics")[0].GetProperty("code").GetString().ShouldBe("ECR2001");
    }

    [Fact]
    public async Task A_test_image_is_pushed_for_real_and_deleted_again()
    {
        await using var scene = await PushScene.StartAsync();

        var check = await scene.EcrAsync("check", "hello-api", "--push-test-image");

        check.ExitCode.ShouldBe(0, check.ToString());
        check.Error.ShouldContain("test image");
        scene.Emulator.Calls.ShouldContain(call => call.Method == "PUT" && call.Path.Contains("manifests/ecr-check-"));
        var left = await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.0.0");
        left.ExitCode.ShouldBe(0, left.ToString());
    }

    [Theory]
    [InlineData("check", "hello-api", "--push-test-image", "--as", "arn:aws:iam::111122223333:role/ci")]
    [InlineData("check", "hello-api", "--as", "ci")]
    [InlineData("check", "hello-api", "--output", "xml")]
    [InlineData("check", "hello-api", "too-much")]
    [InlineData("chekc")]
    public async Task Wrong_usage_is_exit_code_64_and_prints_nothing_on_standard_output(params string[] arguments)
    {
        await using var scene = await PushScene.StartAsync();

        var result = await scene.EcrAsync(arguments);

        result.ExitCode.ShouldBe(64, result.ToString());
        result.Error.ShouldContain("--help");
        result.Output.ShouldNotContain("Usage:");
    }
}
