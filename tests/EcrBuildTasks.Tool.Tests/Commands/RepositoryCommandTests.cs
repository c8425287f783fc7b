using System.Text.Json;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary><c>repository create</c> and <c>repository list</c>.</summary>
public sealed class RepositoryCommandTests
{
    private const string PushByCi =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"ecr:*","Condition":{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::111122223333:role/ci","arn:aws:iam::111122223333:role/*/ci"]}}}]}""";

    [Theory]
    [InlineData("IMMUTABLE")]
    [InlineData("MUTABLE", "--mutable")]
    public async Task A_repository_is_created_with_the_defaults_that_ECR_lacks(
        string mutability,
        params string[] options
    )
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync(["repository", "create", "team/new", .. options]);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldBe($"{PolicyScene.Host}/team/new");
        var repository = await scene.DescribeAsync("team/new");
        repository.ImageTagMutability.ShouldBe(mutability);
        repository.ImageScanningConfiguration!.ScanOnPush.ShouldBe(true);
        repository.EncryptionConfiguration!.EncryptionType.ShouldBe("AES256");
    }

    [Fact]
    public async Task A_repository_is_created_as_the_options_say()
    {
        await using var scene = await PolicyScene.StartAsync();
        var lifecycle = scene.Write("lifecycle.json", $$"""{"rules":[]{{new string(' ', 100)}}}""");

        var result = await scene.AsOwnerAsync(
            "repository",
            "create",
            "new",
            "--immutability",
            "mutable_with_exclusion:v*",
            "--scan-on-push",
            "false",
            "--encryption",
            "kms",
            "--lifecycle-policy",
            Path.GetFileName(lifecycle),
            "--tag",
            "team=a",
            "--tag",
            "cost=b=c",
            "--push-principal",
            PolicyScene.CiAccount
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Error.Trim().ShouldBe("Created:");
        var repository = await scene.DescribeAsync("new");
        repository.ImageTagMutability.ShouldBe("MUTABLE_WITH_EXCLUSION");
        repository.ImageTagMutabilityExclusionFilters!.ShouldHaveSingleItem().Filter.ShouldBe("v*");
        repository.ImageScanningConfiguration!.ScanOnPush.ShouldBe(false);
        repository.EncryptionConfiguration!.EncryptionType.ShouldBe("KMS");
        scene.Emulator.Calls.ShouldContain(call => call.Action == "PutLifecyclePolicy" && call.Status == 200);
        (await scene.PolicyAsync("new"))!.ShouldContain($"arn:aws:iam::{PolicyScene.CiAccount}:root");
    }

    [Theory]
    [InlineData("--immutability", "SOMETIMES")]
    [InlineData("--lifecycle-policy", "no-such.json")]
    public async Task An_option_with_a_value_that_cannot_be_creates_nothing(string option, string value)
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("repository", "create", "new", option, value);

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldStartWith("error ECR1004: ");
        result.Error.ShouldContain(option);
        result.Output.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repository_that_exists_is_as_good_and_stays_as_it_is()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("repository", "create", PolicyScene.Repository, "--output", "json");

        result.ExitCode.ShouldBe(0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.GetProperty("created").GetBoolean().ShouldBeFalse();
        (await scene.DescribeAsync(PolicyScene.Repository)).ImageTagMutability.ShouldBe("MUTABLE");
    }

    [Fact]
    public async Task Who_may_not_create_a_repository_is_told_so_with_exit_code_2()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.RunAsync(PolicyScene.Reader, input: null, "repository", "create", "new");

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain("ecr:CreateRepository");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_breaks_the_rules_is_told()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("repository", "create", "New_");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("error ECR1002: ");
    }

    [Fact]
    public async Task The_list_says_who_can_push()
    {
        await using var scene = await PolicyScene.StartAsync(PushByCi, others: 1);

        var result = await scene.AsOwnerAsync("repository", "list");

        result.ExitCode.ShouldBe(0, result.ToString());
        var lines = result.Output.Split('\n');
        lines.ShouldContain(line =>
            line.Contains("hello-api")
            && line.Contains("mutable")
            && line.Contains("never")
            && line.Contains("ci in 111122223333")
        );
        lines.ShouldContain(line => line.Contains("other-0000") && line.Contains("no policy"));
    }

    [Fact]
    public async Task What_the_caller_may_not_read_is_unknown()
    {
        await using var scene = await PolicyScene.StartAsync(PushByCi);

        var text = await scene.RunAsync(PolicyScene.Reader, input: null, "repository", "list");
        var json = await scene.RunAsync(
            PolicyScene.Reader,
            input: null,
            "repository",
            "list",
            PolicyScene.Host,
            "--output",
            "json"
        );

        text.ExitCode.ShouldBe(0, text.ToString());
        text.Output.ShouldContain("unknown");
        using var document = JsonDocument.Parse(json.Output);
        var repository = document.RootElement[0];
        repository.GetProperty("policy").GetString().ShouldBe("Unknown");
        repository.GetProperty("lastPushedIsKnown").GetBoolean().ShouldBeFalse();
        repository.GetProperty("lastPushed").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_list_of_several_pages_is_complete()
    {
        await using var scene = await PolicyScene.StartAsync(PushByCi, others: 1001);

        var result = await scene.AsOwnerAsync("repository", "list", "--output", "json");

        result.ExitCode.ShouldBe(0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.GetArrayLength().ShouldBe(1002);
        scene.Emulator.Calls.Count(call => call.Action == "DescribeRepositories").ShouldBe(2);
        json.RootElement[0].GetProperty("pushers")[0].GetProperty("account").GetString().ShouldBe("111122223333");
    }
}
