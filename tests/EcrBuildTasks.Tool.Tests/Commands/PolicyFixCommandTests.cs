using System.Text.Json;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Policies;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary><c>policy fix</c> and <c>policy restore</c>, with the owner of the repository and a caller of another account.</summary>
public sealed class PolicyFixCommandTests
{
    private const string ForCi = "--principal";

    /// <summary>Written as nobody would print it, so that only the text itself is equal to it.</summary>
    private const string Former =
        """{ "Version": "2012-10-17",  "Statement": {"Sid":"Pull","Effect":"Allow","Principal":"*","Action":"ecr:GetDownloadUrlForLayer"} }""";

    private const string DenyAll =
        """{"Version":"2012-10-17","Statement":[{"Sid":"NoCi","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"ecr:*"}]}""";

    [Fact]
    public async Task A_fix_is_applied_and_the_caller_may_push_and_restore_brings_the_former_text_back()
    {
        await using var scene = await PolicyScene.StartAsync(Former);
        var before = await scene.AsCiAsync("check", $"{PolicyScene.Image}:1");
        before.ExitCode.ShouldBe(2, before.ToString());

        var applied = await scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            ForCi,
            PolicyScene.CiRole,
            "--apply",
            "--yes"
        );

        applied.ExitCode.ShouldBe(0, applied.ToString());
        applied.Error.ShouldContain("+      \"Sid\": \"AllowPushByCi\"");
        var backup = scene.Backups.ShouldHaveSingleItem();
        Path.GetFileName(backup).ShouldMatch(@"^ecr-policy-444455556666-hello-api-\d{8}T\d{6}Z\.json$");
        applied.Error.ShouldContain($"dotnet ecr policy restore {Path.GetFileName(backup)}");
        using (
            var json = JsonDocument.Parse(await File.ReadAllTextAsync(backup, TestContext.Current.CancellationToken))
        )
        {
            json.RootElement.GetProperty("registry").GetString().ShouldBe(PolicyScene.Host);
            json.RootElement.GetProperty("region").GetString().ShouldBe(PolicyScene.Region);
            json.RootElement.GetProperty("repository").GetString().ShouldBe(PolicyScene.Repository);
            json.RootElement.GetProperty("policyText").GetString().ShouldBe(Former);
        }

        var after = await scene.AsCiAsync("check", $"{PolicyScene.Image}:1");
        after.ExitCode.ShouldBe(0, after.ToString());

        var restored = await scene.AsOwnerAsync("policy", "restore", backup, "--yes");

