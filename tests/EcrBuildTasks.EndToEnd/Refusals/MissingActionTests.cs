using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

[Collection(nameof(RefusedPushes))]
public sealed class MissingActionTests(RefusedPushes pushes)
{
    [Fact]
    public async Task A_policy_that_lacks_one_action_is_reported_with_that_action_alone()
    {
        await using var emulator = await Scenario.StartAsync(
            Scenario.Policy(
                (
                    "CiPushes",
                    $"arn:aws:iam::{Scenario.CiAccount}:root",
                    [.. Scenario.PushActions.Where(action => action != "ecr:PutImage")]
                )
            )
        );
        var project = (await pushes.ProjectAsync()).WithAws(emulator, Scenario.Ci);

        var build = (await project.PublishAsync("--no-restore")).ShouldFailWith("ECR2001");

        var line = build.LineOf("ECR2001");
        line.ShouldContain("ecr:PutImage");
        Scenario
            .PushActions.Where(action => action != "ecr:PutImage")
            .ShouldAllBe(action => !line.Contains(action, StringComparison.Ordinal));
        var command = await File.ReadAllTextAsync(
            project.ResultFile("policy-fix.sh"),
            TestContext.Current.CancellationToken
        );
        command.ShouldContain("ecr:PutImage");
        command.ShouldNotContain("ecr:UploadLayerPart");
    }

    [Fact]
    public async Task A_policy_that_could_be_read_is_left_whole_in_a_file_for_a_short_command_to_set()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync(
            Scenario.Policy(("CiReads", $"arn:aws:iam::{Scenario.CiAccount}:root", ["ecr:GetRepositoryPolicy"]))
        );
        using var owner = new RepositoryOwner(emulator);
        var project = (await pushes.ProjectAsync()).WithAws(emulator, Scenario.Ci);

        (await project.PublishAsync("--no-restore")).ShouldFailWith("ECR2001");

        var file = project.ResultFile("repository-policy.json");
        await owner.RunAsync(
            $"aws ecr set-repository-policy --repository-name {Scenario.Repository} --policy-text file://{file}"
        );
        var policy = await owner.RunAsync(
            $"aws ecr get-repository-policy --repository-name {Scenario.Repository} --query policyText --output text"
        );
        policy.ShouldContain("CiReads");
        policy.ShouldContain("AllowPushByCi");
    }
}
