using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Repositories;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>What answers in place of a registry is never taken for one.</summary>
public sealed class ForeignAnswerTests
{
    private const string Page = "<!DOCTYPE html><html><title>Log in to the guest network</title></html>";

    private static readonly string Other = TestImage.Digest("other"u8);

    private static readonly string[] Steps =
    [
        FaultStep.HeadManifest,
        FaultStep.GetManifest,
        FaultStep.HeadBlob,
        FaultStep.MountBlob,
        FaultStep.StartUpload,
        FaultStep.UploadBlob,
        FaultStep.CompleteUpload,
        FaultStep.UploadWholeBlob,
        FaultStep.PutManifestByDigest,
        FaultStep.PutManifestByTag,
    ];

    /// <summary>What no step accepts.</summary>
    private static readonly Dictionary<string, Func<string, Fault>> Anywhere = new(StringComparer.Ordinal)
    {
        ["200 page"] = step => new AnswerFault(step, 200, Page, "text/html; charset=utf-8"),
        ["200 page without a type"] = step => new AnswerFault(step, 200, Page),
        ["200 JSON"] = step => new AnswerFault(step, 200, """{"status":"ok"}""", "application/json"),
        ["200 empty"] = step => new AnswerFault(step, 200),
        ["201 without headers"] = step => new AnswerFault(step, 201),
        ["202 without headers"] = step => new AnswerFault(step, 202),
        ["204"] = step => new AnswerFault(step, 204),
        ["302 to a page"] = step => new AnswerFault(step, 302)
        {
            Header = ("Location", "https://login.example/?next=1"),
        },
        ["307 to plain HTTP"] = step => new AnswerFault(step, 307)
        {
            Header = ("Location", "http://login.example/?next=1"),
        },
        ["307 to nowhere"] = step => new AnswerFault(step, 307),
        ["407"] = step => new AnswerFault(step, 407),
    };

    /// <summary>What only some steps can be given.</summary>
    private static readonly Dictionary<string, (Func<string, Fault> Make, string[] Steps)> Somewhere = new(
        StringComparer.Ordinal
    )
    {
        ["403 page"] = (
            step => new AnswerFault(step, 403, Page, "text/html"),
            [.. Steps.Where(step => !step.StartsWith("Head", StringComparison.Ordinal))]
        ),
        ["404 page"] = (
            step => new AnswerFault(step, 404, Page),
            [.. Steps.Where(step => !step.StartsWith("Head", StringComparison.Ordinal))]
        ),
        ["digest of something else in the real answer"] = (
            step => new WrongDigestFault(step),
            [FaultStep.GetManifest, FaultStep.HeadBlob]
        ),
        ["digest that is none"] = (
            step => new WrongDigestFault(step) { Digest = "sha256:0" },
            [FaultStep.HeadManifest, FaultStep.GetManifest, FaultStep.HeadBlob]
        ),
        ["200 with the digest of something else"] = (
            step => new AnswerFault(step, 200) { Header = ("Docker-Content-Digest", Other) },
            [FaultStep.HeadManifest, FaultStep.GetManifest, FaultStep.HeadBlob]
        ),
        ["length of something else"] = (
            step => new AnswerFault(step, 200, "12345", "application/octet-stream"),
            [FaultStep.HeadBlob]
        ),
        ["201 with the digest of something else"] = (
            step => new AnswerFault(step, 201) { Header = ("Docker-Content-Digest", Other) },
            [
                FaultStep.MountBlob,
                FaultStep.CompleteUpload,
                FaultStep.UploadWholeBlob,
                FaultStep.PutManifestByDigest,
                FaultStep.PutManifestByTag,
            ]
        ),
        ["200 with a Location"] = (
            step => new AnswerFault(step, 200) { Header = ("Location", "/v2/hello-api/blobs/uploads/1") },
            [
                FaultStep.MountBlob,
                FaultStep.StartUpload,
                FaultStep.UploadBlob,
                FaultStep.CompleteUpload,
                FaultStep.UploadWholeBlob,
                FaultStep.PutManifestByTag,
            ]
        ),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        [
            .. from step in Steps from answer in Anywhere.Keys select new TheoryDataRow<string, string>(step, answer),
            .. from answer in Somewhere
            from step in answer.Value.Steps
            select new TheoryDataRow<string, string>(step, answer.Key),
        ];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_foreign_answer_to_any_step_fails_the_push_at_once_and_leaves_the_tag(string step, string answer)
    {
        // Who tries such an answer again waits for longer than the test.
        var hour = TimeSpan.FromHours(1);
        await using var scene = await RegistryScene.OpenAsync(
            timing: FaultyStep.TimingOf(step) with
            {
                FirstDelay = hour,
                LongestDelay = hour,
            }
        );
        var shared = new MemoryBlob(TestImage.Random(2000));
        using var old = TestImage.Index(shared);
        await scene.PushAsync(old);
        using var image = TestImage.Index(shared, new MemoryBlob(TestImage.Random(1000)));
        var fault = Anywhere.TryGetValue(answer, out var make) ? make(step) : Somewhere[answer].Make(step);
        scene.Emulator.Faults.Add(fault);

        var failure = await Should.ThrowAsync<PushException>(() =>
            PushAsync(scene, step, image).WaitAsync(TimeSpan.FromSeconds(30), Cancellation)
        );

        failure.Code.ShouldBe(EcrCode.AnsweredByOther, failure.Message);
        var diagnostic = FailureDiagnosis.Find(failure)!;
        diagnostic.Code.ShouldBe(EcrCode.AnsweredByOther);
        diagnostic.Message.ShouldContain(scene.Emulator.Endpoint.Authority);
        diagnostic.ToString().ShouldNotContain("guest network");
        diagnostic.ToString().ShouldNotContain("next=1");
        scene.Emulator.Faults.StrikesOf(fault).ShouldBeGreaterThan(0);
        scene.Emulator.Faults.Clear();
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(old.Root.Digest);
    }

    [Theory]
    [InlineData(200, "text/html", Page)]
    [InlineData(200, "application/json", "{}")]
    [InlineData(204, null, "")]
    public async Task A_page_that_answers_every_request_to_the_registry_is_no_push(
        int status,
        string? type,
        string body
    )
    {
        await using var scene = await RulesScene.OpenAsync("MUTABLE");
        var there = await scene.PublishAsync("1.0.0");
        foreach (var step in Steps)
        {
            scene.Emulator.Faults.Add(new AnswerFault(step, status, body, type));
        }

        var outcome = await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")));

        outcome.Result.ShouldBeNull();
        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.AnsweredByOther);
        scene.Emulator.Faults.Clear();
        var images = await scene.Owner.DescribeImagesAsync(
            new() { RepositoryName = RulesScene.Repository, ImageIds = [new() { ImageTag = "1.0.0" }] },
            Cancellation
        );
        images.ImageDetails!.ShouldHaveSingleItem().ImageDigest.ShouldBe(there.Pushed.Digest);
    }

