namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>Each source of credentials of the AWS SDKs, against the services that give them.</summary>
public sealed class IdentityTests
{
    private const string Ada = "arn:aws:iam::111122223333:user/ada";
    private const string PermissionSet =
        "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/ada@example.org";

    private const string SsoProfiles = """
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_registration_scopes = sso:account:access
        [profile dev]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Dev
        [profile legacy]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = Dev
        """;

    private static readonly (string, string)[] Keys =
    [
        ("AWS_ACCESS_KEY_ID", "AKIAADA"),
        ("AWS_SECRET_ACCESS_KEY", "secret-of-ada"),
    ];

    [Fact]
    public async Task Keys_in_environment_variables()
    {
        await using var scene = await IdentityScene.OpenAsync("", Keys);

        (await scene.WhoAsync()).ShouldBe(("environment variables", Ada));
    }

    [Fact]
    public async Task Keys_of_the_config_file_and_of_the_credentials_file_that_goes_before_it()
    {
        await using var scene = await IdentityScene.OpenAsync(
            """
            [default]
            aws_access_key_id = AKIAOLD
            aws_secret_access_key = old
            # A comment.
            [profile "ada"]
            AWS_ACCESS_KEY_ID=AKIAADA ; hers
            aws_secret_access_key = secret-of-ada
            """
        );
        scene.File(
            ".aws/credentials",
            "[default]\naws_access_key_id = AKIAADA\naws_secret_access_key = secret-of-ada\n"
        );

        (await scene.WhoAsync()).ShouldBe(("profile default", Ada));
        (await scene.WhoAsync(new() { Profile = "ada" })).ShouldBe(("profile ada", Ada));
    }

    [Fact]
    public async Task Files_that_the_environment_names_elsewhere()
    {
        await using var scene = await IdentityScene.OpenAsync();
        scene.Set("AWS_CONFIG_FILE", scene.File("my-config", "[profile ada]\nregion = eu-central-1\n"));
        scene.Set(
            "AWS_SHARED_CREDENTIALS_FILE",
            scene.File("my-credentials", "[ada]\naws_access_key_id = AKIAADA\naws_secret_access_key = secret-of-ada\n")
        );
        scene.Set("AWS_REGION", null);

        (await scene.WhoAsync(new() { Profile = "ada" })).Arn.ShouldBe(Ada);
        scene.Open(new() { Profile = "ada" }).Region.ShouldBe("eu-central-1");
    }

    [Fact]
    public async Task Roles_one_on_another_with_external_id_and_session_name()
    {
        await using var scene = await IdentityScene.OpenAsync(
            $"""
            [profile ada]
            aws_access_key_id = AKIAADA
            aws_secret_access_key = secret-of-ada
            [profile ci]
            role_arn = {IdentityScene.Ci}
            source_profile = ada
            [profile deploy]
            role_arn = {IdentityScene.Deploy}
            source_profile = ci
            external_id = ext/1
            role_session_name = run-7
            """,
            ("AWS_PROFILE", "deploy")
        );

        (await scene.WhoAsync()).ShouldBe(
            (
                "profile deploy (role arn:aws:iam::444455556666:role/delivery/deploy assumed from profile ci (role arn:aws:iam::111122223333:role/ci assumed from profile ada))",
                "arn:aws:sts::444455556666:assumed-role/deploy/run-7"
            )
        );
    }

    [Fact]
    public async Task A_profile_whose_own_keys_assume_its_role()
    {
        await using var scene = await IdentityScene.OpenAsync(
            $"""
            [profile ci]
            aws_access_key_id = AKIAADA
            aws_secret_access_key = secret-of-ada
            role_arn = {IdentityScene.Ci}
            source_profile = ci
            """
        );

        (await scene.WhoAsync(new() { Profile = "ci" })).Arn.ShouldBe(
            "arn:aws:sts::111122223333:assumed-role/ci/EcrBuildTasks"
        );
    }

