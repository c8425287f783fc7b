using System.Text.Json;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>The commands with images of Amazon ECR Public.</summary>
public sealed class PublicRegistryTests
{
    private const string Image = $"{PushScene.PublicRegistry}/hello-api";
    private const string CiRole = "arn:aws:iam::111122223333:role/ci";

    [Theory]
    [InlineData("owner", 0, "")]
    [InlineData("nobody", 2, "error ECR2004")]
    [InlineData("ci", 2, "error ECR1037")]
    public async Task A_check_lists_each_action_of_ECR_Public_and_has_the_code_of_the_failure(
        string who,
        int exitCode,
        string code
    )
    {
        await using var scene = await OpenAsync(who);

        var result = await scene.EcrAsync("check", $"{Image}:1.0.0");

        result.ExitCode.ShouldBe(exitCode, result.ToString());
        result.Output.ShouldContain("ecr-public:InitiateLayerUpload");
        result.Error.ShouldContain(code);
        scene.Emulator.Calls.ShouldNotContain(call => call.Service == "ecr");
    }

    [Theory]
    [InlineData("check public.ecr.aws/hello-api", "error ECR1035: ")]
    [InlineData("policy show public.ecr.aws/a1b2c3d4", "error ECR1035: ")]
    [InlineData("repository create public.ecr.aws/new-api", "error ECR1035: ")]
    [InlineData("check public.ecr.aws/nobodys1/hello-api", "error ECR1036: ")]
    [InlineData("policy show public.ecr.aws/own-alias/hello-api", "error ECR1037: ")]
    [InlineData("repository list public.ecr.aws/own-alias", "error ECR1037: ")]
    [InlineData("repository create public.ecr.aws/own-alias/new-api", "error ECR1037: ")]
    public async Task A_registry_that_is_not_the_caller_s_or_not_named_is_an_error(string command, string error)
    {
        await using var scene = await OpenAsync();

        var result = await scene.EcrAsync(command.Split(' '));

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldStartWith(error);
        scene.Emulator.Calls.ShouldNotContain(call => call.Action == "CreateRepository");
    }

    [Fact]
    public async Task One_push_goes_to_a_public_and_a_private_registry_and_a_tag_that_is_there_is_not_pushed_again()
    {
        await using var scene = await OpenAsync();
        var layout = scene.WriteLayout();

        var push = await scene.EcrAsync("push", layout, $"{Image}:1.0.0", $"{PushScene.Host}/hello-api:1.0.0");
        var again = await scene.EcrAsync("push", layout, $"{Image}:1.0.0", "--skip-if-exists");

        push.ExitCode.ShouldBe(0, push.ToString());
        push.Output.ShouldContain($"{scene.Emulator.PublicEndpoint.Authority}/a1b2c3d4/hello-api:1.0.0@sha256:");
        push.Output.ShouldContain($"{scene.Emulator.Endpoint.Authority}/hello-api:1.0.0@sha256:");
        push.Error.ShouldContain("  a1b2c3d4 public 1.0.0: layer ");
        again.ExitCode.ShouldBe(0, again.ToString());
        push.Output.ShouldContain(again.Output.Trim());
        again.Error.ShouldContain("exists already");
    }

    [Fact]
    public async Task A_test_image_is_pushed_to_a_public_registry_and_deleted_again()
    {
        await using var scene = await OpenAsync();

        var result = await scene.EcrAsync("check", Image, "--push-test-image");

        result.ExitCode.ShouldBe(0, result.ToString());
        scene.Emulator.Calls.ShouldContain(call =>
            call.Service == "ecr-public" && call.Action == "BatchDeleteImage" && call.Status == 200
        );
    }

    [Fact]
    public async Task An_applied_fix_lets_another_account_push_and_can_be_undone()
    {
        await using var scene = await OpenAsync();

        var applied = await scene.EcrAsync("policy", "fix", Image, "--principal", CiRole, "--apply", "--yes");
        applied.ExitCode.ShouldBe(0, applied.ToString());
        (await scene.AsCi().EcrAsync("check", Image)).ExitCode.ShouldBe(0);

        scene.AsOwner();
        (await scene.EcrAsync("policy", "explain", Image)).Output.ShouldContain("  account 111122223333, ");
        (await scene.EcrAsync("policy", "lint", Image)).ExitCode.ShouldBe(0);
        (await scene.EcrAsync("repository", "list", "public.ecr.aws")).Output.ShouldContain("ci in 111122223333");
        var backup = Directory.GetFiles(scene.Folder, "ecr-policy-*.json").ShouldHaveSingleItem();
        (await scene.EcrAsync("policy", "restore", backup, "--yes")).ExitCode.ShouldBe(0);
        (await scene.EcrAsync("policy", "show", Image, "--output", "json")).Output.ShouldNotContain("Statement");
    }

