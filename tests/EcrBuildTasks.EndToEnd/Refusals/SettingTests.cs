using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

[Collection(nameof(RefusedPushes))]
public sealed class SettingTests(RefusedPushes pushes)
{
    [Theory]
    [InlineData("EcrRegistry=ghcr.io", "ECR1001", "ghcr.io")]
    [InlineData("EcrRepository=Hello-API", "ECR1002", "Hello-API")]
    [InlineData("EcrImageTags=-beta", "ECR1003", "-beta")]
    [InlineData("EcrPreflight=Bogus", "ECR1004", "Bogus")]
    public async Task A_setting_that_cannot_be_used_is_named_before_AWS_is_asked_for_a_push(
        string setting,
        string code,
        string named
    )
    {
        var project = await pushes.ProjectAsync();

        var build = (await project.PublishAsync("--no-restore", $"-p:{setting}")).ShouldFailWith(code);

        build.LineOf(code).ShouldContain($"'{named}'");
        project.ShouldNotBeCompiled();
    }

    [Fact]
    public async Task A_misspelt_property_is_warned_of_with_the_name_that_was_meant()
    {
        var project = await pushes.ProjectAsync();
        var before = await File.ReadAllTextAsync(project.File, TestContext.Current.CancellationToken);
        project.Add("<PropertyGroup><EcrRepositry>hello</EcrRepositry></PropertyGroup>");

        var build = await project.PublishAsync("--no-restore");
        await File.WriteAllTextAsync(project.File, before, TestContext.Current.CancellationToken);

        build.WarningCodes.ShouldBe(["ECR1005"], build.ToString());
        build.LineOf("ECR1005").ShouldContain("EcrRepositry");
        build.LineOf("ECR1005").ShouldContain("Did you mean EcrRepository?");
    }
}