    [Theory]
    [InlineData("Environment", "environment variables")]
    [InlineData("EcsContainer", "container credentials")]
    [InlineData("Ec2InstanceMetadata", "instance profile")]
    [InlineData("environment", "environment variables")]
    [InlineData("ECSContainer", "container credentials")]
    [InlineData("ec2instancemetadata", "instance profile")]
    public async Task A_role_of_which_the_profile_says_who_assumes_it(string source, string words)
    {
        await using var scene = await IdentityScene.OpenAsync(
            $"""
            [profile deploy]
            role_arn = {IdentityScene.Deploy}
            credential_source = {source}
            external_id = ext/1
            """,
            [
                .. Keys,
                ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL"),
                ("AWS_EC2_METADATA_DISABLED", "false"),
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/task"),
            ]
        );

        (await scene.WhoAsync(new() { Profile = "deploy" })).ShouldBe(
            (
                $"profile deploy (role {IdentityScene.Deploy} assumed from {words})",
                "arn:aws:sts::444455556666:assumed-role/deploy/EcrBuildTasks"
            )
        );
    }

    [Fact]
    public async Task What_a_program_prints_that_is_given_the_environment_and_nothing_to_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        await using var scene = await IdentityScene.OpenAsync(
            """
            [profile process]
            credential_process = sh "$HOME/give credentials.sh" ada ; exit 0
            """,
            ("KEY_OF_ADA", "secret-of-ada")
        );
        scene.File(
            "give credentials.sh",
            """
            cat
            echo "for $1" >&2
            printf '{"Version": 1, "AccessKeyId": "AKIAADA", "SecretAccessKey": "%s"}' "$KEY_OF_ADA"
            """
        );

