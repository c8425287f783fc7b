using System.Text.RegularExpressions;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.Images;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd;

/// <summary><c>docs/get-started.md</c>, followed from its first command to the last push, by the emulator in place of AWS.</summary>
public sealed partial class GetStartedTests(ProductFixture product) : IDisposable
{
    private const string Packing = "dotnet pack src/EcrBuildTasks -p:MinVerVersionOverride=0.1.0 --output feed\n";
    private const string OwnerArn = $"arn:aws:iam::{Scenario.OwnerAccount}:user/owner";

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-get-started-").FullName;

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

    private static string Comparable(string text) => Digest().Replace(text, "sha256:…");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(
        @"^```(?<language>\w+)\n(?<text>.*?)^```$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Block();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digest();
}
