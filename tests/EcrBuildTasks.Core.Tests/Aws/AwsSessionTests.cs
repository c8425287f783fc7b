using System.Diagnostics;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Core.Tests.Aws;

public sealed class AwsSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_in_environment_variables_sign_for_STS_in_the_region()
    {
        await using var service = await StubService.StartAsync(StubAnswer.Caller);
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL_STS", service.Url.ToString())]
        );

        var session = environment.Open(new AwsSettings());
        var caller = await session.GetCallerIdentityAsync(Cancellation);

        session.CredentialsSource.ShouldBe("environment variables");
        session.Region.ShouldBe("eu-west-1");
        caller.ShouldBe(new CallerIdentity("arn:aws:iam::111122223333:user/ci", "111122223333", "AIDAEXAMPLE"));
        service.Requests[0].Headers["Authorization"].ShouldContain("Credential=AKIDENV/");
        service.Requests[0].Headers["Authorization"].ShouldContain("/eu-west-1/sts/");
    }

    [Fact]
    public async Task A_profile_asked_for_comes_before_environment_variables_and_brings_region_and_endpoint()
    {
        await using var service = await StubService.StartAsync(new StubAnswer(200, "{}"));
        using var environment = new AwsEnvironment(
            $"""
            [profile dev]
            region = eu-central-1
            aws_access_key_id = AKIDDEV
            aws_secret_access_key = s
            services = local
            [services local]
            ecr =
              endpoint_url = {service.Url}
            """,
            AwsEnvironment.Keys
        );

        var session = environment.Open(new AwsSettings { Profile = "dev" });
        using var ecr = session.CreateEcrClient();
        await ecr.GetRepositoryPolicyAsync(new(), Cancellation);

        session.CredentialsSource.ShouldBe("profile dev");
        session.Region.ShouldBe("eu-central-1");
        service.Requests[0].Headers["Authorization"].ShouldContain("Credential=AKIDDEV/");
        service.Requests[0].Headers["Authorization"].ShouldContain("/eu-central-1/ecr/");
    }

    [Fact]
    public async Task The_service_specific_endpoint_variable_comes_before_the_general_one()
    {
        await using var general = await StubService.StartAsync(new StubAnswer(200, "{}"));
        await using var specific = await StubService.StartAsync(new StubAnswer(200, "{}"));
        using var environment = new AwsEnvironment(
            "",
            [
                .. AwsEnvironment.Keys,
                ("AWS_ENDPOINT_URL", general.Url.ToString()),
                ("AWS_ENDPOINT_URL_ECR", specific.Url.ToString()),
            ]
        );

        using var ecr = environment.Open(new AwsSettings { Region = "eu-west-1" }).CreateEcrClient();
        await ecr.GetRepositoryPolicyAsync(new(), Cancellation);

        general.Requests.ShouldBeEmpty();
        specific.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "https://api.ecr.eu-west-1.amazonaws.com/")]
    [InlineData("AWS_USE_FIPS_ENDPOINT", "https://api.ecr-fips.eu-west-1.amazonaws.com/")]
    [InlineData("AWS_USE_DUALSTACK_ENDPOINT", "https://ecr.eu-west-1.api.aws/")]
    public void Endpoint_settings_of_the_environment_hold_for_each_session_anew(string variable, string expected)
    {
        using var environment = new AwsEnvironment("", AwsEnvironment.Keys);
        string Url()
        {
            using var ecr = environment.Open(new AwsSettings { Region = "eu-west-1" }).CreateEcrClient();
            return ecr
                .Config.DetermineServiceOperationEndpoint(
                    new Amazon.Runtime.Endpoints.ServiceOperationEndpointParameters(new GetRepositoryPolicyRequest())
                )
                .URL;
        }

        Url().ShouldBe("https://api.ecr.eu-west-1.amazonaws.com/");
        environment.Set(variable, "true");
        if (variable.StartsWith("AWS_IGNORE", StringComparison.Ordinal))
        {
            environment.Set("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        }

        Url().ShouldBe(expected);
    }

    [Fact]
    public async Task A_role_is_assumed_with_its_external_id_and_the_clients_act_as_it()
    {
        await using var service = await StubService.StartAsync(request =>
            request.Body.Contains("Action=AssumeRole", StringComparison.Ordinal) ? StubAnswer.AssumedRole("ASIAROLE")
            : request.Operation.Length > 0 ? new StubAnswer(200, "{}")
            : StubAnswer.Caller
        );
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL", service.Url.ToString())]
        );
        const string role = "arn:aws:iam::444455556666:role/push";

        var session = environment.Open(
            new AwsSettings
            {
                Region = "eu-west-1",
                RoleArn = role,
                ExternalId = "ext/1",
                RoleSessionName = "run-7",
            }
        );
        using var ecr = session.CreateEcrClient();
        await ecr.GetRepositoryPolicyAsync(new(), Cancellation);
        await session.GetCallerIdentityAsync(Cancellation);

        session.CredentialsSource.ShouldBe($"role {role} assumed from environment variables");
        service.Requests.Count.ShouldBe(3);
        service.Requests[0].Body.ShouldContain("RoleSessionName=run-7");
        service.Requests[0].Body.ShouldContain("ExternalId=ext%2F1");
        service.Requests[0].Headers["Authorization"].ShouldContain("AKIDENV/");
        service.Requests[1].Headers["Authorization"].ShouldContain("ASIAROLE/");
        service.Requests[2].Headers["Authorization"].ShouldContain("ASIAROLE/");
    }

    [Fact]
    public async Task A_profile_with_a_source_profile_assumes_its_role_in_the_sessions_region()
    {
        await using var service = await StubService.StartAsync(request =>
            request.Body.Contains("Action=AssumeRole", StringComparison.Ordinal)
                ? StubAnswer.AssumedRole("ASIAROLE")
                : StubAnswer.Caller
        );
        using var environment = new AwsEnvironment(
            """
            [profile base]
            aws_access_key_id = AKIDBASE
            aws_secret_access_key = s
            [profile deploy]
            role_arn = arn:aws:iam::444455556666:role/deploy
            source_profile = base
            duration_seconds = 7200
            """,
            ("AWS_PROFILE", "deploy"),
            ("AWS_ENDPOINT_URL_STS", service.Url.ToString())
        );

        var session = environment.Open(new AwsSettings { Region = "ap-south-1" });
        await session.GetCallerIdentityAsync(Cancellation);

        session.CredentialsSource.ShouldBe(
            "profile deploy (role arn:aws:iam::444455556666:role/deploy assumed from profile base)"
        );
        service.Requests[0].Headers["Authorization"].ShouldContain("AKIDBASE/");
        service.Requests[0].Headers["Authorization"].ShouldContain("/ap-south-1/sts/");
        service.Requests[0].Body.ShouldContain("DurationSeconds=7200");
        service.Requests[1].Headers["Authorization"].ShouldContain("ASIAROLE/");
    }

    [Fact]
    public async Task Web_identity_of_the_environment_is_exchanged_for_the_roles_credentials()
    {
        await using var service = await StubService.StartAsync(request =>
            request.Body.Contains("Action=AssumeRoleWithWebIdentity", StringComparison.Ordinal)
                ? StubAnswer.AssumedRole("ASIAWEB") with
                {
                    Body = StubAnswer
                        .AssumedRole("ASIAWEB")
                        .Body.Replace("AssumeRole", "AssumeRoleWithWebIdentity", StringComparison.Ordinal),
                }
                : StubAnswer.Caller
        );
        using var environment = new AwsEnvironment("", ("AWS_ENDPOINT_URL_STS", service.Url.ToString()));
        environment.Set("AWS_WEB_IDENTITY_TOKEN_FILE", environment.File("token", "jwt"));
        environment.Set("AWS_ROLE_ARN", "arn:aws:iam::444455556666:role/oidc");

        var session = environment.Open(new AwsSettings { Region = "eu-west-1" });
        await session.GetCallerIdentityAsync(Cancellation);

        session.CredentialsSource.ShouldBe("role arn:aws:iam::444455556666:role/oidc by web identity");
        service.Requests[0].Body.ShouldContain("WebIdentityToken=jwt");
        service.Requests[1].Headers["Authorization"].ShouldContain("ASIAWEB/");
    }

    [Fact]
    public async Task Container_credentials_are_fetched_where_the_container_says()
    {
        await using var service = await StubService.StartAsync(request =>
            request.Method == "GET"
                ? new StubAnswer(
                    200,
                    """{"AccessKeyId":"ASIACONTAINER","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}"""
                )
                : StubAnswer.Caller
        );
        using var environment = new AwsEnvironment(
            "",
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", service.Url + "credentials"),
            ("AWS_ENDPOINT_URL_STS", service.Url.ToString())
        );

        var session = environment.Open(new AwsSettings { Region = "eu-west-1" });
        await session.GetCallerIdentityAsync(Cancellation);

        session.CredentialsSource.ShouldBe("container credentials");
        service.Requests[^1].Headers["Authorization"].ShouldContain("ASIACONTAINER/");
    }

    [Fact]
    public async Task The_keys_of_an_instance_hold_for_longer_while_it_is_given_no_new_ones()
    {
        await using var service = await StubService.StartAsync(request =>
            request.Method == "PUT" ? new StubAnswer(200, "token")
            : request.Path.EndsWith("credentials/", StringComparison.Ordinal) ? new StubAnswer(200, "ci")
            : request.Method == "GET"
                ? new StubAnswer(
                    200,
                    """{"AccessKeyId":"ASIAOLD","SecretAccessKey":"s","Token":"t","Expiration":"2020-01-01T00:00:00Z"}"""
                )
            : StubAnswer.Caller
        );
        using var environment = new AwsEnvironment(
            "",
            ("AWS_EC2_METADATA_DISABLED", "false"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", service.Url.ToString()),
            ("AWS_ENDPOINT_URL_STS", service.Url.ToString())
        );

        await environment.Open(new AwsSettings { Region = "eu-west-1" }).GetCallerIdentityAsync(Cancellation);

        service
            .Requests.Last(request => request.Headers.ContainsKey("Authorization"))
            .Headers["Authorization"]
            .ShouldContain("ASIAOLD/");
    }

    [Fact]
    public async Task The_registry_password_is_decoded_and_never_shown()
    {
        await using var service = await StubService.StartAsync(
            new StubAnswer(
                200,
                """
                {"authorizationData":[{"authorizationToken":"QVdTOnB3OndpdGg6Y29sb25z","expiresAt":1.7E9,
                "proxyEndpoint":"http://localhost:5000"}]}
                """
            )
        );
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL_ECR", service.Url.ToString())]
        );

        var authorization = await environment
            .Open(new AwsSettings { Region = "eu-west-1" })
            .GetAuthorizationAsync(EcrRegistry.Create("444455556666", "eu-west-1"), Cancellation);

        var credentials = authorization.CredentialsFor(null);
        (credentials.Username, credentials.Password).ShouldBe(("AWS", "pw:with:colons"));
        authorization.ProxyEndpoint.ShouldBe(new Uri("http://localhost:5000"));
        authorization.ExpiresAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        authorization.ToString().ShouldNotContain("pw");
        service.Requests[0].Body.ShouldBe("""{"registryIds":["444455556666"]}""");
    }

    [Fact]
    public async Task A_denied_token_stays_AWSs_own_exception()
    {
        await using var service = await StubService.StartAsync(
            StubAnswer.Error("AccessDeniedException", "User: u is not authorized to perform: ecr:GetAuthorizationToken")
        );
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL_ECR", service.Url.ToString())]
        );
        var session = environment.Open(new AwsSettings { Region = "eu-west-1" });

        var failure = await Should.ThrowAsync<AmazonServiceException>(() =>
            session.GetAuthorizationAsync(session.RegistryOf("444455556666"), Cancellation)
        );

        failure.ErrorCode.ShouldBe("AccessDeniedException");
        AwsProblems.From(failure, session).ShouldBeNull();
    }

    [Fact]
    public void Without_credentials_the_answer_comes_at_once()
    {
        using var environment = new AwsEnvironment();

        var problem = Should.Throw<AwsSessionException>(() =>
            environment.Open(new AwsSettings { Region = "eu-west-1" })
        );

        problem.Code.ShouldBe(EcrCode.NoCredentials);
    }

    [Fact]
    public void Where_no_instance_metadata_answers_the_search_ends_within_two_seconds()
    {
        using var environment = new AwsEnvironment();
        environment.Set("AWS_EC2_METADATA_DISABLED", null);
        var clock = Stopwatch.StartNew();

        var problem = Should.Throw<AwsSessionException>(() =>
            environment.Open(new AwsSettings { Region = "eu-west-1" })
        );

        problem.Code.ShouldBe(EcrCode.NoCredentials);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("AWS_PROFILE", "AWS_ACCESS_KEY_ID")]
    [InlineData("AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID")]
    [InlineData("AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE")]
    public void A_profile_beside_credentials_that_take_precedence_is_reported(string profile, string credentials)
    {
        const string Config = "[profile deploy]\nregion = eu-west-1\n";
        using var both = new AwsEnvironment(Config, (profile, "deploy"), (credentials, "x"));
        using var alone = new AwsEnvironment(Config, (profile, "deploy"));

        var ignored = AwsSession.OpenAnonymous(new(), both.Variables).IgnoredProfile;

        ignored.ShouldNotBeNull();
        ignored.ShouldContain($"{profile}=deploy");
        ignored.ShouldContain(credentials);
        AwsSession.OpenAnonymous(new(), alone.Variables).IgnoredProfile.ShouldBeNull();
        AwsSession.OpenAnonymous(new() { Profile = "deploy" }, both.Variables).IgnoredProfile.ShouldBeNull();
    }
}