        (await scene.WhoAsync(new() { Profile = "process" })).ShouldBe(("profile process (credential_process)", Ada));
    }

    [Theory]
    [InlineData("console", "profile console (aws login)", Ada)]
    [InlineData("$(false) 'x y", "profile $(false) 'x y (aws login)", Ada)]
    [InlineData(
        "ci",
        $"profile ci (role {IdentityScene.Ci} assumed from profile console (aws login))",
        "arn:aws:sts::111122223333:assumed-role/ci/EcrBuildTasks"
    )]
    public async Task A_login_of_aws_login_by_the_AWS_CLI(string profile, string source, string arn)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        await using var scene = await IdentityScene.OpenAsync(
            $"""
            [profile console]
            login_session = arn:aws:iam::111122223333:user/ada
            [profile $(false) 'x y]
            login_session = arn:aws:iam::111122223333:user/ada
            [profile ci]
            role_arn = {IdentityScene.Ci}
            source_profile = console
            """
        );
        var asked = profile == "ci" ? "console" : profile;
        scene.File("profile", asked);
        scene.WithAwsCli(
            """
            read -r asked <"$HOME/profile"
            [ "$*" = "configure export-credentials --format process --profile $asked" ] || exit 1
            echo '{"Version": 1, "AccessKeyId": "AKIAADA", "SecretAccessKey": "secret-of-ada"}'
            """
        );

        (await scene.WhoAsync(new() { Profile = profile })).ShouldBe((source, arn));
    }

    [Theory]
    [InlineData("dev", "corp")]
    [InlineData("legacy", "https://corp.awsapps.com/start")]
    public async Task A_login_to_IAM_Identity_Center_in_both_forms(string profile, string keptUnder)
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfiles);
        scene.Login(keptUnder);

        (await scene.WhoAsync(new() { Profile = profile })).ShouldBe(
            ($"profile {profile} (IAM Identity Center)", PermissionSet)
        );
    }

    [Fact]
    public async Task A_login_that_has_ended_is_renewed_and_kept_and_nobody_is_asked_to_log_in()
    {
        await using var scene = await IdentityScene.OpenAsync(SsoProfiles);
        var kept = scene.Login("corp", "old-token", "2020-01-01T00:00:00Z");

        (await scene.WhoAsync(new() { Profile = "dev" })).Arn.ShouldBe(PermissionSet);
        (await scene.WhoAsync(new() { Profile = "dev" })).Arn.ShouldBe(PermissionSet);

        var token = await System.IO.File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken);
        token.ShouldNotContain("old-token");
        scene
            .Emulator.Calls.Select(call => call.Path)
            .ShouldBe(["/token", "/federation/credentials", "/", "/federation/credentials", "/"]);
    }

    [Theory]
    [InlineData("github", IdentityScene.GitHub, "repo:corp/api:ref:refs/heads/main")]
    [InlineData("pod", IdentityScene.Eks, "system:serviceaccount:ci:builder")]
    public async Task The_web_identity_of_a_CI_system_and_of_a_pod(string role, string issuer, string subject)
    {
        var arn = $"arn:aws:iam::{IdentityScene.Account}:role/{role}";
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_ROLE_ARN", arn),
            ("AWS_ROLE_SESSION_NAME", "run-7")
        );
        scene.Set("AWS_WEB_IDENTITY_TOKEN_FILE", scene.File("token", IdentityScene.Token(issuer, subject) + "\n"));

        (await scene.WhoAsync()).ShouldBe(
            ($"role {arn} by web identity", $"arn:aws:sts::111122223333:assumed-role/{role}/run-7")
        );
    }

    [Fact]
    public async Task The_web_identity_of_a_profile()
    {
        await using var scene = await IdentityScene.OpenAsync();
        var token = scene.File("token", IdentityScene.Token(IdentityScene.GitHub, "repo:corp/api:environment:live"));
        scene.File(
            ".aws/config",
            $"""
            [profile oidc]
            role_arn = arn:aws:iam::{IdentityScene.Account}:role/github
            web_identity_token_file = {token}
            role_session_name = run-8
            """
        );

        (await scene.WhoAsync(new() { Profile = "oidc" })).ShouldBe(
            (
                "profile oidc (role arn:aws:iam::111122223333:role/github by web identity)",
                "arn:aws:sts::111122223333:assumed-role/github/run-8"
            )
        );
    }

    [Fact]
    public async Task The_role_of_a_container()
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/task")
        );

        (await scene.WhoAsync()).ShouldBe(
            ("container credentials", "arn:aws:sts::111122223333:assumed-role/ci/containers-task")
        );
    }

    [Fact]
    public async Task The_role_of_a_pod_whose_token_is_in_a_file_that_changes()
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/pod"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "one that the file goes before")
        );
        scene.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", scene.File("token", IdentityScene.PodToken));

        (await scene.WhoAsync()).Arn.ShouldBe("arn:aws:sts::111122223333:assumed-role/ci/containers-pod");
    }

    [Theory]
    [InlineData("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1", "the ECS container's role")]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials", "the EKS pod's role")]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1/credentials", "the EKS pod's role")]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://creds.example.org/", "container credentials")]
    public async Task Who_gives_a_container_its_role_is_told(string variable, string value, string expected)
    {
        await using var scene = await IdentityScene.OpenAsync("", (variable, value));

        scene.Open().CredentialsSource.ShouldBe(expected);
    }

    [Fact]
    public async Task The_role_of_an_EC2_instance_which_tells_its_region_too()
    {
        await using var scene = await IdentityScene.OpenAsync(
            "",
            ("AWS_EC2_METADATA_DISABLED", "false"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL")
        );
        scene.Set("AWS_REGION", null);

        (await scene.WhoAsync()).ShouldBe(
            ("instance profile (role ci)", "arn:aws:sts::111122223333:assumed-role/ci/i-0123456789abcdef0")
        );
        scene.Open().Region.ShouldBe("eu-north-1");
        scene.Open().RegionSource.ShouldBe("the EC2 instance");
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("sso")]
    [InlineData("web")]
    [InlineData("chain")]
    [InlineData("container")]
    [InlineData("instance")]
    public async Task A_role_that_the_settings_name_on_top_of_any(string below)
    {
        await using var scene = await IdentityScene.OpenAsync(
            $"""
            {SsoProfiles}
            [profile ada]
            aws_access_key_id = AKIAADA
            aws_secret_access_key = secret-of-ada
            [profile ci]
            role_arn = {IdentityScene.Ci}
            source_profile = ada
            """,
            below switch
            {
                "keys" => Keys,
                "container" => [("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/task")],
                "instance" => [("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL"), ("AWS_EC2_METADATA_DISABLED", "false")],
                _ => [],
            }
        );
        scene.Login("corp");
        if (below == "web")
        {
            var token = IdentityScene.Token(IdentityScene.GitHub, "repo:corp/api:pull_request");
            scene.Set("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/github");
            scene.Set("AWS_WEB_IDENTITY_TOKEN_FILE", scene.File("token", token));
        }

        var (source, arn) = await scene.WhoAsync(
            new()
            {
                Profile = below switch
                {
                    "sso" => "dev",
                    "chain" => "ci",
                    _ => null,
                },
                RoleArn = IdentityScene.Deploy,
                ExternalId = "ext/1",
                RoleSessionName = "run-9",
            }
        );

        source.ShouldStartWith($"role {IdentityScene.Deploy} assumed from ");
        arn.ShouldBe("arn:aws:sts::444455556666:assumed-role/deploy/run-9");
    }
}
