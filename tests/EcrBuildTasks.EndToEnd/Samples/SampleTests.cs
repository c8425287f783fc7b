using System.Text.Json;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Each folder under <c>samples</c> is copied, built and pushed as its readme says.</summary>
public sealed class SampleTests(ProductFixture product, EngineFixture engine)
{
    [Fact]
    public async Task A_worker_is_pushed_in_Debug_under_the_terminal_logger()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync("worker");
        var worker = (await product.CreateSampleAsync("Worker")).PushedTo(emulator);

        var preflight = (await worker.RunAsync("build", "/t:EcrPreflight", "-tl:on")).ShouldSucceed();
        var push = (await worker.PublishAsync("-c", "Debug", "-tl:on")).ShouldSucceed();

        preflight.Output.ShouldMatch("Worker .* → .*/worker");
        push.Output.ShouldMatch(
            $@"{Regex.Escape(emulator.Endpoint.Authority)}/worker:\S+@sha256:[0-9a-f]{{64}}\n  linux/(amd64|arm64), \S+ .?B "
        );
        push.Output.ShouldContain(" environment variables");
        await ShouldHoldAsync(emulator, "worker", worker.IntermediateFolder("Debug"));
    }

    [Fact]
    public async Task A_console_job_is_pushed_by_a_publish_that_neither_restores_nor_builds()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync("console-job");
        var job = (await product.CreateSampleAsync("ConsoleJob")).PushedTo(emulator);
        (await job.RunAsync("build", "-c", "Release")).ShouldSucceed();
        var compiled = Path.Combine(job.IntermediateFolder(), "ConsoleJob.dll");
        var (time, calls) = (File.GetLastWriteTimeUtc(compiled), emulator.Calls.Count);

        (await job.PublishAsync("--no-build", "--no-restore", "-tl:off")).ShouldSucceed();

        calls.ShouldBe(0);
        File.GetLastWriteTimeUtc(compiled).ShouldBe(time);
        await ShouldHoldAsync(emulator, "console-job", job.IntermediateFolder());
    }

    [Fact]
    public async Task A_file_without_a_project_is_pushed()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync("single-file");
        var file = (await product.CreateSampleAsync("SingleFile")).PushedTo(emulator);

        var build = (await file.RunAsync("publish", "hello.cs", "/t:PushToEcr")).ShouldSucceed();

        using var owner = new RepositoryOwner(emulator, "single-file");
        (await owner.DigestAsync("1.0.0")).ShouldBe(build.PushedDigest);
    }

    [Fact]
    public async Task An_image_of_two_architectures_is_one_index_and_only_the_index_has_a_tag()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync("multi-architecture");
        var project = (await product.CreateSampleAsync("MultiArchitecture")).PushedTo(emulator);

        var build = (await project.PublishAsync()).ShouldSucceed();

        build.Output.Split("Preflight passed: ").Length.ShouldBe(2, build.ToString());
        using var owner = new RepositoryOwner(emulator, "multi-architecture");
        (await owner.DigestAsync("1.0.0", Scenario.Region)).ShouldBe(build.PushedDigest);
        (await owner.ManifestAsync("1.0.0"))
            .GetProperty("manifests")
            .EnumerateArray()
            .Select(child => child.GetProperty("platform").GetProperty("architecture").GetString())
            .ShouldBe(["amd64", "arm64"], ignoreOrder: true);
        (await owner.TagsAsync()).ShouldBe(["1.0.0"]);
    }

    [Fact]
    public async Task A_multi_targeted_project_is_pushed_for_the_framework_that_is_named_and_with_its_runtime()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync("multi-targeted");
        var project = (await product.CreateSampleAsync("MultiTargeted")).PushedTo(emulator);

        (await project.PublishAsync("-f", "net10.0", "--self-contained")).ShouldSucceed();

        var machine = Directory.GetDirectories(project.IntermediateFolder(), "linux-*").ShouldHaveSingleItem();
        await ShouldHoldAsync(emulator, "multi-targeted", machine);
        Directory.Exists(Path.Combine(project.Folder, "obj", "Release", "net9.0")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_native_executable_is_pushed_without_a_runtime()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync("native-aot");
        var project = (await product.CreateSampleAsync("NativeAot")).PushedTo(emulator);

        var build = (await project.PublishAsync()).ShouldSucceed();

        using var owner = new RepositoryOwner(emulator, "native-aot");
        (await owner.DigestAsync("1.0.0")).ShouldBe(build.PushedDigest);
        var published = Directory.GetDirectories(project.Folder, "publish", SearchOption.AllDirectories).Single();
        File.Exists(Path.Combine(published, "NativeAot")).ShouldBeTrue();
        Directory.EnumerateFiles(published, "*.dll").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_image_of_a_Dockerfile_is_built_after_the_publish_and_pushed()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync("dockerfile-image");
        var project = (await product.CreateSampleAsync("DockerfileImage"))
            .PushedTo(emulator)
            .WithEngine(await engine.EndpointAsync());
        var file = Path.Combine(project.Folder, "Dockerfile");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        // The only line that asks for the internet.
        await File.WriteAllTextAsync(
            file,
            text.Replace("FROM mcr.microsoft.com/dotnet/runtime:10.0", "FROM scratch", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var build = (await project.PublishAsync()).ShouldSucceed();

        await ShouldHoldAsync(emulator, "dockerfile-image", project.IntermediateFolder());
        build
            .Output.IndexOf("Preflight passed: ", StringComparison.Ordinal)
            .ShouldBeLessThan(build.Output.IndexOf("DockerfileImage -> /", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public async Task Tests_with_the_packed_emulator_push_and_check_a_policy()
    {
        await product.EmulatorPackageAsync();
        // xunit.v3 in the version of these tests is on this machine.
        var sample = (await product.CreateSampleAsync("EmulatorTests")).With(
            "RestoreFallbackFolders",
            ChildEnvironment.PackagesOfThisMachine
        );

        var run = (await sample.RunAsync("run", "--project", "Tests")).ShouldSucceed();

        run.Output.ShouldContain("Total: 3, Errors: 0, Failed: 0, Skipped: 0");
    }

    private static Task<EcrEmulator> EmulatorAsync(string repository) =>
        Scenario.StartWithAsync(new EmulatedRepository(repository) { Policy = Scenario.AllowCi });

    /// <summary>The repository has the image that the build reports, under the version that a project has by itself.</summary>
    private static async Task ShouldHoldAsync(EcrEmulator emulator, string repository, string intermediateFolder)
    {
        var file = Path.Combine(intermediateFolder, "ecr", "push.json");
        using var push = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        using var owner = new RepositoryOwner(emulator, repository);
        (await owner.DigestAsync("1.0.0")).ShouldBe(push.RootElement.GetProperty("digest").GetString());
    }
}
