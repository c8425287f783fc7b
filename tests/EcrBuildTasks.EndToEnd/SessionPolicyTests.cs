using System.Text.Json.Nodes;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

public sealed class SessionPolicyTests(ProductFixture product, EngineFixture engine)
{
    private const string Alice = $"arn:aws:sts::{Scenario.CiAccount}:assumed-role/ci/alice";

    [Fact]
    public async Task A_policy_that_allows_another_session_of_the_role_is_explained_and_mended_by_the_statement_in_the_result_file()
    {
        RepositoryOwner.RequirePrograms();
        var policy = Scenario.Policy(
            ("AlicePushes", Alice, Scenario.PushActions),
            ("ReadThePolicy", $"arn:aws:iam::{Scenario.CiAccount}:root", ["ecr:GetRepositoryPolicy"])
        );
        await using var emulator = await Scenario.StartAsync(policy);
        using var owner = new RepositoryOwner(emulator);
        var project = (await product.CreateProjectAsync("web"))
            .Using(emulator)
            .WithEngine(await engine.EndpointAsync())
            .WithAws(emulator, Scenario.Ci);

        var forbidden = (await project.PublishAsync()).ShouldFailWith("ECR2001");

        forbidden.Output.Split('\n').ShouldContain(line => line.Contains("'AlicePushes'") && line.Contains(Alice));

        await owner.SetRepositoryPolicyAsync(With(policy, Statement(project.ResultFile("policy-fix.json"))));
        var allowed = (await project.PublishAsync("--no-restore")).ShouldSucceed();

        (await owner.DigestAsync("1.0.0")).ShouldBe(allowed.PushedDigest);
        File.Exists(project.ResultFile("policy-fix.json")).ShouldBeFalse();
    }

    private static JsonNode Statement(string file)
    {
        var fix = JsonNode.Parse(File.ReadAllText(file))!.AsArray().ShouldHaveSingleItem()!;
        fix["policy"]!.GetValue<string>().ShouldBe("Repository");
        fix["ownerAccount"]!.GetValue<string>().ShouldBe(Scenario.OwnerAccount);
        return fix["statement"]!.DeepClone();
    }

    private static string With(string policy, JsonNode statement)
    {
        var document = JsonNode.Parse(policy)!;
        document["Statement"]!.AsArray().Add(statement);
        return document.ToJsonString();
    }
}
