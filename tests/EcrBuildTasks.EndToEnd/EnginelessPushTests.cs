using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Pushes of builds on a machine without any engine.</summary>
public sealed class EnginelessPushTests(ProductFixture product)
{
    [Fact]
    public async Task Without_an_engine_the_image_is_pushed_directly_and_as_a_version_with_floating_tags_nothing_is_sent_again()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync(
            Scenario.Policy(
                ("CiPushes", $"arn:aws:iam::{Scenario.CiAccount}:root", [.. Scenario.PushActions, "ecr:ListImages"])
            )
        );
        var project = await ProjectAsync(emulator);

        using var github = new PipelineSystem("GitHub", project);
        var build = (await project.PublishAsync("-v:n")).ShouldSucceed();
        var told = github.TakeWhatItWasTold(build.Output);

        build.PushedUri.ShouldBe($"{emulator.Endpoint.Authority}/{Scenario.Repository}:1.0.0");
        build.Output.ShouldContain("  1.0.0: layer ");
        using var owner = new RepositoryOwner(emulator);
        (await owner.DigestAsync("1.0.0")).ShouldBe(build.PushedDigest);
        told.ShouldStartWith($"image-uri={build.PushedUri}\nimage-digest={build.PushedDigest}\n");
        told.ShouldContain($"\n| `{build.PushedUri}` |");
        using var push = JsonDocument.Parse(
            await File.ReadAllTextAsync(project.ResultFile("push.json"), TestContext.Current.CancellationToken)
        );
        push.RootElement.GetProperty("digest").GetString().ShouldBe(build.PushedDigest);

        var image = await owner.SaveAsync("1.0.0");
        project.With("GITHUB_SHA", "0a1b2c3d").With("GITHUB_REF", "refs/heads/feature/x");
        var again = await project.RunAsync(
            "build",
            "/t:PushToEcr",
            $"-p:EcrSourceImage={image}",
            "-p:Version=0.9.3+build.7",
            "-p:EcrFloatingTags=true",
            "-p:EcrTagCommit=true",
            "-p:EcrTagBranch=true"
        );

        again.ShouldSucceed().PushedDigest.ShouldBe(build.PushedDigest);
        again.Output.ShouldContain(", 0 B ");
        again.Output.ShouldMatch(@" 1\.0\.0 .*: latest");
        (await owner.TagsAsync()).ShouldBe(
            ["1.0.0", "0.9.3_build.7", "0a1b2c3d", "feature-x", "0.9", "0"],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task Several_registries_one_of_them_public_get_the_image_in_one_go_and_one_that_fails_is_named()
    {
        RepositoryOwner.RequirePrograms();
        const string Elsewhere = $"{Scenario.OwnerAccount}.dkr.ecr.us-east-1.amazonaws.com";
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi, "us-east-1");
        var project = await ProjectAsync(emulator);

        var build = (
            await project.PublishAsync(To(Scenario.RegistryHost, Elsewhere, Scenario.PublicRegistry))
        ).ShouldSucceed();

        using var owner = new RepositoryOwner(emulator);
        (await owner.DigestAsync("1.0.0", Scenario.Region)).ShouldBe(build.PushedDigest);
        (await owner.DigestAsync("1.0.0", "us-east-1")).ShouldBe(build.PushedDigest);
        File.Exists(project.ResultFile(Path.Combine(Elsewhere, "push.json"))).ShouldBeTrue();
        emulator.Calls.ShouldContain(call =>
            call.Method == "PUT" && call.Path == "/v2/a1b2c3d4/hello-api/manifests/1.0.0" && call.Status == 201
        );
        build.Output.ShouldContain(
            $"{emulator.PublicEndpoint.Authority}/a1b2c3d4/hello-api:1.0.0@{build.PushedDigest}"
        );

        var failed = await project.PublishAsync(
            To(Scenario.RegistryHost, $"{Scenario.OwnerAccount}.dkr.ecr.eu-north-1.amazonaws.com"),
            "-p:EcrPreflight=Off",
            "-p:EcrImageTags=2.0.0"
        );

        failed.ShouldFailWith("ECR2001").LineOf("ECR2001").ShouldContain("eu-north-1");
        failed.PushedUri.ShouldEndWith(":2.0.0");
        (await owner.DigestAsync("2.0.0", Scenario.Region)).ShouldBe(failed.PushedDigest);
    }

