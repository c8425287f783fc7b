using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd;

/// <summary>
/// <c>docs/get-started.md</c> and the README's quick start, followed from the first command to the last push, with the emulator in
/// place of AWS.
/// </summary>
public sealed partial class GetStartedTests(ProductFixture product) : IDisposable
{
    private const string Packing = "dotnet pack src/EcrBuildTasks -p:MinVerVersionOverride=0.1.0 --output feed\n";
    private const string OwnerArn = $"arn:aws:iam::{Scenario.OwnerAccount}:user/owner";

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-get-started-").FullName;

    // The goal is 60 seconds, on a machine that does nothing else. Here, other tests run on the same processors: only a time far above
    // that shows a fault, such as a request that is retried until a time limit.
    private static readonly TimeSpan Limit = 3 * TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_follows_the_page_has_seen_at_its_end_what_it_shows_and_has_pushed()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartWithAsync();
        var clone = await MakeCloneAsync();
        var page = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "get-started.md"), Cancellation);
        var blocks = Block().Matches(page[..page.IndexOf("## Without an AWS account", StringComparison.Ordinal)]);
        var script = string.Concat(blocks.Select(Typed));
        script.ShouldContain(Packing);

        var run = await new DotnetProject(clone, product.Version, ChildEnvironment.Of(_folder))
            .PushedTo(emulator)
            .WithAws(emulator, Scenario.Owner)
            // As whoever has run `aws configure`.
            .With("AWS_DEFAULT_REGION", Scenario.Region)
            .ShellAsync(
                script
                    .Replace(Packing, "", StringComparison.Ordinal)
                    .Replace("\"0.1.0\"", $"\"{product.Version}\"", StringComparison.Ordinal)
            );

        var output = Comparable(run.EnsureSuccess().Output)
            .Replace($"127.0.0.1:{emulator.Endpoint.Port}", Scenario.RegistryHost, StringComparison.Ordinal);
        foreach (var shown in blocks.Where(block => block.Groups["language"].Value == "text"))
        {
            output.ShouldContain(
                Comparable(shown.Groups["text"].Value.Trim())
                    .Replace(Scenario.CiSessionArn, OwnerArn, StringComparison.Ordinal)
            );
        }

        using var owner = new RepositoryOwner(emulator, Scenario.Repository);
        (await owner.TagsAsync()).ShouldBe(["1.0.0", "1.0.1"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_quick_start_is_three_commands_to_the_first_push_and_shows_whole_commands_in_80_columns()
    {
        await using var emulator = await Scenario.StartAsync();
        var clone = await MakeCloneAsync();
        var readme = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "README.md"), Cancellation);
        var section = readme[readme.IndexOf("## Quick start", StringComparison.Ordinal)..];
        var blocks = Block().Matches(ListIndent().Replace(section, ""));
        string[] commands =
        [
            .. blocks
                .SelectMany(block => Typed(block).Split('\n'))
                .Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal)),
        ];
        var toFirstPush = Array.FindIndex(commands, IsPush) + 1;
        var project = await NewProjectAsync(emulator, blocks);

        // Packing, which ends with the first release, has tests of its own.
        Packing.ShouldStartWith(commands[0]);
        var push = await project.TerminalAsync(
            $"cd '{clone}'\n{string.Join('\n', commands[1..toFirstPush].TakeWhile(command => !IsPush(command)))}\ncd '{project.Folder}'\n{commands[toFirstPush - 1]}"
        );
        project.WithAws(emulator, Scenario.Ci);
        var forbidden = await project.TerminalAsync(commands[toFirstPush]);

        var measured =
            $"Quick start: {toFirstPush} commands, {push.Elapsed.TotalSeconds:0.0} s to the first push after packing";
        TestContext.Current.TestOutputHelper!.WriteLine(measured);
        toFirstPush.ShouldBe(3, string.Join('\n', commands));
        push.EnsureSuccess().Elapsed.ShouldBeLessThan(Limit);
        emulator.Calls.Count(call => call is { Method: "PUT", Action: "PutImage" }).ShouldBe(1);
        var shown = Seen(push.Output);
        shown.ShouldMatch($@"→ 127\.0\.0\.1:\d+/{Scenario.Repository}:1\.0\.0@sha256:[0-9a-f]{{64}}\n");
        shown.ShouldContain(OwnerArn);
        forbidden.ExitCode.ShouldNotBe(0);
        await ShouldShowTheFixAsync(forbidden.Output, project.ResultFile("policy-fix.json"));

        static bool IsPush(string command) => command.Contains("/t:PushToEcr", StringComparison.Ordinal);
    }

    /// <summary>The terminal logger breaks a line that is too long in the middle of a word.</summary>
    private static async Task ShouldShowTheFixAsync(string output, string fixes)
    {
        output.ShouldContain("\u001b]8;;https://ecrbuildtasks.github.io/EcrBuildTasks/errors/ECR2001\u001b");
        string[] lines = [.. Seen(output).Split('\n').Select(line => line.Trim())];
        lines.ShouldContain($"dotnet ecr repository list --region {Scenario.Region}");
        lines.ShouldContain(line => line.EndsWith(": dotnet ecr policy fix --apply", StringComparison.Ordinal));
        using var fix = JsonDocument.Parse(await File.ReadAllTextAsync(fixes, Cancellation));
        var statement = string.Concat(
            lines.SkipWhile(line => !line.StartsWith('{')).TakeWhile(line => !line.Contains("dotnet ecr"))
        );
        JsonNode
            .DeepEquals(
                JsonNode.Parse(statement),
                JsonNode.Parse(fix.RootElement[0].GetProperty("statement").GetRawText())
            )
            .ShouldBeTrue(statement);
    }

    /// <summary>A project of somebody who has written what the README shows into it, and has run <c>aws configure</c>.</summary>
    private async Task<DotnetProject> NewProjectAsync(EcrEmulator emulator, MatchCollection blocks)
    {
        var app = Path.Combine(_folder, DotnetProject.Name);
        var project = new DotnetProject(app, product.Version, ChildEnvironment.Of(_folder))
            .PushedTo(emulator)
            .WithAws(emulator, Scenario.Owner)
            .With("AWS_DEFAULT_REGION", Scenario.Region);
        Directory.CreateDirectory(app);
        (await project.RunAsync("new", "web", "--no-restore")).ShouldSucceed();
        return project.Add(
            blocks
                .First(block => block.Groups["language"].Value == "xml")
                .Groups["text"]
                .Value.Replace("\"0.1.0\"", $"\"{product.Version}\"", StringComparison.Ordinal)
        );
    }

    /// <summary>The clone as it is after packing, for which there are other tests.</summary>
    private async Task<string> MakeCloneAsync()
    {
        var package = await product.PackageAsync();
        var feed = Directory.CreateDirectory(Path.Combine(_folder, "clone", "feed")).FullName;
        File.Copy(package, Path.Combine(feed, Path.GetFileName(package)));
        return Path.GetDirectoryName(feed)!;
    }

    /// <summary>What somebody types who reads a block.</summary>
    private static string Typed(Match block) =>
        block.Groups["language"].Value switch
        {
            "shell" => block.Groups["text"].Value,
            "xml" => $"cat > HelloApi.csproj <<'END'\n{block.Groups["text"].Value}END\n",
            _ => "",
        };

    private static string Seen(string terminal) => Escape().Replace(terminal, "");

    private static string Comparable(string text) => Digest().Replace(text, "sha256:…");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(
        @"^```(?<language>\w+)\n(?<text>.*?)^```$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Block();

    [GeneratedRegex("^   ", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListIndent();

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x1b]*\x1b\\|=)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escape();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digest();
}
