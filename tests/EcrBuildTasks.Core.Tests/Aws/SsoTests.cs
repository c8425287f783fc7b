using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>Logins of `aws sso login`, as the services answer to them.</summary>
public sealed class SsoTests
{
    private const string Config = """
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_registration_scopes = sso:account:access
        [profile sso-dev]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Dev
        region = eu-west-1
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Token(string expiresAt, string refresh = "") =>
        $$"""
            {"startUrl":"https://corp.awsapps.com/start","region":"eu-west-1","accessToken":"tok","expiresAt":"{{expiresAt}}"{{refresh}}}
            """;

    [Fact]
    public async Task Without_a_login_the_profile_and_the_command_are_named()
    {
        using var environment = new AwsEnvironment(Config);

        await ShouldAskForLogin(environment, EcrCode.SsoNotLoggedIn);
    }

    [Fact]
    public async Task An_expired_login_is_told_as_such()
    {
        using var environment = new AwsEnvironment(Config);
        environment.SsoToken("corp", Token("2020-01-01T00:00:00Z"));

        await ShouldAskForLogin(environment, EcrCode.SsoLoginRequired);
    }

    [Fact]
    public async Task A_login_that_can_no_longer_be_renewed_is_told_as_such()
    {
        await using var oidc = await StubService.StartAsync(
            new StubAnswer(
                400,
                """{"error":"invalid_grant","error_description":"gone","__type":"InvalidGrantException"}"""
            )
        );
        using var environment = new AwsEnvironment(Config, ("AWS_ENDPOINT_URL_SSO_OIDC", oidc.Url.ToString()));
        environment.SsoToken(
            "corp",
            Token(
                "2020-01-01T00:00:00Z",
                ""","refreshToken":"r","clientId":"c","clientSecret":"s","registrationExpiresAt":"2099-01-01T00:00:00Z" """
            )
        );

        await ShouldAskForLogin(environment, EcrCode.SsoLoginRequired);

        oidc.Requests[0].Path.ShouldBe("/token");
    }

    [Fact]
    public async Task A_login_that_Identity_Center_no_longer_accepts_is_told_as_such()
    {
        await using var portal = await StubService.StartAsync(
            new StubAnswer(401, """{"message":"Session token not found or invalid","__type":"UnauthorizedException"}""")
        );
        using var environment = new AwsEnvironment(Config, ("AWS_ENDPOINT_URL_SSO", portal.Url.ToString()));
        environment.SsoToken("corp", Token("2099-01-01T00:00:00Z"));

        await ShouldAskForLogin(environment, EcrCode.SsoLoginRequired);
    }

    [Fact]
    public async Task A_good_login_gives_the_roles_credentials()
    {
        await using var service = await StubService.StartAsync(request =>
            request.Path == "/federation/credentials"
                ? new StubAnswer(
                    200,
                    """
                    {"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":4070908800000}}
                    """
                )
                : StubAnswer.Caller
        );
        using var environment = new AwsEnvironment(Config, ("AWS_ENDPOINT_URL", service.Url.ToString()));
        environment.SsoToken("corp", Token("2099-01-01T00:00:00Z"));

        var session = environment.Open(new AwsSettings { Profile = "sso-dev" });
        await session.GetCallerIdentityAsync(Cancellation);

        session.CredentialsSource.ShouldBe("profile sso-dev (IAM Identity Center)");
        service.Requests[^1].Headers["Authorization"].ShouldContain("ASIASSO/");
    }

    [Fact]
    public async Task A_role_on_top_of_a_login_names_the_profile_to_log_in_with()
    {
        using var environment = new AwsEnvironment(
            Config
                + """

                [profile deploy]
                role_arn = arn:aws:iam::444455556666:role/deploy
                source_profile = sso-dev
                region = eu-west-1
                """
        );

        await ShouldAskForLogin(environment, EcrCode.SsoNotLoggedIn, "deploy");
    }

    private static async Task ShouldAskForLogin(
        AwsEnvironment environment,
        EcrCode expected,
        string profile = "sso-dev"
    )
    {
        var session = environment.Open(new AwsSettings { Profile = profile });

        var problem = await Should.ThrowAsync<AwsSessionException>(() => session.GetCallerIdentityAsync(Cancellation));

        problem.Code.ShouldBe(expected);
        problem.Profile.ShouldBe("sso-dev");
        FailureDiagnosis.Find(problem)!.Message.ShouldContain("aws sso login --profile sso-dev");
    }
}
