using System.Diagnostics;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>Services that give identities and do not answer: how long they are waited for, and that nobody has to.</summary>
public sealed class SilentProviderTests
{
    public static TheoryData<string> Services => ["role", "web", "sso", "sso-renewal"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_is_asked_three_times_in_all_by_whichever_call_needs_it(string provider)
    {
        await using var scene = await SceneAsync(provider);
        scene.Emulator.Faults.Add(new ResetFault(FaultStep.Any));

        var failure = await Should.ThrowAsync<AwsSessionException>(() => TokenAsync(scene, Cancellation));

        FailureDiagnosis.Find(failure)!.Code.ShouldBe(EcrCode.EndpointUnreachable, failure.ToString());
        scene.Emulator.Faults.Tallies.ShouldHaveSingleItem().Strikes.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Each_time_is_over_after_five_seconds(string provider)
    {
        await using var scene = await SceneAsync(provider);
        scene.Set("AWS_MAX_ATTEMPTS", "1");
        var stall = new StallFault(FaultStep.Any);
        scene.Emulator.Faults.Add(stall);
        var clock = Stopwatch.StartNew();

        var failure = await Should.ThrowAsync<AwsSessionException>(() => TokenAsync(scene, Cancellation));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(9));
        FailureDiagnosis.Find(failure)!.Code.ShouldBe(EcrCode.EndpointUnreachable, failure.ToString());
        scene.Emulator.Faults.StrikesOf(stall).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Services))]
    [InlineData("container")]
    [InlineData("instance")]
    public async Task Who_cancels_a_call_waits_for_no_provider(string provider)
    {
        await using var scene = await SceneAsync(provider);
        var session = scene.Open();
        var stall = new StallFault(FaultStep.Any);
        scene.Emulator.Faults.Add(stall);
        using var cancelled = new CancellationTokenSource();
        var token = session.GetAuthorizationAsync(null, cancelled.Token);
        while (scene.Emulator.Faults.StrikesOf(stall) == 0)
        {
            token.IsCompleted.ShouldBeFalse();
            await Task.Delay(10, Cancellation);
        }

        var clock = Stopwatch.StartNew();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => token);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        scene.Emulator.Faults.StrikesOf(stall).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_cancels_a_call_ends_the_credential_process_too(bool asksWhoCalls)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        await using var scene = await IdentityScene.OpenAsync(
            """
            [default]
            credential_process = sh $HOME/script.sh
            """
        );
        var started = scene.File("started", "");
        scene.File("script.sh", "echo $$ > $HOME/started; sleep 50 & wait");
        using var cancelled = new CancellationTokenSource();
        var session = scene.Open();
        Task call = asksWhoCalls
            ? session.GetCallerIdentityAsync(cancelled.Token)
            : session.GetAuthorizationAsync(null, cancelled.Token);
        string id;
        while ((id = (await File.ReadAllTextAsync(started, Cancellation)).Trim()).Length == 0)
        {
            call.IsCompleted.ShouldBeFalse();
            await Task.Delay(10, Cancellation);
        }

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        var clock = Stopwatch.StartNew();
        while (IsAlive(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)))
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Task.Delay(10, Cancellation);
        }
    }

    [Fact]
    public async Task Who_stops_waiting_for_the_callers_name_stops_nobody_else()
    {
        await using var scene = await SceneAsync("role");
        var session = scene.Open();
        var stall = new StallFault(FaultStep.Any) { Times = 1 };
        scene.Emulator.Faults.Add(stall);
        using var cancelled = new CancellationTokenSource();
        var first = session.GetCallerIdentityAsync(cancelled.Token);
        var second = session.GetCallerIdentityAsync(Cancellation);
        while (scene.Emulator.Faults.StrikesOf(stall) == 0)
        {
            await Task.Delay(10, Cancellation);
        }

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (await second).Arn.ShouldContain(":assumed-role/ci/");
    }

    private static Task TokenAsync(IdentityScene scene, CancellationToken cancellationToken) =>
        scene.Open().GetAuthorizationAsync(null, cancellationToken);

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task<IdentityScene> SceneAsync(string provider)
    {
        var scene = await IdentityScene.OpenAsync(
            $"""
            [profile ada]
            aws_access_key_id = AKIAADA
            aws_secret_access_key = secret-of-ada
            [profile role]
            role_arn = {IdentityScene.Ci}
            source_profile = ada
            [sso-session corp]
            sso_start_url = https://corp.awsapps.com/start
            sso_region = eu-west-1
            [profile sso]
            sso_session = corp
            sso_account_id = 111122223333
            sso_role_name = Dev
            """,
            provider switch
            {
                "role" => [("AWS_PROFILE", "role")],
                "web" => [("AWS_ROLE_ARN", $"arn:aws:iam::{IdentityScene.Account}:role/github")],
                "container" => [("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/task")],
                "instance" => [("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL")],
                _ => [("AWS_PROFILE", "sso")],
            }
        );
        scene.Login("corp", expiresAt: provider == "sso-renewal" ? "2020-01-01T00:00:00Z" : "2099-01-01T00:00:00Z");
        if (provider == "web")
        {
            var token = IdentityScene.Token(IdentityScene.GitHub, "repo:corp/api:pull_request");
            scene.Set("AWS_WEB_IDENTITY_TOKEN_FILE", scene.File("token", token));
        }

        return scene;
    }
}
