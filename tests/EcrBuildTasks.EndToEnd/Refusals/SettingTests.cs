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
    [InlineData("EcrRepositry=hello", "ECR1005", "EcrRepositry")]
    [InlineData("EcrRegion=us-east-1", "ECR1004", "us-east-1")]
    public async Task A_setting_that_cannot_be_used_is_named_before_AWS_is_asked_for_a_push(
        string setting,
        string code,
        string named
    )
    {
        var project = await pushes.ProjectAsync();

        var build = (await project.PublishAsync("--no-restore", $"-p:{setting}")).ShouldFailWith(code);

        build.LineOf(code).ShouldContain(named);
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
        build.LineOf("ECR1005").ShouldContain(" EcrRepository?");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_hides_no_other_error()
    {
        var project = await pushes.ProjectAsync();
        Directory.CreateDirectory(project.IntermediateFolder("Locked"));
        await File.WriteAllTextAsync(
            Path.Combine(project.IntermediateFolder("Locked"), "ecr"),
            "",
            TestContext.Current.CancellationToken
        );

        var build = await project.PublishAsync("--no-restore", "-c", "Locked");

        build
            .ShouldFailWith("ECR1038", "ECR2001")
            .LineOf("ECR1038")
            .ShouldContain(project.IntermediateFolder("Locked"));
    }

    [Theory]
    [InlineData("-t", "PushToEcr")]
    [InlineData("--target", "PushToEcr")]
    [InlineData("-t=PushToEcr")]
    [InlineData("-target:PushToEcr")]
    [InlineData("/T:Foo;pushtoecr")]
    [InlineData("@push.rsp")]
    [InlineData("-p:EcrPushRequested=true", "-p:NoWarn=X")]
    public async Task However_a_push_is_requested_the_preflight_comes_before_the_compilation(params string[] request)
    {
        var project = await pushes.ProjectAsync();
        await File.WriteAllTextAsync(
            Path.Combine(project.Folder, "push.rsp"),
            "-t:PushToEcr",
            TestContext.Current.CancellationToken
        );

        var build = await project.RunAsync(["publish", "--no-restore", .. request]);

        build.ShouldFailWith("ECR2001");
        project.ShouldNotBeCompiled();
    }

    [Theory]
    [InlineData("build", "-p:EcrPushRequested=true")]
    [InlineData("build", "-t:Clean", "-p:Text=-t:PushToEcrLater")]
    public async Task A_build_that_requests_no_push_has_no_preflight(params string[] arguments)
    {
        var project = await pushes.AnotherProjectAsync("console");
        project.AddPackage();

        (await project.RunAsync(arguments)).ShouldSucceed().Output.ShouldNotContain("Preflight");
    }
}
