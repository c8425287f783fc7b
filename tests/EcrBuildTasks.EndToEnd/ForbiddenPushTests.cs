using System.Text.Json;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.EndToEnd;

public sealed class ForbiddenPushTests(ProductFixture product, EngineFixture engine)
{
    private const string PrintResults = """
          <Target Name="PrintResults" AfterTargets="PushToEcr">
            <Message Importance="high" Text="uri=$(EcrImageUri)" />
            <Message Importance="high" Text="digest=$(EcrImageDigest)" />
            <Message Importance="high" Text="item=%(EcrPushedImage.Identity)|%(Uri)|%(Tag)|%(Digest)|%(SizeInBytes)|%(PushedBytes)" />
          </Target>

        """;

    [Fact]
    public async Task A_push_without_a_repository_policy_fails_before_the_build_compiles_and_succeeds_after_the_printed_command()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync();
        using var owner = new RepositoryOwner(emulator);
        var project = (await product.CreateProjectAsync("webapi"))
            .Using(emulator)
            .Add(PrintResults)
            .WithEngine(await engine.EndpointAsync())
            .WithAws(emulator, Scenario.Ci);

        var forbidden = await project.PublishAsync("-bl:forbidden.binlog");

        forbidden.ShouldFailWith("ECR2001");
        ShouldNameWhoAndWhere(forbidden.LineOf("ECR2001"));
        var command = await File.ReadAllTextAsync(
            project.ResultFile("policy-fix.sh"),
            TestContext.Current.CancellationToken
        );
        Scenario.PushActions.ShouldAllBe(action => command.Contains(action));
        ShouldNotHaveCompiled(project);

        await owner.RunAsync(command);
        var allowed = (await project.PublishAsync("-bl:allowed.binlog", "-p:Version=1.2.3")).ShouldSucceed();

        new BuildLog(Path.Combine(project.Folder, "allowed.binlog")).TasksThatRan.ShouldContain("Csc");
        var uri = $"{emulator.Endpoint.Authority}/{Scenario.Repository}:1.2.3";
        allowed.PushedUri.ShouldBe(uri, allowed.ToString());
        (await owner.DigestAsync("1.2.3")).ShouldBe(allowed.PushedDigest);
        allowed.Output.ShouldContain($"uri={uri}\n");
        allowed.Output.ShouldContain($"digest={allowed.PushedDigest}\n");
        allowed.Output.ShouldMatch($@"item={uri}\|{uri}\|1\.2\.3\|{allowed.PushedDigest}\|[1-9]\d*\|[1-9]\d*(\n|$)");
        ShouldAgree(project.ResultFile("push.json"), allowed);
    }

    /// <summary>Multithreaded MSBuild runs in a server, which does not see the command line.</summary>
    [Fact]
    public async Task With_EcrPushRequested_a_multithreaded_build_fails_before_it_compiles()
    {
        await using var emulator = await Scenario.StartAsync();
        var project = (await product.CreateProjectAsync("console"))
            .Using(emulator)
            .WithAws(emulator, Scenario.Ci)
            .With("MSBUILDDISABLENODEREUSE", null)
            // Keeps this server apart from those of other builds.
            .With("MSBUILDNODEHANDSHAKESALT", $"{Guid.NewGuid():N}");
        try
        {
            (await project.PublishAsync("-mt", "-p:EcrPushRequested=true")).ShouldFailWith("ECR2001");
            project.ShouldNotBeCompiled();
        }
        finally
        {
            await project.RunAsync("build-server", "shutdown", "--msbuild");
        }
    }

    private static void ShouldNameWhoAndWhere(string line)
    {
        line.ShouldStartWith("HelloApi.csproj : error ECR2001: ");
        line.ShouldContain(Scenario.CiSessionArn);
        line.ShouldContain($"{Scenario.RegistryHost}/{Scenario.Repository}");
    }

    private static void ShouldNotHaveCompiled(DotnetProject project)
    {
        var log = new BuildLog(Path.Combine(project.Folder, "forbidden.binlog"));
        log.TasksThatRan.ShouldContain("CheckEcrPush");
        log.TasksThatRan.ShouldNotContain("Csc");
        log.TargetsThatRan.ShouldNotContain("CoreCompile");
        project.ShouldNotBeCompiled();
    }

    private static void ShouldAgree(string file, Build build)
    {
        using var result = JsonDocument.Parse(File.ReadAllText(file));
        var root = result.RootElement;
        root.GetProperty("registry").GetString().ShouldBe(Scenario.RegistryHost);
        root.GetProperty("repository").GetString().ShouldBe(Scenario.Repository);
        root.GetProperty("digest").GetString().ShouldBe(build.PushedDigest);
        var image = root.GetProperty("images").EnumerateArray().ShouldHaveSingleItem();
        image.GetProperty("tag").GetString().ShouldBe("1.2.3");
        image.GetProperty("uri").GetString().ShouldBe(build.PushedUri);
    }
}
