using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>Whatever goes wrong for good, at whatever step: a push ends, and a tag never points to half an image.</summary>
public sealed class LastingFaultTests
{
    public static IEnumerable<TheoryDataRow<string, string>> LastingRows => FaultyStep.LastingRows;

    [Theory]
    [MemberData(nameof(LastingRows))]
    public async Task What_stays_ends_the_push_with_one_failure_and_the_next_push_sends_only_the_rest(
        string kind,
        string step
    )
    {
        await using var scene = await RegistryScene.OpenAsync(timing: FaultyStep.TimingOf(step));
        using var image = PassingFaultTests.Image();
        var fault = FaultyStep.Make(kind, step);
        scene.Emulator.Faults.Add(fault);

        try
        {
            var pushed = await scene
                .PushAsync(image)
                .WaitAsync(PassingFaultTests.Limit, TestContext.Current.CancellationToken);
            pushed.Digest.ShouldBe(image.Root.Digest);
        }
        catch (PushException failure)
        {
            failure.Message.ShouldNotContain("Exception");
            failure.Code.ShouldBeOneOf(
                EcrCode.RegistryUnreachable,
                EcrCode.Throttled,
                EcrCode.RegistryFailed,
                EcrCode.AnsweredByOther,
                EcrCode.TokenUnavailable,
                EcrCode.DeniedWithoutReason
            );
        }

        scene.Emulator.Faults.StrikesOf(fault).ShouldBeGreaterThan(0);
        scene.Emulator.Faults.Clear();
        (await scene.DigestOfAsync("1.0.0") ?? image.Root.Digest).ShouldBe(image.Root.Digest);
        var absent = await scene.AbsentBytesAsync(image);
        var next = await scene.PushAsync(image);
        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
        next.PushedBytes.ShouldBeLessThanOrEqualTo(absent);
        (await scene.PushAsync(image)).PushedBytes.ShouldBe(0);
        next.Digest.ShouldBe(image.Root.Digest);
    }
}
