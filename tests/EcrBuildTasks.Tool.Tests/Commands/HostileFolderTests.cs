using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>The tool runs in a folder whose files somebody else wrote.</summary>
public sealed class HostileFolderTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData(null, "creds")]
    [InlineData(null, "./creds")]
    public async Task Without_a_home_folder_nothing_of_the_current_folder_is_configuration(
        string? home,
        string? credentials
    )
    {
        await using var engine = await FakeEngine.StartAsync("app:1.0");
        await using var scene = await PushScene.StartAsync();
        Write("config", "[default]\ncredential_process = touch ran\nendpoint_url = http://127.0.0.1:9\n");
        Write(".aws/config", "[default]\ncredential_process = touch ran\nendpoint_url = http://127.0.0.1:9\n");
        Write(".aws/credentials", "[default]\naws_access_key_id = A\naws_secret_access_key = s\n");
        Write(".docker/config.json", """{"currentContext":"evil"}""");
        // "evil" in SHA-256, as docker names the folder of a context.
        Write(
            ".docker/contexts/meta/b5c1fb2efc6d6b4674c2fdcc48ce01b43a3b7c03763c0c3355de0099ee0f8c73/meta.json",
            $$"""{"Name":"evil","Endpoints":{"docker":{"Host":"{{engine.Address}}"} } }"""
        );
        scene
            .With("HOME", home)
            .With("USERPROFILE", home)
            .With("DOCKER_HOST", null)
            .With("AWS_SHARED_CREDENTIALS_FILE", credentials)
            .With("AWS_EC2_METADATA_DISABLED", "true");

        var pushed = await scene.EcrAsync("push", "app:1.0", "hello-api:1.0", "--mode", "engine");
        scene.With("AWS_ACCESS_KEY_ID", null).With("AWS_SECRET_ACCESS_KEY", null);
        var check = await scene.EcrAsync("check", "hello-api");

        engine.Pushed.ShouldBeEmpty(pushed.ToString());
        check.Error.ShouldContain("ECR1010");
        Directory.EnumerateFileSystemEntries(scene.Folder).Select(Path.GetFileName).ShouldNotContain("ran");

        void Write(string name, string content)
        {
            var path = Path.Combine(scene.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Items":[]}""")]
    [InlineData("""{"Items":{"EcrRequest":[]}}""")]
    [InlineData("""{"Items":{"EcrRequest":["x"]}}""")]
    [InlineData("""{"Items":{"EcrRequest":[{"A":1}]}}""")]
    [InlineData("""{"Items":{"EcrRequest":[{"A":"1","A":"2"}]}}""")]
    public async Task An_SDK_of_the_folder_that_prints_anything_is_an_error_with_a_code(string output)
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProject("").WithProgram("dotnet", $"#!/bin/sh\ncat <<'E'\n{output}\nE\n");

        var check = await scene.EcrAsync("check");
        var doctor = await scene.EcrAsync("doctor");

        check.ExitCode.ShouldBe(1, check.ToString());
        check.Error.ShouldContain("ECR1022");
        doctor.ToString().ShouldNotContain("ECR5001");
    }

    [Fact]
    public async Task Other_programs_get_no_AWS_credentials()
    {
        string[] variables =
        [
            "AWS_SECRET_KEY",
            "AWS_SECURITY_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        ];
        await using var scene = await PushScene.StartAsync();
        scene.WithProject("").AsCi();
        foreach (var variable in variables)
        {
            scene.With(variable, "a-secret");
        }

        foreach (var program in new[] { "dotnet", "docker" })
        {
            scene.WithProgram(program, $"#!/bin/sh\nenv > seen-$$-{program}\ncat\n");
        }

        await scene.EcrAsync("check");
        await scene.EcrAsync("doctor");
        await scene.EcrAsync("login");
        var seen = Directory.GetFiles(scene.Folder, "seen-*");
        seen.Select(file => file.Split('-')[^1]).Distinct().ShouldBe(["dotnet", "docker"], ignoreOrder: true);
        foreach (var file in seen)
        {
            var environment = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            environment.ShouldContain($"AWS_REGION={PushScene.Region}");
            environment.ShouldNotContain("a-secret");
            environment.ShouldNotContain("ASIACICICICICICICICI");
            environment.ShouldNotContain("ci-secret");
            environment.ShouldNotContain("ci-session");
        }
    }

    [Fact]
    public async Task An_argument_that_begins_with_an_at_sign_is_no_file_of_arguments()
    {
        await using var scene = await PushScene.StartAsync();
        await File.WriteAllTextAsync(
            Path.Combine(scene.Folder, "file"),
            "hello-api --profile hidden-word",
            TestContext.Current.CancellationToken
        );

        var result = await scene.EcrAsync("check", "@file");

        result.ExitCode.ShouldBe(1, result.ToString());
        result.Error.ShouldContain("@file' is not");
        result.ToString().ShouldNotContain("hidden-word");
    }
}
