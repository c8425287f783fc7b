using System.Diagnostics;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>What can be wrong with an identity: each has its code, and the command that mends it.</summary>
public sealed class IdentityFaultTests
{
    private const string SsoProfile = """
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        [profile dev]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Dev
        [profile other]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Admin
        [profile lost]
        sso_session = nowhere
        sso_account_id = 111122223333
        sso_role_name = Admin
        """;

    [Fact]
    public async Task A_login_that_was_never_made()
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfile);

        await ShouldSay(scene, new() { Profile = "dev" }, "ECR1029", "aws sso login --profile dev");
    }

    [Theory]
    // The portal that another profile names.
    [InlineData("never", "ECR1029")]
    [InlineData("ended", "ECR1015")]
    [InlineData("refused", "ECR1015")]
    public async Task A_start_URL_of_which_no_login_is(string state, string code)
    {
        await using var scene = await IdentityScene.OpenAsync(
            SsoProfile.Replace("//corp.", "//typo.", StringComparison.Ordinal)
        );
        var token = state == "refused" ? "revoked-token" : "old-token";
        var kept = scene.Login(
            state == "never" ? "https://corp.awsapps.com/start" : "corp",
            token,
            state == "ended" ? "2020-01-01T00:00:00Z" : "2099-01-01T00:00:00Z"
        );
        var text = await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            kept,
            text.Replace("refresh-token", "refresh-token-of-long-ago", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        await ShouldSay(
            scene,
            new() { Profile = "dev" },
            code,
            "https://typo.awsapps.com/start",
            "https://corp.awsapps.com/start"
        );
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:1", "ECR4006", "http://127.0.0.1:1/")]
    [InlineData("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:1", "ECR4006", "http://127.0.0.1:1/")]
    public async Task An_Identity_Center_that_cannot_be_reached_is_no_login_that_has_ended(
        string variable,
        string url,
        string code,
        string named
    )
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfile, (variable, url));
        scene.Login(
            "corp",
            "portal-token",
            variable.EndsWith("OIDC", StringComparison.Ordinal) ? "2020-01-01T00:00:00Z" : "2099-01-01T00:00:00Z"
        );

        var said = await ShouldSay(scene, new() { Profile = "dev" }, code, named);

        said.ShouldNotContain("aws sso login");
    }

    [Theory]
    [InlineData("2020-01-01T00:00:00Z", 500, "ECR4010")]
    [InlineData("2020-01-01T00:00:00Z", 429, "ECR4007")]
    [InlineData("2020-01-01T00:00:00Z", 200, "ECR4012")]
    [InlineData("2099-01-01T00:00:00Z", 500, "ECR4010")]
    [InlineData("2099-01-01T00:00:00Z", 200, "ECR4012")]
    public async Task An_Identity_Center_that_fails_is_no_login_that_has_ended(
        string expiresAt,
        int status,
        string code
    )
    {
        await using var service = await StubService.StartAsync(
            status == 200
                ? new StubAnswer(200, "<html>Log in</html>", "text/html")
                : StubAnswer.Error("InternalServerException", "no", status)
        );
        await using var scene = await IdentityScene.OpenAsync(SsoProfile, ("AWS_MAX_ATTEMPTS", "1"));
        scene.Set("AWS_ENDPOINT_URL", service.Url.ToString());
        scene.Login("corp", "old-token", expiresAt);

        (await ShouldSay(scene, new() { Profile = "dev" }, code)).ShouldNotContain("aws sso login");
    }

    [Fact]
    public async Task A_login_that_has_ended_for_good()
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfile);
        var kept = scene.Login("corp", "old-token", "2020-01-01T00:00:00Z");
        var text = await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            kept,
            text.Replace("refresh-token", "refresh-token-of-long-ago", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        await ShouldSay(scene, new() { Profile = "dev" }, "ECR1015", "aws sso login --profile dev");
    }

    [Fact]
    public async Task A_login_that_the_portal_takes_no_longer()
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfile);
        scene.Login("corp", "revoked-token");

        await ShouldSay(scene, new() { Profile = "dev" }, "ECR1015", "aws sso login --profile dev");
    }

    [Fact]
    public async Task A_permission_set_that_the_user_does_not_have()
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfile);
        scene.Login("corp");

        await ShouldSay(scene, new() { Profile = "other" }, "ECR1016", "Admin (IAM Identity Center)");
    }

    [Fact]
    public async Task An_sso_session_without_its_section()
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfile);

        await ShouldSay(scene, new() { Profile = "lost" }, "ECR1027", "[sso-session nowhere]");
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID", "AKIAADA", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_WEB_IDENTITY_TOKEN_FILE", "/token", "AWS_ROLE_ARN")]
    public async Task An_environment_that_is_set_by_half(string variable, string value, string missing)
    {
        await using var scene = await IdentityScene.OpenAsync("", (variable, value));

        await ShouldSay(scene, new(), "ECR1023", $"{variable} is set, but {missing} is not");
    }

    [Theory]
    [InlineData("missing", "/nowhere/token")]
    [InlineData("empty", "empty")]
    [InlineData("expired", "expired")]
    [InlineData("forged", "/token")]
    [InlineData("no token at all", "/token")]
    [InlineData("other audience", "Incorrect token audience")]
    [InlineData("other issuer", "https://gitlab.example.org")]
    [InlineData("other repository", "trust policy")]
    public async Task A_web_identity_that_is_good_for_nothing(string what, string expected)
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/github")
        );
        const string Subject = "repo:corp/api:ref:refs/heads/main";
        using var forger = new OidcSigner();
        var token = what switch
        {
            "empty" => "",
            "expired" => IdentityScene.Token(IdentityScene.GitHub, Subject, minutes: -1),
            "forged" => IdentityScene.Token(IdentityScene.GitHub, Subject, signer: forger),
            "other audience" => IdentityScene.Token(IdentityScene.GitHub, Subject, audience: "https://github.com/corp"),
            "other issuer" => IdentityScene.Token("gitlab.example.org", Subject),
            "other repository" => IdentityScene.Token(IdentityScene.GitHub, "repo:corp/web:pull_request"),
            _ => "xyz",
        };
        scene.Set("AWS_WEB_IDENTITY_TOKEN_FILE", what == "missing" ? "/nowhere/token" : scene.File("token", token));

        var said = await ShouldSay(scene, new(), "ECR1024", expected);

        if (what == "other repository")
        {
            said.ShouldContain("https://token.actions.githubusercontent.com");
            said.ShouldContain("repo:corp/web:pull_request");
            said.ShouldContain("sts.amazonaws.com");
        }

        if (token.Length > 10)
        {
            said.ShouldNotContain(token.Split('.')[2]);
        }
    }

    [Theory]
    [InlineData("URL/containers/pod", " 401 ")]
    [InlineData("URL/containers/none", " 404 ")]
    [InlineData("http://127.0.0.1:1/", "cannot be reached")]
    [InlineData("http://creds.example.org/", "https")]
    [InlineData("somewhere", "AWS_CONTAINER_CREDENTIALS_FULL_URI")]
    [InlineData("some where/?key=wrong-token", "AWS_CONTAINER_CREDENTIALS_FULL_URI")]
    [InlineData("http://wrong-token@127.0.0.1:1/?key=wrong-token", "cannot be reached")]
    [InlineData("http://wrong-token@creds.example.org/", "https")]
    public async Task A_container_that_is_given_nothing(string url, string expected)
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "wrong-token")
        );

        (await ShouldSay(scene, new(), "ECR1025", expected)).ShouldNotContain("wrong-token");
    }

    [Fact]
    public async Task A_token_file_of_a_container_that_cannot_be_read()
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/pod"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nowhere/token")
        );

        await ShouldSay(scene, new(), "ECR1025", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nowhere/token");
    }

    [Theory]
    [InlineData("container", 307, "")]
    [InlineData("instance", 307, "")]
    [InlineData("container", 200, "long")]
    [InlineData("instance", 200, "long")]
    public async Task Who_gives_the_machines_role_gets_no_token_sent_elsewhere_and_no_memory_filled(
        string who,
        int status,
        string body
    )
    {
        await using var elsewhere = await StubService.StartAsync(new StubAnswer(200, "{}"));
        await using var service = await StubService.StartAsync(request =>
            request.Method == "PUT" ? new StubAnswer(200, "token")
            : request.Path.EndsWith('/') ? new StubAnswer(200, "ci")
            : new StubAnswer(status, body.Length == 0 ? "" : new string(' ', 1 << 20) + "{}")
            {
                Header = ("Location", elsewhere.Url.ToString()),
            }
        );
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod-token"),
            who == "container"
                ? ("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{service.Url}role")
                : ("AWS_EC2_METADATA_SERVICE_ENDPOINT", service.Url.ToString()),
            ("AWS_EC2_METADATA_DISABLED", "false")
        );

        await ShouldSay(scene, new(), "ECR1025", status == 200 ? "maximum" : " 307 ");

        elsewhere.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://hidden-word:1@127.0.0.1:1/", false)]
    [InlineData("http://hidden-word:1@127.0.0.1:1/", true)]
    [InlineData("http//hidden-word:p@ss@127.0.0.1:1/", false)]
    public async Task The_password_in_an_endpoint_URL_is_not_shown(string url, bool isFips)
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_ACCESS_KEY_ID", "AKIAADA"),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-ada")
        );
        scene.Set("AWS_ENDPOINT_URL", url);
        scene.Set("AWS_USE_FIPS_ENDPOINT", isFips ? "true" : null);

        var failure = await scene.FailureAsync();

        $"{FailureDiagnosis.Find(failure)}{failure}".ShouldNotContain("hidden-word");
        $"{failure.Endpoint}{failure.Message}".ShouldContain("127.0.0.1:1/");
    }

    [Theory]
    [InlineData("echo hidden-word >&2; exit 3", "exit code 3")]
    [InlineData("echo hidden-word", "JSON")]
    [InlineData("yes hidden-word", "1048576")]
    [InlineData("yes hidden-word >&2 & sleep 0.2; kill $!; exit 3", "exit code 3")]
    [InlineData("echo '{\"Version\": 2, \"SecretAccessKey\": \"hidden-word\"}'", "\"Version\": 1")]
    [InlineData("echo '{\"Version\": 1, \"SecretAccessKey\": \"hidden-word\"}'", "AccessKeyId")]
    [InlineData(
        "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"hidden-word\",\"Expiration\":\"2020-01-01T00:00:00Z\"}'",
        "expired at 2020-01-01"
    )]
    public async Task A_credential_process_that_fails_of_which_nothing_printed_is_shown(string script, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        await using var scene = await IdentityScene.OpenAsync(
            """
            [profile process]
            credential_process = sh $HOME/script.sh
            """
        );
        scene.File("script.sh", script);

        var said = await ShouldSay(
            scene,
            new() { Profile = "process" },
            "ECR1026",
            expected,
            "aws configure get credential_process --profile process"
        );

        said.ShouldNotContain("hidden-word");
    }

    [Theory]
    [InlineData("echo hidden-word >&2; exit 255", "exit code 255")]
    [InlineData("echo hidden-word", "JSON")]
    [InlineData(null, "exit code 127")]
    public async Task A_profile_of_aws_login_for_which_the_AWS_CLI_gives_nothing(string? aws, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        await using var scene = await IdentityScene.OpenAsync(
            "[profile half]\nlogin_session = arn:aws:iam::111122223333:user/ada\n"
        );
        scene.WithAwsCli(aws);

        var said = await ShouldSay(scene, new() { Profile = "half" }, "ECR1027", expected, "aws login --profile half");

        said.ShouldNotContain("hidden-word");
    }

    [Fact]
    public async Task Source_profiles_that_lead_back()
    {
        await using var scene = await IdentityScene.OpenAsync(
            """
            [profile a]
            role_arn = arn:aws:iam::444455556666:role/a
            source_profile = b
            [profile b]
            role_arn = arn:aws:iam::444455556666:role/b
            source_profile = a
            """
        );

        await ShouldSay(scene, new() { Profile = "a" }, "ECR1027", "a -> b -> a");
    }

    [Theory]
    [InlineData("config", "hidden-word", 3)]
    [InlineData("config", "[hidden-word", 3)]
    [InlineData("config", "[ ] hidden-word", 3)]
    [InlineData("credentials", "hidden-word", 3)]
    [InlineData("credentials", "aws_secret_access_key: hidden-word", 3)]
    [InlineData("AWS_CONFIG_FILE", "hidden-word", 3)]
    [InlineData("AWS_SHARED_CREDENTIALS_FILE", "hidden-word", 3)]
    [InlineData("config", "  hidden-word", null)]
    [InlineData("config", "s3 =\n  max_concurrent_requests = 3\n  hidden-word", null)]
    public async Task A_line_that_is_no_setting_is_named_and_not_shown_until_it_is_corrected(
        string file,
        string line,
        int? number
    )
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_ACCESS_KEY_ID", "AKIAADA"),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-ada")
        );
        var isElsewhere = file.StartsWith("AWS_", StringComparison.Ordinal);
        var name = isElsewhere ? "elsewhere" : $".aws/{file}";
        var path = scene.File(name, $"[default]\nregion = eu-west-1\n{line}\n");
        scene.Set(isElsewhere ? file : "UNUSED", path);

        if (number is not null)
        {
            var said = await ShouldSay(scene, new(), "ECR1027", $"Line {number} of {path} ");
            said.ShouldNotContain("hidden-word");
            scene.File(name, "[default]\nregion = eu-west-1\n");
        }

        (await scene.WhoAsync()).Source.ShouldBe("environment variables");
    }

    [Fact]
    public async Task An_endpoint_of_the_instance_metadata_that_is_no_URL()
    {
        await using var scene = await IdentityScene.OpenAsync("", ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "somewhere"));

        await ShouldSay(scene, new(), "ECR4006", "AWS_EC2_METADATA_SERVICE_ENDPOINT is 'somewhere'");
    }

    [Theory]
    [InlineData("aws_access_key_id = A", "aws_secret_access_key")]
    [InlineData("role_arn = arn:aws:iam::444455556666:role/a", "neither source_profile")]
    [InlineData("region = eu-west-1", "credential settings")]
    public async Task A_profile_that_is_incomplete(string settings, string expected)
    {
        await using var scene = await IdentityScene.OpenAsync($"[profile half]\n{settings}\n");

        await ShouldSay(scene, new() { Profile = "half" }, "ECR1027", expected);
    }

    [Fact]
    public async Task A_role_that_wants_a_device()
    {
        await using var scene = await IdentityScene.OpenAsync(
            """
            [profile base]
            aws_access_key_id = A
            aws_secret_access_key = B
            [profile careful]
            role_arn = arn:aws:iam::444455556666:role/deploy
            source_profile = base
            mfa_serial = arn:aws:iam::111122223333:mfa/me
            """
        );

        await ShouldSay(
            scene,
            new() { Profile = "careful" },
            "ECR1028",
            "arn:aws:iam::111122223333:mfa/me",
            "aws configure export-credentials --profile careful"
        );
    }

    [Fact]
    public async Task A_role_that_does_not_trust_the_caller_names_both()
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_ACCESS_KEY_ID", "AKIAADA"),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-ada")
        );

        await ShouldSay(
            scene,
            new() { RoleArn = IdentityScene.Deploy, ExternalId = "wrong" },
            "ECR1016",
            $"The role {IdentityScene.Deploy} ",
            " environment variables."
        );
    }

    [Fact]
    public async Task A_denial_of_another_call_is_none_of_the_role()
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_ACCESS_KEY_ID", "AKIAADA"),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-ada")
        );
        scene.Emulator.Faults.Add(new RefusalFault("GetCallerIdentity", 403) { Code = "AccessDenied" });

        // As by the policy of a VPC endpoint.
        var failure = await Should.ThrowAsync<AmazonServiceException>(() =>
            scene.WhoAsync(new() { RoleArn = IdentityScene.Ci })
        );

        FailureDiagnosis.Find(failure)!.Code.ShouldBe(EcrCode.TokenUnavailable);
    }

    [Fact]
    public async Task An_unknown_profile_with_the_nearest_one_whatever_that_holds()
    {
        await using var scene = await IdentityScene.OpenAsync("[profile production]\nregion = eu-west-1\n");

        await ShouldSay(scene, new() { Profile = "prodution" }, "ECR1014", "'production'");
    }

    [Fact]
    public async Task A_profile_that_waits_for_an_instance_where_there_is_none_is_told_within_about_a_second()
    {
        await using var scene = await IdentityScene.OpenAsync(
            """
            [profile ec2]
            role_arn = arn:aws:iam::444455556666:role/deploy
            credential_source = Ec2InstanceMetadata
            """,
            ("AWS_EC2_METADATA_DISABLED", "false"),
            // It is there and says nothing, as the address of the metadata does in most networks.
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://192.0.2.1/")
        );
        var clock = Stopwatch.StartNew();

        await ShouldSay(scene, new() { Profile = "ec2" }, "ECR1025", "192.0.2.1");

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task No_credentials_anywhere_which_is_told_with_what_was_looked_at()
    {
        await using var scene = await IdentityScene.OpenAsync();

        var said = await ShouldSay(scene, new(), "ECR1010", "AWS_EC2_METADATA_DISABLED");

        said.ShouldContain("environment variables, web identity");
    }

    private static async Task<string> ShouldSay(
        IdentityScene scene,
        AwsSettings settings,
        string code,
        params string[] words
    )
    {
        var failure = await scene.FailureAsync(settings);
        var diagnostic = FailureDiagnosis.Find(failure).ShouldNotBeNull();
        var said = diagnostic.ToString();
        diagnostic.Code.Id.ShouldBe(code, said);
        foreach (var word in words)
        {
            said.ShouldContain(word);
        }

        return said;
    }
}