    [Fact]
    public async Task A_build_that_is_killed_in_mid_push_leaves_no_tag_and_the_next_one_sends_only_the_rest()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var project = await ProjectAsync(emulator);
        var third = new StallFault(FaultStep.CompleteUpload) { After = 2 };
        emulator.Faults.Add(third);

        await project.PublishUntilKilledAsync(() => emulator.Faults.StrikesOf(third) > 0);

        using var owner = new RepositoryOwner(emulator);
        (await owner.TagsAsync()).ShouldBeEmpty();
        emulator.Faults.Clear();
        var sent = SentBlobs();
        var build = (await project.PublishAsync()).ShouldSucceed();
        (await owner.DigestAsync("1.0.0")).ShouldBe(build.PushedDigest);
        var manifest = await owner.ManifestAsync("1.0.0");
        var blobs = 1 + manifest.GetProperty("layers").GetArrayLength();
        (SentBlobs() - sent).ShouldBe(blobs - 2);

        int SentBlobs() => emulator.Calls.Count(call => call is { Service: "registry", Action: "CompleteLayerUpload" });
    }

    [Fact]
    public async Task Behind_a_proxy_that_opens_TLS_AWS_and_the_registry_are_reached_by_their_own_names()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        await using var proxy = new TlsFront(
            emulator.Endpoint,
            Scenario.RegistryHost,
            $"api.ecr.{Scenario.Region}.amazonaws.com",
            $"sts.{Scenario.Region}.amazonaws.com"
        );
        var project = await ProjectAsync(emulator);
        (await project.RunAsync("restore", "-r", "linux-x64")).ShouldSucceed();
        project
            .With("AWS_ENDPOINT_URL", null)
            .With("AWS_REGION", Scenario.Region)
            .With("https_proxy", null)
            .With("HTTPS_PROXY", $"http://{proxy.Host}");

        var stranger = await project.PublishAsync("--no-restore");
        project.With("AWS_CA_BUNDLE", proxy.BundlePath);
        var trusted = (await project.PublishAsync("--no-restore")).ShouldSucceed();

        stranger.ShouldFailWith("ECR4006").LineOf("ECR4006").ShouldContain("certificate");
        trusted.PushedUri.ShouldBe($"{Scenario.RegistryHost}/{Scenario.Repository}:1.0.0");
        using var owner = new RepositoryOwner(emulator);
        (await owner.DigestAsync("1.0.0")).ShouldBe(trusted.PushedDigest);
    }

    [Fact]
    public async Task A_host_that_is_neither_of_AWS_nor_named_by_ECR_gets_no_password()
    {
        const string Api = $"api.ecr.{Scenario.Region}.amazonaws.com";
        const string Sts = $"sts.{Scenario.Region}.amazonaws.com";
        const string Other = $"{Scenario.OwnerAccount}.dkr.ecr.{Scenario.Region}.amazonaws.co";
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        await using var proxy = new TlsFront(emulator.Endpoint, Api, Sts, Other);
        var project = await ProjectAsync(emulator);
        (await project.RunAsync("restore", "-r", "linux-x64")).ShouldSucceed();
        project
            .With("AWS_ENDPOINT_URL", null)
            .With("AWS_ENDPOINT_URL_ECR", $"https://{Api}")
            .With("AWS_REGION", Scenario.Region)
            .With("https_proxy", null)
            .With("HTTPS_PROXY", $"http://{proxy.Host}")
            .With("AWS_CA_BUNDLE", proxy.BundlePath);

        var checkedFirst = await project.PublishAsync("--no-restore", To(Other));
        var pushed = await project.PublishAsync("--no-restore", To(Other), "-p:EcrPreflight=Off");

        foreach (var build in new[] { checkedFirst, pushed })
        {
            var line = build.ShouldFailWith("ECR1001").LineOf("ECR1001");
            line.ShouldContain(Other);
            line.ShouldContain(Scenario.RegistryHost);
        }

        proxy.Connected.Except([Api, Sts]).ShouldBeEmpty();
    }

    private static string To(params string[] registries) => $"-p:EcrRegistry=\"{string.Join(';', registries)}\"";

    private async Task<DotnetProject> ProjectAsync(EcrEmulator emulator) =>
        (await product.CreateProjectAsync("web"))
            .Using(emulator)
            .With("DOCKER_HOST", "unix:///nowhere/docker.sock")
            .WithAws(emulator, Scenario.Ci);
}
