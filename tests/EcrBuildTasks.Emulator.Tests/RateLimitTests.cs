using System.Net;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class RateLimitTests
{
    private static readonly JsonObject Named = new() { ["repositoryName"] = Scenario.Repository };

    [Fact]
    public async Task All_callers_of_an_account_share_a_bucket_that_fills_again_as_time_goes_by()
    {
        var clock = new PushedClock();
        await using var emulator = await StartAsync(clock, new RateLimit("DescribeRepositories", 2, 3));
        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);
        using var reader = new EcrCaller(emulator, Scenario.ReaderKey);
        using var other = new EcrCaller(emulator, Scenario.CiKey);

        await owner.AnswerAsync("DescribeRepositories");
        await owner.AnswerAsync("DescribeRepositories");
        (await reader.RefusalAsync("DescribeRepositories")).ShouldStartWith("AccessDeniedException");
        (await owner.RefusalAsync("DescribeRepositories")).ShouldBe("ThrottlingException: Rate exceeded");
        (await reader.RefusalAsync("DescribeRepositories")).ShouldBe("ThrottlingException: Rate exceeded");
        await other.AnswerAsync("DescribeRepositories");
        await owner.AnswerAsync("GetAuthorizationToken");

        clock.Push(TimeSpan.FromSeconds(0.5));
        await owner.AnswerAsync("DescribeRepositories");
        (await owner.RefusalAsync("DescribeRepositories")).ShouldStartWith("ThrottlingException");

        clock.Push(TimeSpan.FromHours(1));
        for (var calls = 0; calls < 3; calls++)
        {
            await owner.AnswerAsync("DescribeRepositories");
        }

        (await owner.RefusalAsync("DescribeRepositories")).ShouldStartWith("ThrottlingException");
    }

    [Fact]
    public async Task The_registry_protocol_takes_from_the_same_bucket_and_answers_429()
    {
        await using var emulator = await StartAsync(new(), new RateLimit("InitiateLayerUpload", 1, 2));
        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);
        using var registry = await owner.RegistryAsync();

        await owner.AnswerAsync("InitiateLayerUpload", Named);
        using var admitted = await UploadAsync(registry);
        using var refused = await UploadAsync(registry);

        admitted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(
            """{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}"""
        );
        (await owner.RefusalAsync("InitiateLayerUpload", Named)).ShouldBe("ThrottlingException: Rate exceeded");
    }

    [Fact]
    public async Task ECR_and_ECR_Public_have_a_bucket_each_for_an_action_of_both()
    {
        await using var emulator = await StartAsync(new(), new RateLimit("GetAuthorizationToken", 1, 1));
        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);
        using var cli = new AwsCli(emulator, Scenario.OwnerKey);

        await owner.AnswerAsync("GetAuthorizationToken");
        (await owner.RefusalAsync("GetAuthorizationToken")).ShouldBe("ThrottlingException: Rate exceeded");
        (await cli.RefusalAsync("ecr-public", "get-login-password", "--region", "us-east-1")).ShouldContain(
            "AccessDeniedException"
        );
    }

    [Fact]
    public async Task STS_throttles_in_its_own_words()
    {
        await using var emulator = await StartAsync(new(), new RateLimit("GetCallerIdentity", 1, 1));
        using var owner = new AwsCli(emulator, Scenario.OwnerKey);

        await owner.AnswerAsync("sts", "get-caller-identity");
        (await owner.RefusalAsync("sts", "get-caller-identity")).ShouldContain("(Throttling)");
    }

    [Theory]
    [InlineData("GetAuthorisationToken", 1, 1, "GetAuthorisationToken")]
    [InlineData("PutImage", 0, 1, "PerSecond")]
    [InlineData("PutImage", double.NaN, 1, "PerSecond")]
    [InlineData("PutImage", 1, 0, "Burst")]
    public async Task A_limit_that_makes_no_sense_is_refused(string action, double perSecond, int burst, string says)
    {
        var error = await Should.ThrowAsync<EmulatorConfigurationException>(() =>
            StartAsync(new(), new RateLimit(action, perSecond, burst))
        );

        error.Message.ShouldContain(says);
    }

    [Fact]
    public async Task An_action_with_two_limits_is_refused()
    {
        var error = await Should.ThrowAsync<EmulatorConfigurationException>(() =>
            StartAsync(new(), new RateLimit("PutImage", 1, 1), new RateLimit("PutImage", 2, 2))
        );

        error.Message.ShouldContain("PutImage");
    }

    [Fact]
    public void A_file_says_limits()
    {
        using var home = new Home();
        var file = home.PathOf("emulator.json");
        File.WriteAllText(
            file,
            """{ "rateLimits": [{ "action": "GetAuthorizationToken", "perSecond": 20, "burst": 200 }] }"""
        );

        EmulatorOptions
            .Load(file)
            .RateLimits.ShouldHaveSingleItem()
            .ShouldBe(new RateLimit("GetAuthorizationToken", 20, 200));
    }

    private static Task<EcrEmulator> StartAsync(PushedClock clock, params RateLimit[] limits) =>
        EcrEmulator.StartAsync(
            Scenario.Options() with
            {
                RateLimits = limits,
                TimeProvider = clock,
            },
            TestContext.Current.CancellationToken
        );

    private static Task<HttpResponseMessage> UploadAsync(HttpClient registry) =>
        registry.PostAsync($"{Scenario.Repository}/blobs/uploads/", null, TestContext.Current.CancellationToken);

    /// <summary>Stands still, until it is pushed; the time of day goes on, for signatures.</summary>
    private sealed class PushedClock : TimeProvider
    {
        private long timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => timestamp;

        public void Push(TimeSpan time) => timestamp += time.Ticks;
    }
}
