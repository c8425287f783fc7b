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
}
