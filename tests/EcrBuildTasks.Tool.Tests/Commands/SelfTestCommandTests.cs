using System.Text.Json;
using System.Text.RegularExpressions;
using EcrBuildTasks.Assumptions;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary><c>selftest</c>; the checks themselves are tested in Core.</summary>
public sealed class SelfTestCommandTests
{
    [Fact]
    public async Task The_report_is_a_table_to_paste_into_an_issue()
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync("selftest", "--yes", "--hide-accounts");

        Snapshot.Match("selftest", WithoutIds(result.ToString()));
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldNotContain(PolicyScene.OwnerAccount);
        RepositoriesOf(scene).ShouldBe([("CreateRepository", 200), ("DeleteRepository", 200)]);
    }

    [Fact]
    public async Task An_assumption_that_does_not_hold_stands_in_the_JSON_and_in_the_exit_code()
    {
        await using var scene = await PolicyScene.StartAsync();
        scene.Emulator.Faults.Add(
            new ReplacedAnswerFault("DescribeRepositories", 400, """{"__type":"OtherException","message":"other"}""")
            {
                Error = "InvalidParameterException",
            }
        );

        var result = await scene.AsOwnerAsync(
            "selftest",
            "-y",
            "--output",
            "json",
            "--other-account",
            PolicyScene.CiAccount
        );

        result.ExitCode.ShouldBe(1, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var rows = json.RootElement.GetProperty("assumptions").EnumerateArray().ToList();
        rows.Select(row => row.GetProperty("id").GetString())
            .ShouldBe(Assumption.All.Select(assumption => assumption.Id));
        var broken = rows.Where(row => !row.GetProperty("holds").GetBoolean()).ShouldHaveSingleItem();
        broken.GetProperty("id").GetString().ShouldBe("repository-names");
        broken.GetProperty("found").GetString()!.ShouldContain("OtherException");
        Guid.TryParse(broken.GetProperty("requestId").GetString(), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task What_could_not_be_checked_is_undecided()
    {
        await using var scene = await PolicyScene.StartAsync();
        scene.Emulator.Faults.Add(new RefusalFault(FaultStep.PutManifestByTag, 429));

        var result = await scene.AsOwnerAsync("selftest", "-y", "-q", "--output", "json");

        result.ExitCode.ShouldBe(3, result.ToString());
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repository_that_cannot_be_deleted_is_named_with_the_command_that_deletes_it()
    {
        await using var scene = await PolicyScene.StartAsync();
        scene.Emulator.Faults.Add(new RefusalFault("DeleteRepository", 400));

        var result = await scene.AsOwnerAsync("selftest", "-y", "-q");

        result.ExitCode.ShouldBe(0, result.ToString());
        WithoutIds(result.Error)
            .ShouldEndWith(
                $"aws ecr delete-repository --force --registry-id {PolicyScene.OwnerAccount} --region {PolicyScene.Region} --repository-name ecr-selftest-<id>"
            );
    }

    [Theory]
    [InlineData]
    [InlineData("--yes", "--other-account", "111")]
    public async Task Nothing_is_created_without_a_confirmation_or_with_an_invalid_account(params string[] options)
    {
        await using var scene = await PolicyScene.StartAsync();

        var result = await scene.AsOwnerAsync(["selftest", .. options]);

        result.ExitCode.ShouldBe(64, result.ToString());
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_no_creates_nothing()
    {
        var script = RealPart.Find("script");
        await using var scene = await PolicyScene.StartAsync();

        var result = await Cli.RunAsync(
            script,
            ["-qec", $"dotnet '{SourceTree.Tool}' selftest --endpoint-url {scene.Emulator.Endpoint}", "/dev/null"],
            scene.Folder,
            scene.EnvironmentOf(PolicyScene.Owner),
            "n\n",
            cancellationToken: TestContext.Current.CancellationToken
        );

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Output.ShouldContain("ecr-selftest-");
        RepositoriesOf(scene).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ctrl_C_deletes_the_repository()
    {
        await using var scene = await PolicyScene.StartAsync();
        var stall = new StallFault("SetRepositoryPolicy");
        scene.Emulator.Faults.Add(stall);
        // Longer than System.CommandLine waits by default.
        scene.Emulator.Faults.Add(new DelayFault("DeleteRepository", TimeSpan.FromSeconds(3)));
        var run = scene.AsOwnerAsync("selftest", "--yes");
        while (scene.Emulator.Faults.StrikesOf(stall) == 0)
        {
            run.IsCompleted.ShouldBeFalse();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        // Found by the port, which is this test's.
        var interrupted = await Cli.RunAsync(
            "pkill",
            ["-INT", "-f", $"dotnet-ecr.dll selftest --yes --endpoint-url {scene.Emulator.Endpoint}"],
            cancellationToken: TestContext.Current.CancellationToken
        );
        interrupted.EnsureSuccess();
        var ended = await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        ended.ExitCode.ShouldBe(130, ended.ToString());
        ended.Output.ShouldBeEmpty();
        RepositoriesOf(scene).ShouldBe([("CreateRepository", 200), ("DeleteRepository", 200)]);
    }

    private static IEnumerable<(string Action, int Status)> RepositoriesOf(PolicyScene scene) =>
        scene
            .Emulator.Calls.Where(call => call.Action is "CreateRepository" or "DeleteRepository")
            .Select(call => (call.Action, call.Status));

    private static string WithoutIds(string text) =>
        Regex.Replace(
            Regex.Replace(
                text,
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "<request>",
                RegexOptions.None,
                TimeSpan.FromSeconds(1)
            ),
            "ecr-selftest-[0-9a-f]{16}|[0-9]+ ms",
            match => match.Value.EndsWith("ms", StringComparison.Ordinal) ? "<duration>" : "ecr-selftest-<id>",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
