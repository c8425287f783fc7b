using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>The services that give identities, as the AWS CLI uses them: each is asked as AWS is, and what it gives is good for ECR.</summary>
public sealed class AwsCliIdentityTests : IAsyncLifetime
{
    private const string Account = Scenario.OwnerAccount;
    private const string Issuer = "token.actions.githubusercontent.com";
    private const string Ci = $"arn:aws:iam::{Account}:role/ci";
    private const string CiSession = $"arn:aws:sts::{Account}:assumed-role/ci";
    private const string PermissionSetRole = "AWSReservedSSO_Dev_0123456789abcdef";

    private static readonly OidcSigner Signer = new();

    private EcrEmulator emulator = null!;
    private TlsFront front = null!;

    private string Url => emulator.Endpoint.ToString().TrimEnd('/');

    public async ValueTask InitializeAsync()
    {
        emulator = await EcrEmulator.StartAsync(Options(), TestContext.Current.CancellationToken);
        front = new(
            emulator.Endpoint,
            $"sts.{Scenario.Region}.amazonaws.com",
            $"api.ecr.{Scenario.Region}.amazonaws.com",
            $"portal.sso.{Scenario.Region}.amazonaws.com",
            $"oidc.{Scenario.Region}.amazonaws.com"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_login_of_IAM_Identity_Center_in_its_cache()
    {
        using var aws = new AwsCli(front, ("AWS_PROFILE", "dev"));
        aws.Write("config", SsoProfile);
        Login(aws, "portal-token", DateTimeOffset.UtcNow.AddHours(1));

        await ShouldBeAsync(
            aws,
            $"arn:aws:sts::{Account}:assumed-role/{PermissionSetRole}/ada@example.org",
            "/federation/credentials"
        );
    }

    [Fact]
    public async Task A_login_of_IAM_Identity_Center_that_has_to_be_renewed()
    {
        using var aws = new AwsCli(front, ("AWS_PROFILE", "dev"));
        aws.Write("config", SsoProfile);
        Login(aws, "old-token", DateTimeOffset.UtcNow.AddHours(-1));

        await ShouldBeAsync(
            aws,
            $"arn:aws:sts::{Account}:assumed-role/{PermissionSetRole}/ada@example.org",
            "/token",
            "/federation/credentials"
        );
    }

    [Fact]
    public async Task The_web_identity_of_a_job()
    {
        using var aws = new AwsCli(front, ("AWS_ROLE_ARN", Ci), ("AWS_ROLE_SESSION_NAME", "run-7"));
        aws.Set(
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            aws.Write("token", Signer.Token(Issuer, "repo:corp/api:ref:refs/heads/main"))
        );

        await ShouldBeAsync(aws, $"{CiSession}/run-7");
    }

    [Fact]
    public async Task The_web_identity_of_a_job_of_another_repository_is_refused_in_AWS_s_words()
    {
        using var aws = new AwsCli(front, ("AWS_ROLE_ARN", Ci));
        aws.Set("AWS_WEB_IDENTITY_TOKEN_FILE", aws.Write("token", Signer.Token(Issuer, "repo:corp/web:pull_request")));

        (await aws.RefusalAsync("sts", "get-caller-identity")).ShouldContain(
            "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity"
        );
    }

    [Fact]
    public async Task The_role_of_a_container_with_its_token()
    {
        using var aws = new AwsCli(
            front,
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{Url}/containers/task"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token")
        );

        await ShouldBeAsync(aws, $"{CiSession}/containers-task", "/containers/task");
    }

    [Fact]
    public async Task The_role_of_an_EC2_instance_by_version_2_of_its_metadata()
    {
        using var aws = new AwsCli(
            front,
            ("AWS_EC2_METADATA_DISABLED", "false"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", $"{Url}/")
        );

        await ShouldBeAsync(
            aws,
            $"{CiSession}/i-0123456789abcdef0",
            "/latest/api/token",
            "/latest/meta-data/iam/security-credentials/",
            "/latest/meta-data/iam/security-credentials/ci"
        );
    }

    [Fact]
    public async Task Roles_one_on_another_with_an_external_id()
    {
        using var aws = new AwsCli(front, ("AWS_PROFILE", "deploy"));
        aws.Write("config", Chain("ext/1"));

        await ShouldBeAsync(aws, $"arn:aws:sts::{Account}:assumed-role/deploy/run-8");
    }

    [Fact]
    public async Task A_role_with_another_external_id_is_refused_in_AWS_s_words()
    {
        using var aws = new AwsCli(front, ("AWS_PROFILE", "deploy"));
        aws.Write("config", Chain("ext/2"));

        (await aws.RefusalAsync("sts", "get-caller-identity")).ShouldContain(
            $"An error occurred (AccessDenied) when calling the AssumeRole operation: User: {CiSession}/run-7 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{Account}:role/deploy"
        );
    }

    private const string SsoProfile = $"""
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = {Scenario.Region}
        sso_registration_scopes = sso:account:access
        [profile dev]
        sso_session = corp
        sso_account_id = {Account}
        sso_role_name = Dev
        """;

    private static string Chain(string externalId) =>
        $"""
            [profile ada]
            aws_access_key_id = AKIAADA
            aws_secret_access_key = secret-of-ada
            [profile ci]
            role_arn = {Ci}
            role_session_name = run-7
            source_profile = ada
            [profile deploy]
            role_arn = arn:aws:iam::{Account}:role/deploy
            role_session_name = run-8
            source_profile = ci
            external_id = {externalId}
            """;

    /// <summary>Writes what <c>aws sso login</c> leaves behind.</summary>
    private static void Login(AwsCli aws, string token, DateTimeOffset end)
    {
#pragma warning disable CA5350 // The file's name in AWS's cache is a SHA-1.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("corp")));
#pragma warning restore CA5350
        aws.Write(
            $".aws/sso/cache/{name}.json",
            $$"""
            {"startUrl":"https://corp.awsapps.com/start","region":"{{Scenario.Region}}","accessToken":"{{token}}","expiresAt":"{{end:yyyy-MM-ddTHH:mm:ssZ}}",
            "refreshToken":"refresh-token","clientId":"c","clientSecret":"s","registrationExpiresAt":"2099-01-01T00:00:00Z"}
            """
        );
    }

    /// <summary>It is somebody to STS and to ECR, and the services were asked for that at these paths.</summary>
    private async Task ShouldBeAsync(AwsCli aws, string arn, params string[] asked)
    {
        var caller = await aws.AnswerAsync("sts", "get-caller-identity");
        var repositories = await aws.AnswerAsync("ecr", "describe-repositories");

        caller.GetProperty("Arn").GetString().ShouldBe(arn);
        repositories
            .GetProperty("repositories")[0]
            .GetProperty("repositoryName")
            .GetString()
            .ShouldBe(Scenario.Repository);
        var paths = emulator.Calls.Where(call => call.Service is not ("sts" or "ecr")).Select(call => call.Path);
        paths.Distinct(StringComparer.Ordinal).ShouldBe(asked);
        emulator.Calls.ShouldAllBe(call => call.Status == 200);
    }

    private static EmulatorOptions Options() =>
        new()
        {
            Accounts =
            [
                new(Account)
                {
                    Users =
                    [
                        new("ada")
                        {
                            AccessKeys = [new("AKIAADA", "secret-of-ada")],
                            IdentityPolicies = [Allowing("sts:AssumeRole")],
                        },
                    ],
                    Roles =
                    [
                        new("ci")
                        {
                            IdentityPolicies = [Allowing("sts:AssumeRole"), Allowing("ecr:*")],
                            TrustPolicy = $$"""
                                {"Version":"2012-10-17","Statement":[
                                  {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Account}}:user/ada"},"Action":"sts:AssumeRole"},
                                  {"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::{{Account}}:oidc-provider/{{Issuer}}"},
                                   "Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"{{Issuer}}:sub":"repo:corp/api:*"} } }]}
                                """,
                        },
                        new("deploy")
                        {
                            IdentityPolicies = [Allowing("ecr:*")],
                            TrustPolicy = $$"""
                                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{Ci}}"},
                                 "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"ext/1"} } }]}
                                """,
                        },
                        new(PermissionSetRole)
                        {
                            Path = "/aws-reserved/sso.amazonaws.com/eu-west-1/",
                            IdentityPolicies = [Allowing("ecr:*")],
                        },
                    ],
                    OidcProviders = [new(Issuer) { PublicKey = Signer.PublicKey }],
                    Registries = [new(Scenario.Region) { Repositories = [new(Scenario.Repository)] }],
                },
            ],
            IdentityCenter = new()
            {
                Logins =
                [
                    new("ada@example.org", "portal-token")
                    {
                        RefreshToken = "refresh-token",
                        Assignments = [new(Account, "Dev")],
                    },
                ],
            },
            Containers = [new("/containers/task", Ci) { AuthorizationToken = "container-token" }],
            Instance = new(Scenario.Region) { RoleArn = Ci },
        };

    private static IamPolicy Allowing(string action) =>
        new(
            action.Replace(':', '-').Replace('*', 'x'),
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}"""
        );
}
