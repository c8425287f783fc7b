using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;

namespace Tests;

/// <summary>The command of the pipeline, with the policy of the pipeline's role, against an emulator in place of AWS.</summary>
public class PipelineTests
{
    private static readonly string CiPolicy = File.ReadAllText(Path.Combine(Pipeline.Root, "ci-policy.json"));

    [Fact]
    public async Task The_pipeline_pushes_the_service_with_its_version()
    {
        await using var emulator = await StartAsync("service");

        var push = await Pipeline.RunAsync(emulator, "publish", "/t:PushToEcr", "-p:Version=1.2.3");

        Assert.True(push.ExitCode == 0, push.Output);
        var image = Assert.Single(emulator.Images("service"));
        Assert.Equal(["1.2.3"], image.Tags);
        Assert.Contains(image.Digest, push.Output);
        Assert.DoesNotContain(emulator.Calls, call => call.Action == "CreateRepository");
    }

    [Theory]
    [InlineData("service", true)]
    [InlineData("billing", false)]
    public async Task The_policy_of_the_pipeline_allows_pushes_to_its_own_repository_only(string repository, bool allowed)
    {
        await using var emulator = await StartAsync(repository);

        var check = await Pipeline.RunAsync(
            emulator,
            "build",
            "/t:EcrPreflight",
            $"-p:ContainerRepository={repository}"
        );

        Assert.True(allowed == (check.ExitCode == 0), check.Output);
        Assert.Equal(!allowed, check.Output.Contains("error ECR2002"));
    }

    private static Task<EcrEmulator> StartAsync(string repository) =>
        EcrEmulator.StartAsync(
            ExampleAccount.Create(repository, identityPolicy: CiPolicy),
            TestContext.Current.CancellationToken
        );
}
