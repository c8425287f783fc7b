using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>STS by the AWS SDK for .NET.</summary>
public sealed class StsTests : IAsyncLifetime
{
    private const string RoleArn = $"arn:aws:iam::{Scenario.OwnerAccount}:role/push/pusher";

    private EcrEmulator emulator = null!;

    public async ValueTask InitializeAsync()
    {
        var pusher = new IamRole("pusher")
        {
            Path = "/push/",
            TrustPolicy = $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Scenario.OwnerAccount}}:user/owner"},"Action":"sts:AssumeRole"}]}
                """,
            IdentityPolicies = [new("push", Scenario.AllowEverythingInEcr)],
        };
        var owner = Scenario.OwnerSide(new EmulatedRepository(Scenario.Repository)) with { Roles = [pusher] };
        emulator = await EcrEmulator.StartAsync(new() { Accounts = [owner] }, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => emulator.DisposeAsync();

    private AmazonSecurityTokenServiceClient Client(AccessKey key) =>
        new(
            key.SessionToken is null
                ? new BasicAWSCredentials(key.Id, key.Secret)
                : new SessionAWSCredentials(key.Id, key.Secret, key.SessionToken),
            new AmazonSecurityTokenServiceConfig
            {
                ServiceURL = emulator.Endpoint.ToString(),
                AuthenticationRegion = Scenario.Region,
                MaxErrorRetry = 0,
            }
        );

    private static AssumeRoleRequest Assume(string arn = RoleArn) =>
        new() { RoleArn = arn, RoleSessionName = "deploy@example.org" };

    [Fact]
    public async Task A_role_is_assumed_by_whom_it_trusts_and_its_session_may_what_the_role_may()
    {
        using var owner = Client(Scenario.OwnerKey);

        var assumed = await owner.AssumeRoleAsync(Assume(), TestContext.Current.CancellationToken);

        const string SessionArn = $"arn:aws:sts::{Scenario.OwnerAccount}:assumed-role/pusher/deploy@example.org";
        assumed.AssumedRoleUser.Arn.ShouldBe(SessionArn);
        assumed
            .Credentials.Expiration!.Value.ToUniversalTime()
            .ShouldBe(DateTime.UtcNow.AddHours(1), TimeSpan.FromMinutes(1));
        var key = new AccessKey(
            assumed.Credentials.AccessKeyId,
            assumed.Credentials.SecretAccessKey,
            assumed.Credentials.SessionToken
        );
        using var session = Client(key);
        var identity = await session.GetCallerIdentityAsync(
            new GetCallerIdentityRequest(),
            TestContext.Current.CancellationToken
        );
        identity.Arn.ShouldBe(SessionArn);
        using var ecr = new EcrCaller(emulator, key);
        await ecr.AnswerAsync("DescribeRepositories");
    }

    [Theory]
    [InlineData(RoleArn)]
    [InlineData($"arn:aws:iam::{Scenario.OwnerAccount}:role/no-such-role")]
    public async Task Nobody_else_is_told_more_than_that_it_may_not(string arn)
    {
        using var reader = Client(Scenario.ReaderKey);

        var error = await Should.ThrowAsync<AmazonSecurityTokenServiceException>(() =>
            reader.AssumeRoleAsync(Assume(arn), TestContext.Current.CancellationToken)
        );

        error.ErrorCode.ShouldBe("AccessDenied");
        error.Message.ShouldBe(
            $"User: arn:aws:iam::{Scenario.OwnerAccount}:user/reader is not authorized to perform: sts:AssumeRole on resource: {arn}"
        );
    }

    [Fact]
    public async Task A_session_policy_limits_the_session()
    {
        using var owner = Client(Scenario.OwnerKey);
        var request = Assume();
        request.Policy =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:Get*","Resource":"*"}]}""";

        var credentials = (await owner.AssumeRoleAsync(request, TestContext.Current.CancellationToken)).Credentials;

        using var ecr = new EcrCaller(
            emulator,
            new AccessKey(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken)
        );
        await ecr.AnswerAsync("GetAuthorizationToken");
        (await ecr.RefusalAsync("DescribeRepositories")).ShouldEndWith(
            "because no session policy allows the ecr:DescribeRepositories action"
        );
    }
}