    [Theory]
    [InlineData("", 0, "\"ecr-public:PutImage\"", "In account 444455556666")]
    [InlineData("--format cli", 0, "aws ecr-public set-repository-policy", "In account 444455556666")]
    [InlineData("--format policy", 1, "", "error ECR1030: ")]
    [InlineData("--apply --yes", 1, "", "error ECR1037: ")]
    [InlineData($"--principal {CiRole}x", 1, "", "error ECR1037: ")]
    public async Task A_fix_for_another_account_s_registry_is_printed_and_never_applied(
        string options,
        int exitCode,
        string output,
        string error
    )
    {
        await using var scene = await OpenAsync("ci");

        var result = await scene.EcrAsync([
            "policy",
            "fix",
            Image,
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);

        result.ExitCode.ShouldBe(exitCode, result.ToString());
        result.Output.ShouldContain(output);
        result.Error.ShouldStartWith(error);
    }

    [Fact]
    public async Task The_command_of_the_fix_run_by_the_owner_s_real_aws_lets_another_account_push()
    {
        _ = RealPart.Find("aws");
        _ = RealPart.Find("jq");
        var bash = RealPart.Find("bash");
        await using var scene = await OpenAsync("ci");
        scene.With("AWS_ENDPOINT_URL", scene.Emulator.Endpoint.ToString());
        var layout = scene.WriteLayout();
        (await scene.EcrAsync("push", layout, Image)).ExitCode.ShouldBe(2);
        var command = (await scene.EcrAsync("policy", "fix", Image, "--format", "cli")).Output;

        var run = await scene.AsOwner().RunAsync(bash, ["-c", command]);

        run.ExitCode.ShouldBe(0, run.ToString());
        var push = await scene.AsCi().EcrAsync("push", layout, Image);
        push.ExitCode.ShouldBe(0, push.ToString());
    }

    [Fact]
    public async Task A_repository_is_created_under_the_alias_without_settings_and_listed()
    {
        await using var scene = await OpenAsync();

        var created = await scene.EcrAsync("repository", "create", $"{PushScene.PublicRegistry}/team/new");
        var listed = await scene.EcrAsync("repository", "list", PushScene.PublicRegistry, "--output", "json");

        (created.ExitCode, created.Output).ShouldBe((0, $"{PushScene.PublicRegistry}/team/new"), created.ToString());
        created.Error.ShouldContain("Public repositories ");
        using var json = JsonDocument.Parse(listed.Output);
        json.RootElement.EnumerateArray()
            .Select(repository => repository.GetProperty("name").GetString())
            .ShouldBe(["hello-api", "team/new"]);
        json.RootElement[1].GetProperty("tagMutability").GetString().ShouldBe("MUTABLE");
    }

    [Theory]
    [InlineData("owner", 0, "ok", "127.0.0.1:")]
    [InlineData("nobody", 1, "problem", "ecr-public:GetAuthorizationToken")]
    public async Task The_doctor_looks_at_ECR_Public_when_it_is_named(
        string who,
        int exitCode,
        string state,
        string found
    )
    {
        await using var scene = await OpenAsync(who);
        scene.With("AWS_REGION", null);

        var result = await scene.EcrAsync("doctor", "public.ecr.aws", "--output", "json");

        result.ExitCode.ShouldBe(exitCode, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var findings = json
            .RootElement.EnumerateArray()
            .ToDictionary(one => one.GetProperty("check").GetString()!, StringComparer.Ordinal);
        findings["Region"].GetProperty("found").GetString()!.ShouldMatch("^us-east-1, .* public.ecr.aws");
        findings["Registry"].GetProperty("state").GetString().ShouldBe(state);
        findings["Registry"].GetProperty("found").GetString()!.ShouldContain(found);
    }

    [Fact]
    public async Task One_kept_password_is_good_for_all_aliases_and_for_no_private_registry()
    {
        await using var scene = await OpenAsync();

        string[] passwords =
        [
            (await scene.EcrAsync("login", "public.ecr.aws", "--print-password")).Output,
            (await scene.EcrAsync("login", PushScene.PublicRegistry, "--print-password")).Output,
            (await scene.EcrAsync("login", "public.ecr.aws/acme", "--print-password")).Output,
            // In the region of ECR Public, and an emulator has one address for both.
            (await scene.EcrAsync("login", "--region", "us-east-1", "--print-password")).Output,
        ];

        passwords[0].Length.ShouldBeGreaterThan(20);
        passwords[..3].Distinct().ShouldHaveSingleItem();
        passwords[3].ShouldNotBe(passwords[0]);
        scene
            .Emulator.Calls.Select(call => $"{call.Service}:{call.Action}")
            .ShouldBe(["ecr-public:GetAuthorizationToken", "ecr:GetAuthorizationToken"]);

        var erased = await scene.EcrWithInputAsync("public.ecr.aws", "login", "--credential-helper", "erase");
        (erased.ExitCode, erased.Output, erased.Error).ShouldBe((0, "", ""));
        (await scene.EcrAsync("login", "public.ecr.aws", "--print-password")).Output.ShouldNotBe(passwords[0]);
        (await scene.EcrAsync("login", "--region", "us-east-1", "--print-password")).Output.ShouldBe(passwords[3]);
    }

    private static async Task<PushScene> OpenAsync(string who = "owner")
    {
        var scene = await PushScene.StartAsync();
        return who switch
        {
            "ci" => scene.AsCi(),
            "nobody" => scene.AsNobody(),
            _ => scene,
        };
    }
}
