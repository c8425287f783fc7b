using System.Text.Json;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>The doctor as people call it: what it finds in good and in bad surroundings.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Where_all_is_well_the_exit_code_is_0_and_a_missing_engine_is_no_more_than_a_warning()
    {
        await using var scene = await PushScene.StartAsync();

        var (result, findings) = await ExamineAsync(scene);

        result.ExitCode.ShouldBe(0, result.ToString());
        findings.Where(one => one.Value.State != "ok").Select(one => one.Key).ShouldBe(["Engine"], result.ToString());
        findings["Engine"].State.ShouldBe("warning");
        findings["Engine"].Remedy.ShouldNotBeNull().ShouldContain("DOCKER_HOST");
        findings["Region"].Found.ShouldBe("eu-west-1, from AWS_REGION.");
        findings["Credentials"].Found.ShouldMatch("^arn:aws:iam::444455556666:user/owner, .*environment variables");
        findings["Clock"].State.ShouldBe("ok");
        findings["Registry"].Found.ShouldStartWith($"{scene.Emulator.Endpoint.Authority} ");
        findings[".NET SDK"].Found.ShouldStartWith("10.");
    }

    [Fact]
    public async Task Without_credentials_all_else_is_looked_at_and_the_exit_code_is_1()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_ACCESS_KEY_ID", null).With("AWS_SECRET_ACCESS_KEY", null).With("AWS_SESSION_TOKEN", null);

        var (result, findings) = await ExamineAsync(scene, "--region", "us-east-1");

        result.ExitCode.ShouldBe(1);
        findings["Credentials"].State.ShouldBe("problem");
        findings["Credentials"].Help.ShouldNotBeNull().ShouldEndWith("ECR1010");
        findings["Region"].Found.ShouldBe("us-east-1, from --region.");
        findings["AWS STS"].State.ShouldBe("ok");
        findings["ECR API"].State.ShouldBe("ok");
        findings["Registry"].Found.ShouldStartWith("Not checked");
    }

    [Fact]
    public async Task In_the_folder_of_a_project_its_identity_and_registry_are_looked_at()
    {
        await using var scene = await PushScene.StartAsync();
        scene
            .With("AWS_REGION", null)
            .WithAwsFile(
                "credentials",
                "[owner]\naws_access_key_id = AKIAOWNEROWNEROWNER1\naws_secret_access_key = owner-secret\n"
            )
            .WithProject("<EcrProfile>owner</EcrProfile><EcrRegion>eu-west-1</EcrRegion>")
            .AsNobody();

        var (result, findings) = await ExamineAsync(scene);
        var (_, named) = await ExamineAsync(scene, PushScene.Host);

        result.ExitCode.ShouldBe(0, result.ToString());
        findings["Project"].Found.ShouldStartWith("App.csproj sets EcrProfile=owner, EcrRegion=eu-west-1;");
        findings["Region"].Found.ShouldBe("eu-west-1, from EcrRegion.");
        findings["Credentials"].Found.ShouldMatch(":user/owner, .*profile owner");
        named.ShouldNotContainKey("Project");
        named["Credentials"].Found.ShouldContain(":user/nobody, ");
    }

    [Fact]
    public async Task A_project_that_cannot_be_read_is_a_problem_and_all_else_is_looked_at()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProject("<EcrRegistry>ghcr.io</EcrRegistry>");

        var (result, findings) = await ExamineAsync(scene);

        result.ExitCode.ShouldBe(1, result.ToString());
        findings["Project"].State.ShouldBe("problem");
        findings["Project"].Found.ShouldContain("'ghcr.io'");
        findings["Project"].Help.ShouldNotBeNull().ShouldEndWith("ECR1001");
        findings["Project"].Remedy.ShouldNotBeNull().ShouldContain("App.csproj");
        findings["Registry"].State.ShouldBe("ok");
    }

    [Fact]
    public async Task Without_a_region_nothing_that_needs_one_is_checked()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_REGION", null);

        var (result, findings) = await ExamineAsync(scene);

        result.ExitCode.ShouldBe(1);
        findings["Region"].State.ShouldBe("problem");
        findings["ECR API"].Found.ShouldStartWith("Not checked");
    }

    [Fact]
    public async Task An_API_that_does_not_answer_is_a_problem_and_the_other_is_not()
    {
        await using var scene = await PushScene.StartAsync();
        scene
            .With("AWS_ENDPOINT_URL_STS", scene.Emulator.Endpoint.ToString())
            .With("AWS_ENDPOINT_URL_ECR", "http://127.0.0.1:9");

        var result = await scene.RunAsync(PushScene.Dotnet, [SourceTree.Tool, "doctor", "--output", "json"]);

        result.ExitCode.ShouldBe(1);
        var findings = Read(result.Output);
        findings["AWS STS"].State.ShouldBe("ok");
        findings["ECR API"].State.ShouldBe("problem");
        findings["ECR API"].Found.ShouldStartWith("127.0.0.1:9 ");
        findings["Registry"].State.ShouldBe("problem");
    }

    [Theory]
    [InlineData("credentials", "hidden-word")]
    [InlineData("config", "hidden-word")]
    [InlineData("elsewhere", "hidden-word")]
    // What the SDK, which does not know our environment, cannot read, is of no account.
    [InlineData("config", "sso_session = hidden-word")]
    [InlineData("config", "ec2_metadata_service_endpoint = hidden-word")]
    [InlineData("elsewhere", "sso_session = hidden-word")]
    public async Task A_line_of_the_AWS_files_that_cannot_be_read_breaks_nothing_else_and_is_not_shown(
        string file,
        string line
    )
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithAwsFile(file, $"[default]\nregion = eu-west-1\n{line}\n");
        scene.With("AWS_CONFIG_FILE", file == "elsewhere" ? Path.Combine(scene.Folder, ".aws", file) : null);

        var (result, findings) = await ExamineAsync(scene);

        result.ToString().ShouldNotContain("hidden-word");
        if (line.Contains('='))
        {
            result.ExitCode.ShouldBe(0, result.ToString());
        }
        else
        {
            findings["Credentials"].Help.ShouldNotBeNull().ShouldEndWith("ECR1027", Case.Sensitive, result.ToString());
            findings["Credentials"].Found.ShouldContain($"Line 3 of {Path.Combine(scene.Folder, ".aws", file)} ");
            findings["Engine"].State.ShouldBe("warning");
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_proxy_is_named_without_its_password(string format)
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("HTTPS_PROXY", "http://me:pa55@word@proxy.example:3128");

        var result = await scene.EcrAsync("doctor", "--output", format);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("HTTPS_PROXY=http://***@proxy.example:3128");
        result.ToString().ShouldNotContain("pa55");
        result.Output.ShouldContain("NO_PROXY=127.0.0.1");
    }

    [Fact]
    public async Task A_login_page_in_place_of_the_registry_takes_no_password()
    {
        await using var scene = await PushScene.StartAsync();
        scene.Emulator.Faults.Add(new AnswerFault(FaultStep.Ping, 200, "<html>Log in</html>", "text/html"));

        var result = await scene.EcrAsync("doctor", "--output", "json");

        result.ExitCode.ShouldBe(1);
        Read(result.Output)["Registry"].State.ShouldBe("problem");
        result.Output.ShouldContain("ECR4012");
    }

    [Fact]
    public async Task Certificates_that_cannot_be_read_are_a_problem_with_a_remedy()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_CA_BUNDLE", "/nowhere/bundle.pem");

        var result = await scene.EcrAsync("doctor");

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldContain("/nowhere/bundle.pem");
        result.Output.ShouldContain("→ Set AWS_CA_BUNDLE");
    }

    [Fact]
    public async Task A_denied_token_is_a_problem_with_the_command_that_shows_the_statement()
    {
        await using var scene = await PushScene.StartAsync();

        var (result, findings) = await ExamineAsync(scene.AsNobody());

        result.ExitCode.ShouldBe(1);
        findings["Registry"].Help.ShouldNotBeNull().ShouldEndWith("ECR2004");
        findings["Registry"].Remedy.ShouldNotBeNull().ShouldContain("`dotnet ecr check`");
    }

    [Fact]
    public async Task What_AWS_refuses_is_a_problem_with_the_page_that_helps()
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_SECRET_ACCESS_KEY", "wrong");

        var result = await scene.EcrAsync("doctor");

        result.ExitCode.ShouldBe(1);
        result.Output.Split('\n').Count(line => line.Contains(" problem ")).ShouldBe(2);
        result.Output.Split('\n').Count(line => line.EndsWith("ECR1012", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Keys_in_the_environment_that_hide_a_profile_are_a_warning_unless_the_command_line_names_one()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithAwsFile("config", "[profile dev]\naws_access_key_id = A\naws_secret_access_key = s\n");
        scene.With("AWS_PROFILE", "dev");

        var (_, hidden) = await ExamineAsync(scene);
        var (_, named) = await ExamineAsync(scene, "--profile", "dev");

        hidden["Sources"].State.ShouldBe("warning");
        hidden["Sources"].Found.ShouldMatch(@"AWS_ACCESS_KEY_ID.*ignored.*: the profile 'dev'\.$");
        hidden["Sources"].Remedy.ShouldNotBeNull().ShouldContain("--profile");
        hidden["Credentials"].Found.ShouldMatch("user/owner, .*environment variables");
        named["Sources"].State.ShouldBe("ok");
        named["Sources"].Found.ShouldMatch("profile 'dev'.*ignored.*AWS_ACCESS_KEY_ID");
        named["Credentials"].State.ShouldBe("problem");
        named["AWS files"].State.ShouldBe("warning");
        named["AWS files"].Remedy.ShouldBe($"chmod 600 '{scene.Folder}/.aws/config'");
    }

    [Theory]
    [InlineData("dve", "ECR1014", "'dev'?")]
    [InlineData("deploy", "ECR1014", "'deploy'")]
    [InlineData("dev", "ECR1015", "`aws sso login --profile dev`")]
    [InlineData("base", "ECR1029", "`aws sso login --profile base`")]
    [InlineData("half", "ECR1027", "aws_secret_access_key")]
    public async Task A_wrong_profile_is_a_problem_with_what_fixes_it(string profile, string code, string words)
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("AWS_ACCESS_KEY_ID", null).With("AWS_SECRET_ACCESS_KEY", null).With("AWS_PROFILE", profile);
        scene.WithAwsFile(
            "config",
            """
            [profile dev]
            sso_start_url = https://corp.awsapps.com/start
            sso_region = eu-west-1
            sso_account_id = 111122223333
            sso_role_name = Dev
            [profile base]
            sso_start_url = https://other.awsapps.com/start
            sso_region = eu-west-1
            sso_account_id = 111122223333
            sso_role_name = Dev
            [profile deploy]
            role_arn = arn:aws:iam::444455556666:role/deploy
            source_profile = bsae
            [profile half]
            aws_access_key_id = A
            """
        );
        // The name is the SHA-1 of the start URL of 'dev'.
        scene.WithAwsFile(
            "sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json",
            """{"startUrl":"https://corp.awsapps.com/start","region":"eu-west-1","accessToken":"t","expiresAt":"2020-01-01T00:00:00Z"}"""
        );

        var (result, findings) = await ExamineAsync(scene);

        result.ExitCode.ShouldBe(1);
        findings["Credentials"].State.ShouldBe("problem");
        findings["Credentials"].Found.ShouldContain(words);
        findings["Credentials"].Help.ShouldNotBeNull().ShouldEndWith($"{code}");
        findings["Sources"].Found.ShouldContain($"the profile '{profile}';");
        findings["AWS files"].State.ShouldBe("ok");
    }

    [Fact]
    public async Task A_real_Docker_Engine_is_known_with_its_version()
    {
        await using var engine = (await DockerEngine.FindOrStartAsync(TestContext.Current.CancellationToken)).OrSkip(
            DockerEngine.Name
        );

        await EngineIsAsync(engine.Endpoint, @"^Docker \d+\.\d+");
    }

    [Fact]
    public async Task A_real_Podman_is_not_taken_for_Docker()
    {
        await using var engine = (await PodmanEngine.StartAsync([], TestContext.Current.CancellationToken)).OrSkip(
            PodmanEngine.Name
        );

        await EngineIsAsync(engine.Endpoint, @"^Podman \d+\.\d+");
    }

    private static async Task EngineIsAsync(Uri endpoint, string pattern)
    {
        await using var scene = await PushScene.StartAsync();
        scene.With("DOCKER_HOST", endpoint.ToString());

        var (result, findings) = await ExamineAsync(scene);

        result.ExitCode.ShouldBe(0, result.ToString());
        findings["Engine"].State.ShouldBe("ok");
        findings["Engine"].Found.ShouldMatch(pattern);
        findings["Engine"].Found.ShouldEndWith($"at {endpoint} (DOCKER_HOST).");
    }

    private static async Task<(CliResult Result, Dictionary<string, Told> Findings)> ExamineAsync(
        PushScene scene,
        params string[] arguments
    )
    {
        var result = await scene.EcrAsync(["doctor", "--output", "json", .. arguments]);
        result.Error.ShouldBeEmpty();
        return (result, Read(result.Output));
    }

    private static Dictionary<string, Told> Read(string output)
    {
        using var json = JsonDocument.Parse(output);
        return json
            .RootElement.EnumerateArray()
            .ToDictionary(
                one => one.GetProperty("check").GetString()!,
                one => new Told(
                    one.GetProperty("state").GetString()!,
                    one.GetProperty("found").GetString()!,
                    one.GetProperty("remedy").GetString(),
                    one.GetProperty("help").GetString()
                ),
                StringComparer.Ordinal
            );
    }

    private sealed record Told(string State, string Found, string? Remedy, string? Help);
}