        restored.ExitCode.ShouldBe(0, restored.ToString());
        restored.Error.ShouldContain("-      \"Sid\": \"AllowPushByCi\"");
        (await scene.PolicyAsync()).ShouldBe(Former);
    }

    [Fact]
    public async Task Where_there_was_no_policy_restore_removes_it_again()
    {
        await using var scene = await PolicyScene.StartAsync(repository: "team/hello-api");
        var applied = await scene.AsOwnerAsync(
            "policy",
            "fix",
            $"{PolicyScene.Host}/team/hello-api",
            ForCi,
            PolicyScene.CiRole,
            "--apply",
            "--yes",
            "--output",
            "json"
        );
        applied.ExitCode.ShouldBe(0, applied.ToString());
        using var json = JsonDocument.Parse(applied.Output);
        json.RootElement.GetProperty("applied").GetBoolean().ShouldBeTrue();
        var backup = json.RootElement.GetProperty("backup").GetString()!;
        backup.ShouldStartWith("ecr-policy-444455556666-team-hello-api-");
        (await scene.PolicyAsync("team/hello-api")).ShouldNotBeNull();

        var restored = await scene.AsOwnerAsync("policy", "restore", backup, "--yes");
        var again = await scene.AsOwnerAsync("policy", "restore", backup, "--yes");

        restored.ExitCode.ShouldBe(0, restored.ToString());
        (await scene.PolicyAsync("team/hello-api")).ShouldBeNull();
        again.ExitCode.ShouldBe(0, again.ToString());
    }

    [Fact]
    public async Task A_policy_that_changed_in_between_is_left_alone()
    {
        const string Other =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:ListImages"}]}""";
        var reads = 0;
        var isReadTwice = new TaskCompletionSource();
        await using var scene = await PolicyScene.StartAsync(
            Former,
            onCall: call =>
            {
                if (call.Action == "GetRepositoryPolicy" && Interlocked.Increment(ref reads) == 2)
                {
                    isReadTwice.SetResult();
                }
            }
        );
        // The preflight reads the policy, the command reads it again, and once more before it writes.
        scene.Emulator.Faults.Add(
            new DelayFault("GetRepositoryPolicy", TimeSpan.FromSeconds(5)) { After = 2, Times = 1 }
        );

        var running = scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            ForCi,
            PolicyScene.CiRole,
            "--apply",
            "--yes"
        );
        await isReadTwice.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await scene.SetPolicyAsync(Other);
        var result = await running;

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("error ECR3007: ");
        result.Output.ShouldBeEmpty();
        (await scene.PolicyAsync()).ShouldBe(Other);
        scene.Backups.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("fix", PolicyScene.Image, "--apply")]
    [InlineData("restore", "backup.json")]
    public async Task Without_a_terminal_and_yes_nothing_is_changed_and_the_exit_code_is_64(params string[] arguments)
    {
        await using var scene = await PolicyScene.StartAsync(Former);

        var result = await scene.RunAsync(PolicyScene.Owner, "y\n", ["policy", .. arguments]);

        result.ExitCode.ShouldBe(64, result.ToString());
        result.Error.ShouldContain("--yes");
        scene.Emulator.Calls.ShouldBeEmpty();
        (await scene.PolicyAsync()).ShouldBe(Former);
    }

    [Fact]
    public async Task Without_a_backup_the_missing_argument_is_named_and_not_yes()
    {
        await using var scene = await PolicyScene.StartAsync(Former);

        var result = await scene.AsOwnerAsync("policy", "restore");

        result.ExitCode.ShouldBe(64, result.ToString());
        result.Error.ShouldNotContain("--yes");
        result.Error.ShouldContain("restore");
    }

    [Theory]
    [InlineData("y", 0, true)]
    [InlineData("n", 1, false)]
    public async Task In_a_terminal_the_difference_is_shown_and_the_answer_counts(
        string answer,
        int exitCode,
        bool isChanged
    )
    {
        var script = RealPart.Find("script");
        await using var scene = await PolicyScene.StartAsync();
        var command =
            $"dotnet '{SourceTree.Tool}' policy fix {PolicyScene.Image} --principal {PolicyScene.CiRole} --apply --endpoint-url {scene.Emulator.Endpoint}";

        var result = await Cli.RunAsync(
            script,
            ["-qec", command, "/dev/null"],
            scene.Folder,
            scene.EnvironmentOf(PolicyScene.Owner),
            standardInput: answer + "\n",
            cancellationToken: TestContext.Current.CancellationToken
        );

        result.ExitCode.ShouldBe(exitCode, result.ToString());
        result.Output.ShouldContain($"{PolicyScene.Image}? [y/N]");
        result.Output.ShouldContain("\"Sid\": \"AllowPushByCi\"");
        (await scene.PolicyAsync() is not null).ShouldBe(isChanged);
        scene.Backups.Length.ShouldBe(isChanged ? 1 : 0);
    }

    [Theory]
    [InlineData("json", "\"Sid\": \"AllowPushByCi\"")]
    [InlineData("policy", "\"Sid\": \"Pull\"")]
    [InlineData("cli", "aws ecr set-repository-policy")]
    [InlineData("terraform", "resource \"aws_ecr_repository_policy\"")]
    [InlineData("cloudformation", "AWS::ECR::Repository")]
    [InlineData("cdk", "AddToResourcePolicy")]
    public async Task Standard_output_has_the_fix_in_the_wanted_form_and_nothing_else(string format, string part)
    {
        await using var scene = await PolicyScene.StartAsync(Former);

        var result = await scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            ForCi,
            PolicyScene.CiRole,
            "--format",
            format
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(part);
        result.Error.ShouldContain(PolicyScene.OwnerAccount);
        (await scene.PolicyAsync()).ShouldBe(Former);
        if (format is "json" or "policy")
        {
            using var json = JsonDocument.Parse(result.Output);
        }
    }

    [Theory]
    [InlineData("caller", "arn:aws:iam::111122223333:root", true)]
    [InlineData("role", "arn:aws:iam::111122223333:role/ci", false)]
    [InlineData("account", "arn:aws:iam::111122223333:root", false)]
    public async Task The_scope_says_whom_the_statement_names(string scope, string principal, bool isConditional)
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            ForCi,
            PolicyScene.CiRole,
            "--scope",
            scope
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.GetProperty("Principal").GetProperty("AWS").GetString().ShouldBe(principal);
        json.RootElement.TryGetProperty("Condition", out _).ShouldBe(isConditional);
    }

    [Theory]
    [InlineData("push", $"arn:aws:iam::{PolicyScene.CiAccount}:role/ci", true)]
    [InlineData("pull", $"arn:aws:iam::{PolicyScene.CiAccount}:role/ci", true)]
    [InlineData("push", $"arn:aws:iam::{PolicyScene.OwnerAccount}:user/reader", false)]
    [InlineData("pull", $"arn:aws:iam::{PolicyScene.OwnerAccount}:user/reader", false)]
    public async Task For_a_use_both_halves_are_given_before_any_denial(
        string use,
        string principal,
        bool areBothNeeded
    )
    {
        string[] expected = use is "push"
            ? [.. PushAction.OnRepository]
            : [PushAction.BatchGetImage, EcrActions.GetDownloadUrlForLayer];
        await using var scene = await PolicyScene.StartAsync();
        string[] command = ["policy", "fix", PolicyScene.Image, ForCi, principal, "--for", use];

        var both = await scene.AsOwnerAsync([.. command, "--output", "json"]);
        var applied = await scene.AsOwnerAsync([.. command, "--apply", "--yes"]);
        var identityOnly = await scene.AsOwnerAsync(command);

        both.ExitCode.ShouldBe(0, both.ToString());
        using var json = JsonDocument.Parse(both.Output);
        ActionsOf(json.RootElement.GetProperty("statement")).ShouldBe(expected);
        var identity = json.RootElement.GetProperty("identityPolicy");
        identity
            .GetProperty("Statement")
            .EnumerateArray()
            .SelectMany(ActionsOf)
            .ShouldBe([.. expected, PushAction.GetAuthorizationToken]);
        applied.ExitCode.ShouldBe(0, applied.ToString());
        applied.Output.ShouldContain(PushAction.GetAuthorizationToken);
        applied.Error.Contains("one of the two").ShouldBe(!areBothNeeded, applied.ToString());
        // The repository's half is done, and nobody here can see the other.
        identityOnly.ExitCode.ShouldBe(0, identityOnly.ToString());
        JsonElement.DeepEquals(JsonElement.Parse(identityOnly.Output), identity).ShouldBeTrue(identityOnly.ToString());
    }

    [Theory]
    [InlineData("cli", "aws iam put-role-policy")]
    [InlineData("terraform", "resource \"aws_iam_role_policy\"")]
    [InlineData("cloudformation", "AWS::IAM::RolePolicy")]
    [InlineData("cdk", "role.AddToPrincipalPolicy(")]
    public async Task Both_halves_are_in_the_wanted_form(string format, string part)
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            ForCi,
            PolicyScene.CiRole,
            "--for",
            "push",
            "--format",
            format
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("AllowPushByCi");
        // One policy with both statements, except in the CDK, which takes statements.
        result.Output.Split(part).Length.ShouldBe(format is "cdk" ? 3 : 2, result.ToString());
    }

    [Fact]
    public async Task A_use_needs_a_principal()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("policy", "fix", PolicyScene.Image, "--for", "pull");

        result.ExitCode.ShouldBe(64, result.ToString());
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pull_is_decided_by_what_the_policy_says_of_a_pull()
    {
        const string NoPush =
            """{"Version":"2012-10-17","Statement":[{"Sid":"NoPush","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"ecr:PutImage"}]}""";
        await using var scene = await PolicyScene.StartAsync(NoPush);
        string[] command = ["policy", "fix", PolicyScene.Image, ForCi, PolicyScene.CiRole, "--for"];

        var pull = await scene.AsOwnerAsync([.. command, "pull"]);
        var push = await scene.AsOwnerAsync([.. command, "push"]);
        await scene.SetPolicyAsync(DenyAll);
        var denied = await scene.AsOwnerAsync([.. command, "pull"]);

        pull.ExitCode.ShouldBe(0, pull.ToString());
        pull.Output.ShouldContain("AllowPullByCi");
        push.ExitCode.ShouldBe(2, push.ToString());
        denied.ExitCode.ShouldBe(2, denied.ToString());
        denied.Error.ShouldContain("error ECR2003: ");
    }

    [Fact]
    public async Task The_caller_itself_gets_a_statement_without_seeing_the_policy()
    {
        await using var scene = await PolicyScene.StartAsync();

        var statement = await scene.AsCiAsync("policy", "fix", PolicyScene.Image);
        var whole = await scene.AsCiAsync("policy", "fix", PolicyScene.Image, "--format", "policy");
        var role = await scene.AsCiAsync("policy", "fix", PolicyScene.Image, "--scope", "role");
        var applied = await scene.AsCiAsync("policy", "fix", PolicyScene.Image, "--apply", "--yes");

        statement.ExitCode.ShouldBe(0, statement.ToString());
        statement.Output.ShouldContain("\"Sid\": \"AllowPushByCi\"");
        whole.ExitCode.ShouldBe(1, whole.ToString());
        whole.Error.ShouldContain("error ECR1030: ");
        role.ExitCode.ShouldBe(64, role.ToString());
        role.Error.ShouldContain("add --principal arn:aws:iam::111122223333:role/PATH/NAME");
        applied.ExitCode.ShouldBe(2, applied.ToString());
        applied.Error.ShouldContain("ecr:GetRepositoryPolicy");
        scene.Backups.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_role_that_the_user_gave_is_named_with_its_path()
    {
        const string Role = $"arn:aws:iam::{PolicyScene.CiAccount}:role/delivery/deploy";
        await using var scene = await PolicyScene.StartAsync();

        var check = await scene.AsOwnerAsync("check", PolicyScene.Image, "--as", Role);
        var role = await scene.AsOwnerAsync("policy", "fix", PolicyScene.Image, ForCi, Role, "--scope", "role");

        check.ExitCode.ShouldBe(2, check.ToString());
        check.Error.ShouldContain($"\"aws:PrincipalArn\":\"{Role}\"");
        check.Error.ShouldContain($"dotnet ecr policy fix {PolicyScene.Image} --principal {Role} --apply");
        role.ExitCode.ShouldBe(0, role.ToString());
        using var json = JsonDocument.Parse(role.Output);
        json.RootElement.GetProperty("Principal").GetProperty("AWS").GetString().ShouldBe(Role);
    }

    [Fact]
    public async Task In_the_folder_of_a_project_the_fix_is_for_the_identity_of_its_pushes()
    {
        await using var scene = await PolicyScene.StartAsync();
        scene.Write(
            "HelloApi.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <EcrRegistry>{PolicyScene.Host}</EcrRegistry>
                <EcrRepository>{PolicyScene.Repository}</EcrRepository>
                <EcrProfile>pipeline</EcrProfile>
              </PropertyGroup>
              <Import Project="{Path.Combine(SourceTree.Root, "build", "EcrBuildTasks.targets")}" />
            </Project>
            """
        );
        Directory.CreateDirectory(Path.Combine(scene.Folder, ".aws"));
        scene.Write(
            ".aws/credentials",
            $"""
            [pipeline]
            aws_access_key_id={PolicyScene.Ci.Id}
            aws_secret_access_key={PolicyScene.Ci.Secret}
            aws_session_token={PolicyScene.Ci.SessionToken}
            """
        );

        var result = await scene.AsOwnerAsync("policy", "fix");

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain($"arn:aws:iam::{PolicyScene.CiAccount}:role/ci");
    }

    [Fact]
    public async Task A_caller_that_may_push_gets_no_fix()
    {
        await using var scene = await PolicyScene.StartAsync();
        var own = await scene.AsOwnerAsync("policy", "fix", PolicyScene.Image);
        await scene.AsOwnerAsync("policy", "fix", PolicyScene.Image, ForCi, PolicyScene.CiRole, "--apply", "--yes");
        var policy = await scene.PolicyAsync();

        var other = await scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            ForCi,
            PolicyScene.CiRole,
            "--apply",
            "--yes"
        );

        own.ExitCode.ShouldBe(0, own.ToString());
        own.Output.ShouldBeEmpty();
        own.Error.ShouldContain("user/owner ");
        other.ExitCode.ShouldBe(0, other.ToString());
        other.Output.ShouldBeEmpty();
        other.Error.ShouldContain("assumed-role/ci/");
        (await scene.PolicyAsync()).ShouldBe(policy);
        scene.Backups.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Against_an_explicit_denial_no_statement_is_offered_and_the_exit_code_is_2(bool isOther)
    {
        await using var scene = await PolicyScene.StartAsync(DenyAll);

        var result = isOther
            ? await scene.AsOwnerAsync(
                "policy",
                "fix",
                PolicyScene.Image,
                ForCi,
                PolicyScene.CiRole,
                "--apply",
                "--yes"
            )
            : await scene.AsCiAsync("policy", "fix", PolicyScene.Image);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain("error ECR2003: ");
        result.Output.ShouldBeEmpty();
        (await scene.PolicyAsync()).ShouldBe(DenyAll);
    }

    [Theory]
    [InlineData("--principal", "ci")]
    [InlineData("--principal", "arn:aws:iam::111122223333:role/***")]
    [InlineData("--principal", "arn:aws:iam::111122223333:user/ci-?")]
    [InlineData("--principal", "arn:aws:iam::111122223333:role/${ROLE}")]
    [InlineData("--scope", "world")]
    [InlineData("--format", "xml")]
    public async Task A_value_that_is_none_is_wrong_usage(string option, string value)
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("policy", "fix", PolicyScene.Image, option, value);

        result.ExitCode.ShouldBe(64, result.ToString());
        result.Error.ShouldContain($"{option}: '{value}'");
        result.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"registry":"444455556666.dkr.ecr.eu-west-1.amazonaws.com","repository":"hello-api"}""")]
    public async Task A_file_that_is_no_backup_changes_nothing(string text)
    {
        await using var scene = await PolicyScene.StartAsync(Former);
        scene.Write("backup.json", text);

        var result = await scene.AsOwnerAsync("policy", "restore", "backup.json", "--yes");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("error ECR1030: backup.json ");
        (await scene.PolicyAsync()).ShouldBe(Former);
    }

    [Fact]
    public async Task A_policy_that_AWS_does_not_take_leaves_no_backup_behind()
    {
        await using var scene = await PolicyScene.StartAsync(Former);

        var result = await scene.AsOwnerAsync(
            "policy",
            "fix",
            PolicyScene.Image,
            ForCi,
            $"arn:aws:iam::{PolicyScene.CiAccount}:role/gone",
            "--scope",
            "role",
            "--apply",
            "--yes"
        );

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("error ECR3006: ");
        result.Error.ShouldContain("aws:PrincipalArn", customMessage: "the form of the statement that AWS takes");
        result.Error.ShouldContain("Principal not found");
        (await scene.PolicyAsync()).ShouldBe(Former);
        scene.Backups.ShouldBeEmpty();
    }

    [Fact]
    public async Task In_the_folder_of_a_project_the_last_denial_names_repository_principal_and_actions()
    {
        await using var scene = await PolicyScene.StartAsync();
        WriteProject(scene);
        WriteDenial(scene, "obj/Debug/net10.0/ecr", PolicyScene.CiRole, "team/older", ["ecr:PutImage"]);
        WriteDenial(
            scene,
            "obj/Release/net10.0/ecr",
            PolicyScene.CiRole,
            PolicyScene.Repository,
            ["ecr:BatchGetImage"]
        );

        var printed = await scene.AsOwnerAsync("policy", "fix");

        printed.ExitCode.ShouldBe(0, printed.ToString());
        using var statement = JsonDocument.Parse(printed.Output);
        statement
            .RootElement.GetProperty("Action")
            .EnumerateArray()
            .Select(action => action.GetString())
            .ShouldBe(["ecr:BatchGetImage"]);
        printed.Output.ShouldContain("role/ci");
        printed.Error.ShouldContain(PolicyScene.CiAccount);
        printed.Error.ShouldContain(PolicyScene.OwnerAccount);
        printed.Error.ShouldContain("obj/Release/net10.0/ecr/policy-fix.json");
    }

    [Fact]
    public async Task A_fix_of_a_file_under_obj_is_not_applied_without_a_question()
    {
        await using var scene = await PolicyScene.StartAsync();
        WriteProject(scene);
        WriteDenial(scene, "obj/Release/net10.0/ecr", PolicyScene.CiRole, PolicyScene.Repository, ["ecr:PutImage"]);

        var refused = await scene.AsOwnerAsync("policy", "fix", "--apply", "--yes");

        refused.ExitCode.ShouldBe(64, refused.ToString());
        refused.Error.ShouldContain($"--principal {PolicyScene.CiRole}");
        (await scene.PolicyAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("arn:aws:iam::111122223333:role/*", "hello-api", "ecr:PutImage")]
    [InlineData("*", "hello-api", "ecr:PutImage")]
    [InlineData("arn:aws:iam::***:role/ci", "hello-api", "ecr:PutImage")]
    [InlineData(PolicyScene.CiRole, "hello-api; rm -rf", "ecr:PutImage")]
    [InlineData(PolicyScene.CiRole, "*", "ecr:PutImage")]
    [InlineData(PolicyScene.CiRole, "hello-api", "ecr:*")]
    [InlineData(PolicyScene.CiRole, "hello-api", "ecr:DeleteRepository")]
    [InlineData(PolicyScene.CiRole, "hello-api", "ecr:SetRepositoryPolicy")]
    public async Task A_denial_that_no_build_writes_is_ignored(string principal, string repository, string action)
    {
        await using var scene = await PolicyScene.StartAsync();
        WriteProject(scene);
        WriteDenial(scene, "obj/Release/net10.0/ecr", principal, repository, [action]);

        var result = await scene.AsOwnerAsync("policy", "fix");

        result.Error.ShouldNotContain("policy-fix.json");
        result.Output.ShouldNotContain(action);
    }

    private static IEnumerable<string> ActionsOf(JsonElement statement) =>
        statement.GetProperty("Action").EnumerateArray().Select(action => action.GetString()!);

    private static void WriteProject(PolicyScene scene) =>
        File.WriteAllText(
            Path.Combine(scene.Folder, "HelloApi.csproj"),
            $"""
            <Project>
              <Target Name="_EcrResolveRequest">
                <ItemGroup>
                  <EcrRequest
                    Include="$(MSBuildProjectFullPath)"
                    EcrRegistry="{PolicyScene.Host}"
                    EcrRepository="{PolicyScene.Repository}"
                    ResultDirectory="$(MSBuildProjectDirectory)/obj/Debug/net10.0/ecr"
                  />
                </ItemGroup>
              </Target>
            </Project>
            """
        );

    private static void WriteDenial(
        PolicyScene scene,
        string folder,
        string principal,
        string repository,
        string[] actions
    )
    {
        var path = Directory.CreateDirectory(Path.Combine(scene.Folder, folder)).FullName;
        File.WriteAllText(
            Path.Combine(path, "policy-fix.json"),
            JsonSerializer.Serialize(
                new[]
                {
                    new
                    {
                        policy = "Repository",
                        principal,
                        repositoryArn = $"arn:aws:ecr:{PolicyScene.Region}:{PolicyScene.OwnerAccount}:repository/{repository}",
                        actions,
                    },
                }
            )
        );
    }
}
