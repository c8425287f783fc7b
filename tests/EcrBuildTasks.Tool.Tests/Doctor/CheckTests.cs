using EcrBuildTasks.Aws;
using EcrBuildTasks.Settings;
using EcrBuildTasks.Tool.Doctor;
using EcrBuildTasks.Tool.Tests.Commands;

namespace EcrBuildTasks.Tool.Tests.Doctor;

/// <summary>What a machine seldom has: a wrong clock, an old SDK, a network that swallows questions.</summary>
public sealed class CheckTests
{
    [Theory]
    [InlineData(0, "Ok", "AWS.")]
    [InlineData(200, "Warning", "ahead of AWS.")]
    [InlineData(600, "Problem", "ahead of AWS.")]
    [InlineData(-600, "Problem", "behind AWS.")]
    public async Task A_clock_is_measured_against_that_of_AWS(int seconds, string state, string words)
    {
        await using var scene = await PushScene.StartAsync();
        using var http = new HttpClient();

        var finding = await ClockCheck.LookAsync(
            scene.Emulator.Endpoint,
            http,
            new ClockThatIsOff(TimeSpan.FromSeconds(seconds)),
            TestContext.Current.CancellationToken
        );

        finding.State.ToString().ShouldBe(state);
        finding.Found.ShouldEndWith(words);
    }

    [Theory]
    [InlineData(0, "10.0.100", "", "Ok")]
    [InlineData(0, "11.0.100-preview.1", "", "Ok")]
    [InlineData(0, "8.0.404", "", "Problem")]
    [InlineData(155, "The command could not be loaded\nRequested SDK version: 10.0.999", "", "Problem")]
    public void An_SDK_older_than_10_or_none_for_the_global_json_is_a_problem(
        int exitCode,
        string output,
        string error,
        string state
    )
    {
        var finding = SdkCheck.Evaluate(exitCode, output, error);

        finding.State.ToString().ShouldBe(state);
        finding.Found.ShouldContain(output.Split('\n')[0]);
    }

    [Theory]
    [InlineData("http://me:secret@proxy:1", "https_proxy=http://***@proxy:1")]
    [InlineData("me:se/cret@proxy:1", "https_proxy=***@proxy:1")]
    [InlineData("me:se://cret@proxy:1", "https_proxy=***@proxy:1")]
    [InlineData("http://proxy:1", "https_proxy=http://proxy:1")]
    public void No_password_of_a_proxy_is_shown_however_it_is_written(string value, string shown) =>
        ProxyCheck.Evaluate(EnvironmentVariables.None.With("https_proxy", value)).Found.ShouldBe(shown);

    [Fact]
    public async Task A_question_that_nobody_answers_is_given_up_even_where_it_cannot_be_cancelled()
    {
        using var place = new Surroundings(new AwsIdentities(EnvironmentVariables.None), new AwsSettings());
        var never = new TaskCompletionSource<Finding>();
        var check = new Check("never", (_, _) => never.Task);

        var finding = await check.RunAsync(
            place,
            TimeSpan.FromMilliseconds(100),
            TestContext.Current.CancellationToken
        );

        finding.State.ShouldBe(FindingState.Problem);
        finding.Found.ShouldEndWith(" 0.1 s.");
    }

    [Fact]
    public async Task A_check_that_breaks_is_a_finding_among_the_others()
    {
        using var place = new Surroundings(new AwsIdentities(EnvironmentVariables.None), new AwsSettings());
        var check = new Check("broken", (_, _) => throw new InvalidDataException("odd answer"))
        {
            FailsAs = FindingState.Warning,
        };

        var finding = await check.RunAsync(place, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        finding.State.ShouldBe(FindingState.Warning);
        finding.Found.ShouldEndWith(": odd answer");
    }

    private sealed class ClockThatIsOff(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + by;
    }
}
