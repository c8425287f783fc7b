using System.Net;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class SignatureTests : IAsyncLifetime
{
    private EcrEmulator emulator = null!;

    public async ValueTask InitializeAsync()
    {
        var expired = new IamRole("late")
        {
            Sessions = [new("run", new("ASIALATE", "s", "t")) { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) }],
        };
        var options = Scenario.Options() with
        {
            Accounts = [Scenario.CiSide() with { Roles = [Scenario.Ci(), expired] }, Scenario.OwnerSide()],
        };
        emulator = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => emulator.DisposeAsync();

    [Fact]
    public async Task A_wrong_secret_of_the_AWS_CLI_is_refused_by_ECR_and_by_STS()
    {
        using var cli = new AwsCli(emulator, Scenario.OwnerKey with { Secret = "another" });

        (await cli.RefusalAsync("ecr", "get-authorization-token")).ShouldContain(
            "(InvalidSignatureException) when calling the GetAuthorizationToken operation: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."
        );
        (await cli.RefusalAsync("sts", "get-caller-identity")).ShouldContain(
            "(SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match"
        );
    }

    [Fact]
    public async Task An_unknown_key_of_the_AWS_CLI_is_refused_by_ECR_and_by_STS()
    {
        using var cli = new AwsCli(emulator, new AccessKey("AKIANOBODY", "secret"));

        (await cli.RefusalAsync("ecr", "get-authorization-token")).ShouldContain(
            "(UnrecognizedClientException) when calling the GetAuthorizationToken operation: The security token included in the request is invalid."
        );
        (await cli.RefusalAsync("sts", "get-caller-identity")).ShouldContain(
            "(InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid."
        );
    }

    [Fact]
    public async Task A_session_needs_its_own_token()
    {
        using var wrong = new EcrCaller(emulator, Scenario.CiKey with { SessionToken = "another" });
        using var none = new EcrCaller(emulator, Scenario.CiKey with { SessionToken = null });
        const string Refusal = "UnrecognizedClientException: The security token included in the request is invalid.";

        (await wrong.RefusalAsync("GetAuthorizationToken")).ShouldBe(Refusal);
        (await none.RefusalAsync("GetAuthorizationToken")).ShouldBe(Refusal);
    }

    [Fact]
    public async Task An_expired_session_is_refused()
    {
        using var caller = new EcrCaller(emulator, new AccessKey("ASIALATE", "s", "t"));

        (await caller.RefusalAsync("GetAuthorizationToken")).ShouldBe(
            "ExpiredTokenException: The security token included in the request is expired"
        );
    }

    [Fact]
    public async Task A_request_that_changed_after_it_was_signed_is_refused()
    {
        using var body = new EcrCaller(emulator, Scenario.OwnerKey)
        {
            Tamper = request => request.Content = new StringContent("""{"registryIds":["111122223333"]}"""),
        };
        using var target = new EcrCaller(emulator, Scenario.OwnerKey)
        {
            Tamper = request =>
            {
                request.Headers.Remove("X-Amz-Target");
                request.Headers.Add("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.GetRegistryPolicy");
            },
        };
        using var unsigned = new EcrCaller(emulator, Scenario.OwnerKey)
        {
            Tamper = request => request.Headers.Add("X-Amz-Meta-Extra", "1"),
        };
        using var hash = new EcrCaller(emulator, Scenario.OwnerKey) { Service = "sts" };

        (await body.RefusalAsync("GetAuthorizationToken")).ShouldStartWith("InvalidSignatureException");
        (await target.RefusalAsync("GetAuthorizationToken")).ShouldStartWith("InvalidSignatureException");
        (await unsigned.RefusalAsync("GetAuthorizationToken")).ShouldContain(
            "'x-amz-meta-extra' must be a 'SignedHeader'"
        );
        (await hash.RefusalAsync("GetAuthorizationToken")).ShouldContain(
            "Credential should be scoped to correct service: 'ecr'"
        );
    }

    [Theory]
    [InlineData(-6, "Signature expired")]
    [InlineData(6, "Signature not yet current")]
    public async Task A_clock_that_is_off_by_more_than_five_minutes_is_refused(int minutes, string reason)
    {
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey)
        {
            SignedAt = DateTimeOffset.UtcNow.AddMinutes(minutes),
        };

        (await caller.RefusalAsync("GetAuthorizationToken")).ShouldStartWith($"InvalidSignatureException: {reason}");
    }

    [Fact]
    public async Task A_request_without_signature_is_refused()
    {
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey)
        {
            Tamper = request => request.Headers.Remove("Authorization"),
        };

        var (status, answer) = await caller.CallAsync("GetAuthorizationToken");

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.GetProperty("message").GetString().ShouldBe("Request is missing Authentication Token");
    }

    [Fact]
    public async Task Calls_are_recorded_with_principal_and_status()
    {
        using var caller = new EcrCaller(emulator, Scenario.CiKey);
        using var nobody = new EcrCaller(emulator, new AccessKey("AKIANOBODY", "secret"));
        emulator.Calls.ShouldBeEmpty();

        await caller.AnswerAsync("GetAuthorizationToken");
        await nobody.RefusalAsync("GetAuthorizationToken");

        emulator.Calls.ShouldBe([
            new("ecr", "GetAuthorizationToken", Scenario.CiSessionArn, 200, "POST", "/"),
            new("ecr", "GetAuthorizationToken", null, 400, "POST", "/"),
        ]);
    }
}