    [Theory]
    [InlineData("/v2/", 200, "text/html", Page)]
    [InlineData("/v2/", 200, "application/json", "{}")]
    [InlineData("/v2/", 204, "", "")]
    [InlineData("/v2/", 403, "text/html", Page)]
    [InlineData("/token", 200, "text/html", Page)]
    [InlineData("/token", 200, "application/json", "{}")]
    [InlineData("/token", 200, "application/json", """{"token":""}""")]
    [InlineData("/token", 201, "application/json", """{"token":"t"}""")]
    [InlineData("/token", 204, "", "")]
    [InlineData("/token", 403, "text/html", Page)]
    public async Task A_foreign_answer_to_the_login_of_a_public_registry_fails_the_push(
        string path,
        int status,
        string type,
        string body
    )
    {
        StubService? service = null;
        await using var stub = service = await StubService.StartAsync(request =>
            request.Path == path ? new(status, body, type)
            : request.Path == "/v2/"
                ? new(401, "") { Header = ("WWW-Authenticate", $"Bearer realm=\"{service!.Url}token\"") }
            : new(404, "")
        );

        using var image = TestImage.Of(TestImage.Random(10));
        using var pusher = new RegistryPusher(new PushTiming());
        var source = new ImageSource.EngineImage("not looked at");
        var push = new ImagePush
        {
            Source = source,
            RegistryHost = stub.Url.Authority,
            UsePlainHttp = true,
            Repository = "hello-api",
            Tags = ["1.0.0"],
            HasTokenService = true,
            GetCredentials = Pushes.To(stub.Url.Authority, "hello-api", source, ["1.0.0"]).GetCredentials,
        };

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(image, push, new Recorder(), Cancellation)
        );

        failure.Code.ShouldBe(EcrCode.AnsweredByOther, failure.Message);
        failure.Message.ShouldContain(stub.Url.Authority);
        failure.Message.ShouldNotContain("guest network");
    }

    /// <summary>By the way that comes to the step.</summary>
    private static async Task PushAsync(RegistryScene scene, string step, ImageContent image)
    {
        if (step == FaultStep.GetManifest)
        {
            await scene.ReuseAsync(image.Blobs[0].Digest);
        }

        await scene.PushAsync(image, mountFrom: step == FaultStep.MountBlob ? RegistryScene.BaseRepository : null);
    }
}
