using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Shell;

/// <summary>Scripts of the AWS CLI, run as they stand by the owner of an emulated account.</summary>
public sealed class AwsScriptTests
{
    private const string Everything =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private static readonly AccessKey Key = new("AKIAOWNER", "secret-of-the-owner");

    [Theory]
    [InlineData("docs/get-started.md", "2. A repository", false)]
    [InlineData("docs/permissions.md", "Who is the caller?", true)]
    [InlineData("docs/permissions.md", "Setting a repository policy", true)]
    [InlineData("docs/permissions.md", "Check before you push", true)]
    [InlineData("docs/recipes.md", "Amazon ECR Public", false)]
    [InlineData("docs/errors/ECR1036.md", "What to do", false)]
    public async Task A_script_does_what_it_is_for(string path, string heading, bool thereIsARepository)
    {
        _ = RealPart.Find("aws");
        var bash = RealPart.Find("bash");
        var section = new MarkdownPage("section", DocumentationPages.Find(path).Section(heading));
        var script = section.Blocks.First(block => block.Language == "shell").Text;
        var folder = Directory.CreateTempSubdirectory("ecr-docs-");
        try
        {
            await using var emulator = await StartAsync(thereIsARepository);

            var result = await Cli.RunAsync(
                bash,
                ["-eu", "-o", "pipefail", "-c", script],
                workingDirectory: folder.FullName,
                environment: AwsVariables.For(
                    emulator,
                    $"HOME={folder.FullName}",
                    $"AWS_ACCESS_KEY_ID={Key.Id}",
                    $"AWS_SECRET_ACCESS_KEY={Key.Secret}"
                ),
                cancellationToken: TestContext.Current.CancellationToken
            );

            result.ExitCode.ShouldBe(0, result.ToString());
            emulator.Calls.Select(call => call.Status).ShouldAllBe(status => status == 200);
            emulator.Calls.Count.ShouldBe(ShellScript.Read(script).Count(command => command.Program == "aws"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<EcrEmulator> StartAsync(bool thereIsARepository)
    {
        // What is set in the second step of the page about permissions is what was read in the first.
        var policy = new MarkdownPage(
            "section",
            DocumentationPages.Find("docs/permissions.md").Section("Across accounts, both sides must allow")
        ).Blocks[0];
        return EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new("111122223333"),
                    new("444455556666")
                    {
                        Users = [new("owner") { AccessKeys = [Key], IdentityPolicies = [new("all", Everything)] }],
                        Registries =
                        [
                            new("eu-west-1")
                            {
                                Repositories = thereIsARepository ? [new("hello-api") { Policy = policy.Text }] : [],
                            },
                        ],
                    },
                ],
            },
            TestContext.Current.CancellationToken
        );
    }
}
