using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

public sealed class ReferencedProjectTests(ProductFixture product)
{
    [Theory]
    [InlineData("/t:PushToEcr")]
    [InlineData("/t:PushToEcr", "-p:EcrPushRequested=true")]
    public async Task A_referenced_application_has_no_preflight_and_is_not_pushed(params string[] arguments)
    {
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var other = (await product.CreateProjectAsync("console")).AddPackage();
        var project = (await product.CreateProjectAsync("web"))
            .Using(emulator)
            .Add($"""<ItemGroup><ProjectReference Include="{other.File}" /></ItemGroup>""")
            // Their assemblies would have the same name.
            .Add("<PropertyGroup><AssemblyName>Web</AssemblyName></PropertyGroup>")
            .PushedTo(emulator);

        var build = (await project.RunAsync(["publish", .. arguments])).ShouldSucceed();

        build.Output.Split("Preflight passed: ").Length.ShouldBe(2, build.ToString());
        build.Output.Split("-> 127").Length.ShouldBe(2, build.ToString());
        Directory.Exists(Path.Combine(other.IntermediateFolder(), "ecr")).ShouldBeFalse();
    }
}
