using EcrBuildTasks.EndToEnd.Secrets;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

public sealed class SecretsTests(ProductFixture product, EngineFixture engine)
{
    [Theory]
    [InlineData(true, "Engine")]
    [InlineData(true, "Registry")]
    [InlineData(false, "Auto")]
    public async Task No_secret_is_in_the_logs_or_files_of_a_push(bool isAllowed, string pushMode)
    {
        await using var emulator = await Scenario.StartAsync(
            isAllowed
                ? Scenario.Policy(("CiPushes", $"arn:aws:iam::{Scenario.CiAccount}:root", Scenario.PushActions))
                : null
        );
        await using var wire = await TokenRecorder.StartAsync(emulator.Endpoint);
        var project = (await product.CreateProjectAsync("web"))
            .Using(emulator)
            .WithEngine(await engine.EndpointAsync())
            .WithAws(emulator, Scenario.Ci)
            .With("AWS_ENDPOINT_URL", wire.Endpoint.ToString());

        var build = await project.PublishAsync("-bl:push.binlog", "-v:diag", $"-p:EcrPushMode={pushMode}");

        build.Succeeded.ShouldBe(isAllowed, build.ToString());
        wire.Passwords.ShouldNotBeEmpty();
        var secrets = new SecretSearch([Scenario.Ci.Secret, Scenario.Ci.SessionToken!, .. wire.Passwords]);
        secrets.FindIn("the diagnostic log", build.ToString()).ShouldBeEmpty();
        secrets.FindInBinaryLog(Path.Combine(project.Folder, "push.binlog")).ShouldBeEmpty();
        secrets.FindInFolder(Path.Combine(project.Folder, "obj")).ShouldBeEmpty();
        secrets.FindInFolder(Path.Combine(project.Folder, "bin")).ShouldBeEmpty();
        Directory.Exists(project.DockerConfigFolder).ShouldBeFalse();
    }

    [Fact]
    public void The_search_finds_a_secret_in_each_form_that_it_may_take()
    {
        const string Secret = "canary-of-the-search";
        var search = new SecretSearch([Secret]);

        search.FindIn("plain", $"key={Secret};").ShouldHaveSingleItem();
        foreach (var before in new[] { "", "A", "AW", "AWS", "AWS:" })
        {
            var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(before + Secret + "\"}"));
            search.FindIn("base64", $"auth={encoded};").ShouldHaveSingleItem();
        }

        search.FindIn("nothing", "canary-of-another").ShouldBeEmpty();
    }
}
