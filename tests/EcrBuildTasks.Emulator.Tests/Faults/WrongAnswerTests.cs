using System.Globalization;
using System.Net;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Tests.Clients;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests.Faults;

public sealed class WrongAnswerTests
{
    private const string Uploads = "hello-api/blobs/uploads/";
    private const string Expired = "Your authorization token has expired. Reauthenticate and try again.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(408, "<h1>408 Request Timeout</h1>")]
    [InlineData(429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}""")]
    [InlineData(500, """{"errors":[{"code":"INTERNAL_ERROR","message":"Internal failure"}]}""")]
    [InlineData(502, "<h1>502 Bad Gateway</h1>")]
    [InlineData(503, "<h1>503 Service Unavailable</h1>")]
    public async Task A_refusal_has_its_status_and_its_words(int status, string words)
    {
        await using var scene = await FaultyRegistry.StartAsync(new RefusalFault(FaultStep.UploadBlob, status));
        var upload = await StartUploadAsync(scene.Client);

        using var response = await PatchAsync(scene.Client, upload, new byte[PartSize]);

        (await FaultyRegistry.TextAsync(response, (HttpStatusCode)status)).ShouldContain(words);
        response.Headers.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Retry_after_is_a_number_of_seconds_or_a_date()
    {
        var wait = TimeSpan.FromSeconds(7);
        await using var scene = await FaultyRegistry.StartAsync(
            new RefusalFault(FaultStep.Ping, 429) { RetryAfter = wait, Times = 1 },
            new RefusalFault(FaultStep.Ping, 429) { RetryAfter = wait, RetryAfterIsDate = true }
        );

        using var seconds = await scene.SendAsync(HttpMethod.Get, "");
        using var date = await scene.SendAsync(HttpMethod.Get, "");

        seconds.Headers.RetryAfter!.Delta.ShouldBe(wait);
        var until = DateTimeOffset.ParseExact(
            date.Headers.NonValidated["Retry-After"].ToString(),
            "R",
            CultureInfo.InvariantCulture
        );
        (until - TimeProvider.System.GetUtcNow()).ShouldBeInRange(TimeSpan.Zero, wait);
    }

    [Theory]
    [InlineData(FaultMoment.BeforeBody, false)]
    [InlineData(FaultMoment.DuringBody, false)]
    [InlineData(FaultMoment.AfterBody, false)]
    [InlineData(FaultMoment.AfterEffect, true)]
    public async Task A_refusal_may_come_before_or_after_the_effect(FaultMoment moment, bool isThere)
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new RefusalFault(FaultStep.CompleteUpload, 503) { Moment = moment }
        );
        var upload = await StartUploadAsync(scene.Client);
        var content = new byte[100_000];
        var digest = TestImage.Digest(content);

        using var response = await scene.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", content);

        (await FaultyRegistry.TextAsync(response, HttpStatusCode.ServiceUnavailable)).ShouldStartWith("<html>");
        response.Headers.Location.ShouldBeNull();
        (await scene.HasAsync($"hello-api/blobs/{digest}")).ShouldBe(isThere);
    }

    [Fact]
    public async Task An_expired_token_is_told_but_to_HEAD()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new ExpiredTokenFault(FaultStep.HeadBlob),
            new ExpiredTokenFault(FaultStep.StartUpload)
        );

        using var head = await scene.SendAsync(HttpMethod.Head, $"hello-api/blobs/{TestImage.Digest("x")}");
        using var post = await scene.SendAsync(HttpMethod.Post, Uploads);

        (await FaultyRegistry.TextAsync(head, HttpStatusCode.Forbidden)).ShouldBeEmpty();
        head.Content.Headers.ContentLength.ShouldBeOneOf(0, null);
        (await ErrorAsync(post, HttpStatusCode.Forbidden)).ShouldBe($"DENIED: {Expired}");
    }

    [Fact]
    public async Task Tokens_expire_when_the_emulator_is_told_so()
    {
        await using var scene = await FaultyRegistry.StartAsync();
        (await scene.SendAsync(HttpMethod.Get, "")).StatusCode.ShouldBe(HttpStatusCode.OK);

        scene.Emulator.ExpireTokens();

        using var refused = await scene.SendAsync(HttpMethod.Post, Uploads);
        (await ErrorAsync(refused, HttpStatusCode.Forbidden)).ShouldBe($"DENIED: {Expired}");
        using var owner = new EcrCaller(scene.Emulator, Scenario.OwnerKey);
        using var renewed = await owner.RegistryAsync();
        await StartUploadAsync(renewed);
    }

    [Fact]
    public async Task A_policy_denies_in_the_sentence_of_AWS()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new PolicyDenialFault(FaultStep.StartUpload) { Account = Scenario.OwnerAccount, Region = Scenario.Region }
        );

        using var response = await scene.SendAsync(HttpMethod.Post, Uploads);

        (await ErrorAsync(response, HttpStatusCode.Forbidden)).ShouldBe(
            $"DENIED: User: arn:aws:iam::111122223333:user/somebody is not authorized to perform: ecr:InitiateLayerUpload on resource: {Scenario.RepositoryArn} because no identity-based policy allows the ecr:InitiateLayerUpload action"
        );
    }

    [Fact]
    public async Task A_mount_is_declined_or_refused()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new DeclinedMountFault { Times = 1 },
            new PolicyDenialFault(FaultStep.MountBlob) { Times = 1 },
            new RefusalFault(FaultStep.MountBlob, 404) { Times = 1 }
        );
        const string Mount = $"{Uploads}?mount=sha256:0&from=base";

        using var declined = await scene.SendAsync(HttpMethod.Post, Mount);
        using var denied = await scene.SendAsync(HttpMethod.Post, Mount);
        using var unknown = await scene.SendAsync(HttpMethod.Post, Mount);

        declined.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await PatchAsync(scene.Client, declined.Headers.Location!, [1])).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await ErrorAsync(denied, HttpStatusCode.Forbidden)).ShouldStartWith("DENIED: User: ");
        (await ErrorAsync(unknown, HttpStatusCode.NotFound)).ShouldStartWith("NAME_UNKNOWN");
    }

    [Fact]
    public async Task An_answer_claims_the_digest_of_something_else()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new WrongDigestFault(FaultStep.CompleteUpload) { Digest = TestImage.Digest("other") }
        );
        var digest = TestImage.Digest([1]);
        var upload = await StartUploadAsync(scene.Client);
        await PatchAsync(scene.Client, upload, [1]);

        using var response = await CompleteAsync(scene.Client, upload, digest);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.GetValues("Docker-Content-Digest").ShouldBe([TestImage.Digest("other")]);
        (await scene.HasAsync($"hello-api/blobs/{digest}")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_success_or_an_error_with_a_text_is_answered_differently_after_it_was_carried_out()
    {
        const string Other = """{"errors":[{"code":"OTHER","message":"other"}]}""";
        await using var scene = await FaultyRegistry.StartAsync(
            new ReplacedAnswerFault(FaultStep.CompleteUpload, 418, Other) { Times = 1 },
            new ReplacedAnswerFault(FaultStep.CompleteUpload, 200, "{}") { Error = "BLOB_UPLOAD_INVALID" },
            new ReplacedAnswerFault(FaultStep.PutManifest, 418, Other)
        );
        var digest = TestImage.Digest([1]);

        using var success = await CompleteAsync(scene.Client, await OneByteAsync(), digest);
        using var error = await CompleteAsync(scene.Client, await OneByteAsync(), TestImage.Digest([2]));
        using var otherError = await PutManifestAsync(scene.Client, "1.0.0", "{");

        (await ErrorAsync(success, (HttpStatusCode)418)).ShouldBe("OTHER: other");
        success.Headers.Location.ShouldBeNull();
        (await scene.HasAsync($"hello-api/blobs/{digest}")).ShouldBeTrue();
        (await FaultyRegistry.TextAsync(error, HttpStatusCode.OK)).ShouldBe("{}");
        otherError.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

        async Task<Uri> OneByteAsync()
        {
            var upload = await StartUploadAsync(scene.Client);
            await PatchAsync(scene.Client, upload, [1]);
            return upload;
        }
    }

    [Fact]
    public async Task A_digest_is_refused()
    {
        await using var scene = await FaultyRegistry.StartAsync(RefusalFault.DigestInvalid(FaultStep.PutManifest));

        using var response = await PutManifestAsync(scene.Client, "1.0.0", "{}");

        (await ErrorAsync(response, HttpStatusCode.BadRequest)).ShouldStartWith("DIGEST_INVALID: ");
    }

    [Fact]
    public async Task An_answer_ends_within_its_body()
    {
        await using var scene = await FaultyRegistry.StartAsync(new TruncatedAnswerFault(FaultStep.GetManifest));

        using var response = await scene.Client.GetAsync(
            Relative("hello-api/manifests/nothing"),
            HttpCompletionOption.ResponseHeadersRead,
            Cancellation
        );

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var failure = await Should.ThrowAsync<HttpRequestException>(() =>
            response.Content.ReadAsStringAsync(Cancellation)
        );
        failure.HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
    }

    [Fact]
    public async Task An_answer_ends_within_its_headers_after_the_request_was_carried_out()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new TruncatedAnswerFault(FaultStep.CompleteUpload) { InHeaders = true }
        );
        var upload = await StartUploadAsync(scene.Client);
        await PatchAsync(scene.Client, upload, [1]);

        var failure = await Should.ThrowAsync<HttpRequestException>(() =>
            CompleteAsync(scene.Client, upload, TestImage.Digest([1]))
        );

        failure.HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
        (await scene.HasAsync($"hello-api/blobs/{TestImage.Digest([1])}")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_redirect_leads_to_the_same_place_elsewhere()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new RedirectFault(FaultStep.CompleteUpload, new Uri("http://127.0.0.2:5000"))
        );

        using var response = await scene.SendAsync(HttpMethod.Put, $"{Uploads}1?digest=sha256:0");

        response.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        response.Headers.Location.ShouldBe(new Uri($"http://127.0.0.2:5000/v2/{Uploads}1?digest=sha256:0"));
    }

    [Theory]
    [InlineData("GetAuthorizationToken", 429, "ThrottlingException: Rate exceeded")]
    [InlineData("DescribeRepositories", 500, "ServerException: Internal failure")]
    public async Task An_action_of_the_API_is_refused_in_its_own_shape(string action, int status, string refusal)
    {
        await using var scene = await FaultyRegistry.StartAsync(new RefusalFault(action, status) { Times = 1 });
        using var owner = new EcrCaller(scene.Emulator, Scenario.OwnerKey);

        var (refused, answer) = await owner.CallAsync(action);

        ((int)refused).ShouldBe(status);
        $"{answer.GetProperty("__type").GetString()}: {answer.GetProperty("message").GetString()}".ShouldBe(refusal);
        await owner.AnswerAsync(action);
    }

    [Fact]
    public async Task An_action_of_STS_is_found_in_its_form_and_let_through_afterwards()
    {
        await using var scene = await FaultyRegistry.StartAsync(
            new RefusalFault("GetCallerIdentity", 403) { Times = 1 }
        );
        using var owner = new AwsCli(scene.Emulator, Scenario.OwnerKey);

        (await owner.RefusalAsync("sts", "get-caller-identity")).ShouldContain("(AccessDeniedException)");

        (await owner.AnswerAsync("sts", "get-caller-identity"))
            .GetProperty("Account")
            .GetString()
            .ShouldBe(Scenario.OwnerAccount);
    }
}
