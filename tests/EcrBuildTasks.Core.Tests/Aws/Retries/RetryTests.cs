using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Core.Tests.Aws.Retries;

public sealed class RetryTests
{
    private static readonly string[] ThrottlingCodes =
    [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "ProvisionedThroughputExceededException",
        "SlowDown",
        "PriorRequestNotComplete",
        "TransactionInProgressException",
        "EC2ThrottledException",
    ];

    private static readonly StubAnswer Throttled = StubAnswer.Error("ThrottlingException", "Rate exceeded");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "1", null, null, 1, RequestRetryMode.Standard)]
    [InlineData("", "2", "standard", null, 2, RequestRetryMode.Standard)]
    [InlineData("", "2", "adaptive", null, 2, RequestRetryMode.Adaptive)]
    [InlineData("", "2", "Adaptive", null, 2, RequestRetryMode.Adaptive)]
    [InlineData("", "2", "legacy", null, 2, RequestRetryMode.Standard)]
    [InlineData("max_attempts = 2", null, null, null, 2, RequestRetryMode.Standard)]
    [InlineData("max_attempts = 2\nretry_mode = adaptive", null, null, null, 2, RequestRetryMode.Adaptive)]
    [InlineData("max_attempts = 3\nretry_mode = adaptive", "1", "standard", null, 1, RequestRetryMode.Standard)]
    [InlineData("max_attempts = 2\nretry_mode = adaptive", null, "legacy", null, 2, RequestRetryMode.Standard)]
    [InlineData("max_attempts = 2", null, "ADAPTIVE", null, 2, RequestRetryMode.Adaptive)]
    [InlineData("max_attempts = 2", null, "2", null, 2, RequestRetryMode.Standard)]
    [InlineData("max_attempts = 2", "many", null, null, 2, RequestRetryMode.Standard)]
    [InlineData("max_attempts = 2", "0", null, null, 2, RequestRetryMode.Standard)]
    [InlineData("max_attempts = 2", "-3", null, null, 2, RequestRetryMode.Standard)]
    [InlineData(
        "max_attempts = 9\n[profile ci]\naws_access_key_id = A\naws_secret_access_key = B\nmax_attempts = 2",
        null,
        null,
        "ci",
        2,
        RequestRetryMode.Standard
    )]
    public async Task Attempts_and_mode_are_those_of_environment_and_profile(
        string settings,
        string? attempts,
        string? mode,
        string? profile,
        int expected,
        RequestRetryMode expectedMode
    )
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Add(new RefusalFault("GetAuthorizationToken", 400) { Code = "ThrottlingException" });
        emulator.Faults.Add(new RefusalFault("GetCallerIdentity", 500) { Code = "InternalFailure" });
        using var environment = Environment(emulator, settings);
        environment.Set("AWS_MAX_ATTEMPTS", attempts);
        environment.Set("AWS_RETRY_MODE", mode);
        var session = environment.Open(new() { Region = "eu-west-1", Profile = profile });

        var token = await Should.ThrowAsync<AwsSessionException>(() =>
            session.GetAuthorizationAsync(session.RegistryOf("444455556666"), Cancellation)
        );
        var caller = await Should.ThrowAsync<AwsSessionException>(() => session.GetCallerIdentityAsync(Cancellation));

        token.Code.ShouldBe(EcrCode.Throttled);
        caller.Code.ShouldBe(EcrCode.RegistryFailed);
        emulator.Faults.Tallies.ShouldAllBe(tally => tally.Strikes == expected);
        using var ecr = session.CreateEcrClient();
        ecr.Config.RetryMode.ShouldBe(expectedMode);
    }

    [Fact]
    public async Task Unless_told_otherwise_throttling_is_waited_out_for_longer_than_other_failures()
    {
        await using var throttling = await StubService.StartAsync(
            Throttled,
            new(429, ""),
            new(503, "<html></html>", "text/html"),
            Throttled,
            new(200, """{"policyText":"{}"}""")
        );
        await using var broken = await StubService.StartAsync(StubAnswer.Error("ServerException", "no", 500));
        using var throttled = throttling.CreateEcrClient();
        using var failing = broken.CreateEcrClient();

        var answer = throttled.GetRepositoryPolicyAsync(new(), Cancellation);
        await Should.ThrowAsync<ServerException>(() => failing.GetRepositoryPolicyAsync(new(), Cancellation));

        (await answer).PolicyText.ShouldBe("{}");
        throttling.Requests.Count.ShouldBe(5);
        broken.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Every_code_of_throttling_is_tried_again_and_told_as_such_and_a_quota_is_not()
    {
        using var environment = new AwsEnvironment("", AwsEnvironment.Keys);
        var session = environment.Open(new() { Region = "eu-west-1" });
        StubAnswer[] throttling =
        [
            .. ThrottlingCodes.Select(code => StubAnswer.Error(code, "Rate exceeded")),
            StubAnswer.Error("TooManyRequestsException", "Rate exceeded", 429),
            StubAnswer.Error("ServiceUnavailable", "Later", 503),
            new(429, """{"message":"Too Many Requests"}"""),
            new(429, "slow down", "text/plain"),
            new(503, ""),
            new(503, "<html><body>503</body></html>", "text/html"),
        ];

        var outcomes = await Task.WhenAll(throttling.Select(answer => OutcomeAsync(answer, session)));
        var quota = await OutcomeAsync(StubAnswer.Error("LimitExceededException", "Too many"), session);

        outcomes.ShouldAllBe(outcome => outcome.Code == EcrCode.Throttled && outcome.Attempts == 2);
        quota.ShouldBe((EcrCode.QuotaExceeded, 1));
    }

    [Fact]
    public async Task A_role_that_STS_did_not_give_is_not_asked_for_anew_by_the_call_that_needs_it()
    {
        await using var service = await StubService.StartAsync(StubAnswer.StsError("InternalFailure", "no", 500));
        using var environment = new AwsEnvironment(
            "",
            [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL", service.Url.ToString())]
        );
        var session = environment.Open(new() { Region = "eu-west-1", RoleArn = "arn:aws:iam::444455556666:role/push" });

        var failure = await Should.ThrowAsync<AwsSessionException>(() =>
            session.GetAuthorizationAsync(session.RegistryOf("444455556666"), Cancellation)
        );

        failure.Code.ShouldBe(EcrCode.RegistryFailed);
        service.Requests.Count.ShouldBe(3);
    }

    private static async Task<(EcrCode Code, int Attempts)> OutcomeAsync(StubAnswer answer, AwsSession session)
    {
        await using var service = await StubService.StartAsync(answer);
        using var ecr = new EcrClient(
            new BasicAWSCredentials("AKIDEXAMPLE", "secret"),
            new EcrClientConfig
            {
                ServiceURL = service.Url.ToString(),
                AuthenticationRegion = "eu-west-1",
                MaxErrorRetry = 1,
            }
        );
        var failure = await Should.ThrowAsync<AmazonServiceException>(() =>
            ecr.GetRepositoryPolicyAsync(new(), Cancellation)
        );
        var told = AwsProblems.From(failure, session) ?? (Exception)failure;
        return (FailureDiagnosis.Find(told).ShouldNotBeNull().Code, service.Requests.Count);
    }

    private static Task<EcrEmulator> StartAsync() => EcrEmulator.StartAsync(new(), Cancellation);

    private static AwsEnvironment Environment(EcrEmulator emulator, string settings) =>
        new($"[default]\n{settings}", [.. AwsEnvironment.Keys, ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString())]);
}
