using System.IO.Compression;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Tasks that were copied from the package without all of their assemblies.</summary>
public sealed class MissingAssemblyTests(ProductFixture product)
{
    [Theory]
    [InlineData("AWSSDK.SSO")]
    [InlineData("AWSSDK.SSOOIDC")]
    public async Task Without_an_assembly_of_IAM_Identity_Center_its_profiles_fail_by_a_code_that_names_it(
        string assembly
    )
    {
        const string tasks = "tasks/net10.0";
        var project = await product.CreateProjectAsync("web");
        await ZipFile.ExtractToDirectoryAsync(
            await product.PackageAsync(),
            project.Folder,
            TestContext.Current.CancellationToken
        );
        File.Delete(Path.Combine(project.Folder, tasks, assembly + ".dll"));
        var home = Directory.CreateDirectory(Path.Combine(project.Folder, "home", ".aws")).Parent!.FullName;
        await SignOnPortal.WriteProfileAsync(home, "dev");
        await using var portal = await SignOnPortal.StartAsync(Scenario.Ci);
        var file = Path.Combine(project.Folder, "check.proj");
        await File.WriteAllTextAsync(
            file,
            $"""
            <Project>
              <UsingTask TaskName="EcrBuildTasks.Tasks.CheckEcrPush" AssemblyFile="{tasks}/EcrBuildTasks.Tasks.dll" />
              <Target Name="Check">
                <ItemGroup>
                  <EcrRequest
                    Include="$(MSBuildProjectFullPath)"
                    ResultDirectory="$(MSBuildProjectDirectory)/ecr"
                    EcrRegistry="{Scenario.RegistryHost}"
                    EcrRepository="hello-api"
                    EcrProfile="dev"
                  />
                </ItemGroup>
                <CheckEcrPush Request="@(EcrRequest)" />
              </Target>
            </Project>
            """,
            TestContext.Current.CancellationToken
        );

        var build = await project
            .With("HOME", home)
            .With("AWS_ENDPOINT_URL", portal.Url.ToString())
            .RunAsync("msbuild", file);

        var line = build.ShouldFailWith("ECR1019").LineOf("ECR1019");
        line.ShouldContain($" {assembly}, ");
        line.ShouldContain("aws configure export-credentials --profile dev");
    }
}
