using EcrBuildTasks.Assumptions;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Documentation.Tests.Markdown;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Documentation.Tests.Pages;

/// <summary>The page about the self-test, held against the assumptions.</summary>
public sealed class SelfTestPageTests
{
    private const string Account = "444455556666";

    private static readonly MarkdownPage Page = DocumentationPages.Find("docs/selftest.md");

    [Fact]
    public void The_table_has_every_assumption() =>
        string.Join(
                '\n',
                Page.Section("The assumptions")
                    .Split('\n')
                    .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            )
            .ShouldBe(
                string.Join(
                    '\n',
                    Assumption.All.Select(assumption =>
                        $"| `{assumption.Id}` | {AccessRequest.Markdown(assumption.Statement)} |"
                    )
                )
            );

    [Fact]
    public async Task The_policy_suffices()
    {
        var policy = new MarkdownPage("section", Page.Section("Permissions")).Blocks.ShouldHaveSingleItem().Text;
        await using var emulator = await EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new(Account)
                    {
                        Users =
                        [
                            new("tester")
                            {
                                AccessKeys = [new("AKIATESTER", "secret")],
                                IdentityPolicies = [new("selftest", policy)],
                            },
                        ],
                        Registries = [new EmulatedRegistry("eu-west-1")],
                    },
                ],
            },
            TestContext.Current.CancellationToken
        );
        var environment = EnvironmentVariables
            .OfProcess()
            .With("AWS_ENDPOINT_URL", emulator.Endpoint.ToString())
            .With("AWS_ACCESS_KEY_ID", "AKIATESTER")
            .With("AWS_SECRET_ACCESS_KEY", "secret");
        var session = await new AwsIdentities(environment).OpenAsync(
            new() { Region = "eu-west-1" },
            TestContext.Current.CancellationToken
        );
        using var test = new SelfTest(session, EcrRegistry.Create(Account, "eu-west-1", false, false), environment);

        var results = await test.RunAsync((_, _) => { }, TestContext.Current.CancellationToken);

        results
            .Where(result => result.Observation.Holds is not true)
            .Select(result => result.Observation)
            .ShouldBe([Observation.NoOtherAccount]);
    }
}
