using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>What the services that give credentials say to whom they give none.</summary>
public sealed class IdentityRefusalTests : IAsyncLifetime
{
    private const string Provider = "token.actions.githubusercontent.com";
    private const string Pod = "/containers/pod";
    private const string Metadata = "/latest/meta-data/iam/security-credentials/ci";

    private EcrEmulator emulator = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        var trusting = Scenario.Ci() with
        {
            TrustPolicy = $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
                "Principal":{"Federated":"arn:aws:iam::{{Scenario.CiAccount}}:oidc-provider/{{Provider}}"},
                "Condition":{"StringLike":{"{{Provider}}:sub":"repo:corp/api:*"} } }]}
                """,
        };
        var options = new EmulatorOptions
        {
            Accounts = [Scenario.CiSide(trusting) with { OidcProviders = [new(Provider)] }],
            IdentityCenter = new()
            {
                Logins = [new("ada", "portal-token") { Assignments = [new(Scenario.CiAccount, "Dev")] }],
            },
            Containers = [new(Pod, Scenario.CiRoleArn) { AuthorizationToken = "pod-token" }],
            Instance = new(Scenario.Region) { RoleArn = Scenario.CiRoleArn },
        };
        emulator = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
        http = new HttpClient { BaseAddress = emulator.Endpoint };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await emulator.DisposeAsync();
    }

    [Theory]
    [InlineData("repo:corp/other:ref:refs/heads/main", "ci")]
    [InlineData("repo:corp/api:ref:refs/heads/main", "no-such-role")]
    public async Task A_web_identity_that_no_role_trusts_is_not_authorized(string subject, string role)
    {
        using var sts = new AmazonSecurityTokenServiceClient(
            new AnonymousAWSCredentials(),
            new AmazonSecurityTokenServiceConfig { ServiceURL = emulator.Endpoint.ToString(), MaxErrorRetry = 0 }
        );
        var request = new AssumeRoleWithWebIdentityRequest
        {
            RoleArn = Scenario.CiRoleArn.Replace("/ci", $"/{role}", StringComparison.Ordinal),
            RoleSessionName = "run-8",
            WebIdentityToken = Token(subject),
        };

        var error = await Should.ThrowAsync<AmazonSecurityTokenServiceException>(() =>
            sts.AssumeRoleWithWebIdentityAsync(request, TestContext.Current.CancellationToken)
        );

        (error.StatusCode, error.ErrorCode, error.Message).ShouldBe(
            (HttpStatusCode.Forbidden, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        );
    }

    [Theory]
    [InlineData("portal-token", "Admin", HttpStatusCode.Forbidden, "ForbiddenException", "No access")]
    [InlineData(
        "other-token",
        "Dev",
        HttpStatusCode.Unauthorized,
        "UnauthorizedException",
        "Session token not found or invalid"
    )]
    public async Task The_portal_gives_no_permission_set_that_the_login_does_not_have(
        string token,
        string permissionSet,
        HttpStatusCode status,
        string type,
        string message
    )
    {
        var (answered, body) = await GetAsync(
            $"/federation/credentials?account_id={Scenario.CiAccount}&role_name={permissionSet}",
            ("x-amz-sso_bearer_token", token)
        );

        answered.ShouldBe(status);
        using var json = JsonDocument.Parse(body);
        json.RootElement.GetProperty("__type").GetString().ShouldBe(type);
        json.RootElement.GetProperty("message").GetString().ShouldBe(message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("other-token")]
    public async Task A_container_with_another_token_than_its_own_is_given_nothing(string? token)
    {
        var (status, body) = await GetAsync(Pod, ("Authorization", token));

        status.ShouldBe(HttpStatusCode.Unauthorized);
        body.ShouldBe("The authorization token is missing or wrong");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guessed")]
    public async Task An_instance_tells_nothing_without_a_token_of_version_2(string? token)
    {
        var (status, body) = await GetAsync(Metadata, ("X-aws-ec2-metadata-token", token));

        status.ShouldBe(HttpStatusCode.Unauthorized);
        body.ShouldBeEmpty();
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, (string Name, string? Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header.Value is not null)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A token that nobody has signed: the provider has no key here.</summary>
    private static string Token(string subject)
    {
        var payload = JsonSerializer.Serialize(
            new
            {
                iss = $"https://{Provider}",
                sub = subject,
                aud = "sts.amazonaws.com",
                exp = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
            }
        );
        return $"{Base64Url.EncodeToString("{}"u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.";
    }
}
