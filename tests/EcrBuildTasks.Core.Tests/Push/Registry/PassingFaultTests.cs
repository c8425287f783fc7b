using EcrBuildTasks.Aws;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>What goes wrong once, at whatever step, costs time and not the push.</summary>
public sealed class PassingFaultTests
{
    /// <summary>What a push may take with all its attempts; far more than it needs, for a slow machine.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    internal static readonly PushTiming Impatient = new()
    {
        Attempts = 3,
        FirstDelay = TimeSpan.FromMilliseconds(10),
        LongestDelay = TimeSpan.FromMilliseconds(50),
        Connect = TimeSpan.FromMilliseconds(200),
        Stall = TimeSpan.FromMilliseconds(500),
        Answer = TimeSpan.FromMilliseconds(500),
    };

    public static IEnumerable<TheoryDataRow<string, string>> PassingRows => FaultyStep.PassingRows;

    [Theory]
    [MemberData(nameof(PassingRows))]
    public async Task What_passes_costs_time_and_not_the_push(string kind, string step)
    {
        await using var scene = await RegistryScene.OpenAsync(timing: FaultyStep.TimingOf(step));
        using var image = Image();
        var fault = FaultyStep.Make(kind, step) with { Times = 1 };
        scene.Emulator.Faults.Add(fault);

        var pushed = await scene.PushAsync(image).WaitAsync(Limit, TestContext.Current.CancellationToken);

        scene.Emulator.Faults.StrikesOf(fault).ShouldBe(1);
        pushed.Digest.ShouldBe(image.Root.Digest);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
        // One blob at most had to be sent again.
        pushed.PushedBytes.ShouldBeLessThanOrEqualTo(image.SizeInBytes + image.Blobs.Max(blob => blob.Size));
        (await scene.PushAsync(image)).PushedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_denial_is_told_in_the_words_of_AWS_and_not_tried_again()
    {
        await using var scene = await RegistryScene.OpenAsync(timing: Impatient);
        using var image = TestImage.Of(TestImage.Random(1000));
        var denial = new PolicyDenialFault(FaultStep.PutManifestByTag);
        scene.Emulator.Faults.Add(denial);

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.DeniedWithoutReason);
        failure.RawMessage.ShouldNotBeNull().ShouldContain("is not authorized to perform: ecr:PutImage");
        scene.Emulator.Faults.StrikesOf(denial).ShouldBe(1);
    }

    [Theory]
    [InlineData(FaultStep.PutManifestByDigest, false)]
    [InlineData(FaultStep.PutManifestByTag, false)]
    [InlineData(FaultStep.PutManifestByTag, true)]
    public async Task A_manifest_is_put_again_as_long_as_ECR_does_not_see_what_it_has_just_taken(
        string step,
        bool isMounted
    )
    {
        await using var scene = await RegistryScene.OpenAsync(
            timing: Impatient,
            settings: [new("BLOB_MOUNTING", "ENABLED")]
        );
        using var image = Image();
        if (isMounted)
        {
            await scene.PushAsync(image, repository: RegistryScene.BaseRepository);
        }

        var lag = new LaggingLayersFault(step) { Times = 2 };
        scene.Emulator.Faults.Add(lag);

        await scene.PushAsync(image, mountFrom: isMounted ? RegistryScene.BaseRepository : null);

        scene.Emulator.Faults.StrikesOf(lag).ShouldBe(2);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    public async Task A_layer_that_stays_unknown_ends_the_push_and_another_layer_ends_it_at_once(
        bool isOfImage,
        int attempts
    )
    {
        await using var scene = await RegistryScene.OpenAsync(timing: Impatient);
        using var image = TestImage.Of(TestImage.Random(1000));
        var unknown = new RefusalFault(FaultStep.PutManifest, 404)
        {
            Code = "MANIFEST_BLOB_UNKNOWN",
            Message =
                $"Layers with digests '[{(isOfImage ? image.Layers[0].Digest : TestImage.Digest([1]))}]' required",
        };
        scene.Emulator.Faults.Add(unknown);

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.ImageRefused);
        scene.Emulator.Faults.StrikesOf(unknown).ShouldBe(attempts);
    }

    [Theory]
    [InlineData(
        405,
        "UNSUPPORTED",
        "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'"
    )]
    [InlineData(
        405,
        "UNSUPPORTED",
        "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Wrong manifest'"
    )]
    [InlineData(405, "UNSUPPORTED", "")]
    [InlineData(405, "UNSUPPORTED", "The operation is unsupported.")]
    [InlineData(405, "", "Method Not Allowed")]
    [InlineData(415, "UNSUPPORTED", "Unsupported Media Type")]
    [InlineData(415, "MANIFEST_INVALID", "")]
    [InlineData(400, "MANIFEST_INVALID", "manifest invalid")]
    [InlineData(400, "", "Bad Request")]
    [InlineData(413, "", "too large")]
    public async Task A_refused_manifest_is_a_fault_of_the_image_with_a_remedy_and_is_not_sent_again(
        int status,
        string code,
        string message
    )
    {
        await using var scene = await RegistryScene.OpenAsync(timing: Impatient);
        using var image = TestImage.Of(TestImage.Random(1000));
        var refusal = new RefusalFault(FaultStep.PutManifest, status) { Code = code, Message = message };
        scene.Emulator.Faults.Add(refusal);

        var failure = await Should.ThrowAsync<PushException>(() => scene.PushAsync(image));

        failure.Code.ShouldBe(EcrCode.ImageRefused);
        scene.Emulator.Faults.StrikesOf(refusal).ShouldBe(1);
        var diagnostic = FailureDiagnosis.Find(failure).ShouldNotBeNull();
        FailureCatalog
            .Rows.Where(row => row.Code == EcrCode.ImageRefused)
            .SelectMany(row => row.Remedies)
            .ShouldContain(remedy => diagnostic.Message.EndsWith(remedy));
    }

    [Fact]
    public async Task A_token_that_ends_in_mid_push_is_renewed_once_for_all_requests()
    {
        await using var scene = await RegistryScene.OpenAsync();
        var layers = Enumerable.Range(1, 6).Select(size => new MemoryBlob(TestImage.Random(size * 1000))).ToArray();
        using var image = TestImage.Of(layers);
        layers[^1].BeforeRead = _ =>
        {
            scene.Emulator.ExpireTokens();
            layers[^1].BeforeRead = _ => Task.CompletedTask;
            return Task.CompletedTask;
        };

        await scene.PushAsync(image);

        scene.TokensFetched.ShouldBe(2);
        scene.Requests[^1].ShouldBe("PUT manifests/1.0.0");
    }

    [Theory]
    [InlineData(FaultStep.UploadBlob)]
    [InlineData(FaultStep.UploadWholeBlob)]
    public async Task The_credentials_do_not_follow_a_redirect_to_another_host(string step)
    {
        await using var scene = await RegistryScene.OpenAsync(timing: FaultyStep.TimingOf(step));
        await using var elsewhere = await FaultProxy.StartAsync(
            scene.Emulator.Endpoint,
            cancellationToken: TestContext.Current.CancellationToken
        );
        using var image = TestImage.Of(TestImage.Random(1000));
        scene.Emulator.Faults.Add(new RedirectFault(step, elsewhere.Endpoint) { Times = 1 });

        await scene.PushAsync(image);

        elsewhere.Requests.ShouldHaveSingleItem().IsAuthorized.ShouldBeFalse();
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
    }

    internal static ImageContent Image() =>
        TestImage.Index(new(TestImage.Random(3_000_000)), new(TestImage.Random(50_000)), new(TestImage.Random(10)));
}
