using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Projects of one build that push as different identities at the same time.</summary>
public sealed class ParallelIdentitiesTests(ProductFixture product)
{
    private const string OwnerArn = $"arn:aws:iam::{Scenario.OwnerAccount}:user/owner";

    [Theory]
    [InlineData("-m:2")]
    [InlineData("-m:2", "-mt")]
    public async Task Two_projects_with_two_profiles_push_in_one_parallel_build_each_as_its_own_identity(
        params string[] options
    )
    {
        await using var emulator = await Scenario.StartAsync(
            Scenario.Policy(("CiPushes", $"arn:aws:iam::{Scenario.CiAccount}:root", Scenario.PushActions))
        );
        var first = (await product.CreateProjectAsync("web")).Using(emulator).Add(Settings("ci"));
        var second = (await product.CreateProjectAsync("web")).Using(emulator).Add(Settings("owner"));
        var solution = await WriteSolutionAsync(first, second);
        var credentials = Path.Combine(first.Folder, "credentials");
        await File.WriteAllTextAsync(
            credentials,
            $"""
            [ci]
            aws_access_key_id = {Scenario.Ci.Id}
            aws_secret_access_key = {Scenario.Ci.Secret}
            aws_session_token = {Scenario.Ci.SessionToken}
            [owner]
            aws_access_key_id = {Scenario.Owner.Id}
            aws_secret_access_key = {Scenario.Owner.Secret}
            """,
            TestContext.Current.CancellationToken
        );
        // Keys in the environment, of somebody who may do nothing: a profile that is lost on the way would use them.
        first
            .WithAws(emulator, Scenario.Newcomer)
            .With("AWS_SHARED_CREDENTIALS_FILE", credentials)
            .With("DOCKER_HOST", "unix:///nowhere/docker.sock");

        var build = await first.RunAsync(["publish", solution, "/t:PushToEcr", .. options]);

        build.ShouldSucceed();
        ShouldBePushedByBoth(emulator);
        foreach (var (arn, profile) in new[] { (Scenario.CiSessionArn, "profile ci"), (OwnerArn, "profile owner") })
        {
            // The preflight and the push.
            build
                .Output.Split('\n')
                .Count(line => line.Contains(arn) && line.Contains(profile))
                .ShouldBeGreaterThanOrEqualTo(2, build.ToString());
        }

        using var push = JsonDocument.Parse(
            await File.ReadAllTextAsync(first.ResultFile("push.json"), TestContext.Current.CancellationToken)
        );
        push.RootElement.GetProperty("caller").GetProperty("arn").GetString().ShouldBe(Scenario.CiSessionArn);
    }

    /// <summary>As a task of MSBuild would do it that looks up credentials.</summary>
    [Theory]
    [InlineData("-m:2")]
    [InlineData("-m:2", "-mt")]
    public async Task The_environment_that_a_project_sets_in_the_build_and_its_folder_are_those_of_this_project_alone(
        params string[] options
    )
    {
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var first = (await product.CreateProjectAsync("console")).Using(emulator).PushedTo(emulator);
        var second = (await product.CreateProjectAsync("console")).Using(emulator);
        foreach (var (project, tag) in new[] { (first, "of-ci"), (second, "of-owner") })
        {
            OciLayoutFolder.Write(Path.Combine(project.Folder, tag));
            project.Add(
                $"""
                  <PropertyGroup>
                    <EcrImageTags>{tag}</EcrImageTags>
                    <EcrSourceImage>{tag}</EcrSourceImage>
                  </PropertyGroup>

                """
            );
        }

        second.Add(
            $"""
              <UsingTask TaskName="UseOwner" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll">
                <Task>
                  <Code Type="Fragment" Language="cs">
                    System.Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "{Scenario.Owner.Id}");
                    System.Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "{Scenario.Owner.Secret}");
                    System.Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", null);
                  </Code>
                </Task>
              </UsingTask>
              <Target Name="UseOwner">
                <UseOwner />
              </Target>

            """
        );
        var text = await File.ReadAllTextAsync(second.File, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            second.File,
            text.Replace("<Project ", """<Project InitialTargets="UseOwner" """, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        var solution = await WriteSolutionAsync(first, second);

        (await first.RunAsync(["build", solution, "/t:EcrPreflight", .. options])).ShouldSucceed();
        emulator.Calls.ShouldNotContain(call => call.Service == "registry");
        (await first.RunAsync(["build", solution, "/t:PushToEcr", .. options])).ShouldSucceed();

        ShouldBePushedByBoth(emulator, builds: 2);
    }

    private static async Task<string> WriteSolutionAsync(DotnetProject first, DotnetProject second)
    {
        // A solution takes a name once.
        var renamed = Path.Combine(second.Folder, "Other.csproj");
        File.Move(second.File, renamed);
        var solution = Path.Combine(first.Folder, "All.slnx");
        await File.WriteAllTextAsync(
            solution,
            $"""<Solution><Project Path="{first.File}" /><Project Path="{renamed}" /></Solution>""",
            TestContext.Current.CancellationToken
        );
        return solution;
    }

    /// <summary>Each its own image, with one token for each build.</summary>
    private static void ShouldBePushedByBoth(EcrEmulator emulator, int builds = 1)
    {
        emulator
            .Calls.Where(call => call is { Service: "registry", Method: "PUT", Action: "PutImage" })
            .Select(call => (Path.GetFileName(call.Path), call.Principal))
            .ShouldBe([("of-ci", Scenario.CiSessionArn), ("of-owner", OwnerArn)], ignoreOrder: true);
        emulator
            .Calls.Where(call => call.Principal is not null)
            .GroupBy(
                call => call.Principal!,
                (arn, calls) => (arn, calls.Count(call => call.Action == "GetAuthorizationToken")),
                StringComparer.Ordinal
            )
            .ShouldBe([(Scenario.CiSessionArn, builds), (OwnerArn, builds)], ignoreOrder: true);
    }

    private static string Settings(string profile) =>
        $"""
              <PropertyGroup>
                <EcrProfile>{profile}</EcrProfile>
                <EcrImageTags>of-{profile}</EcrImageTags>
              </PropertyGroup>

            """;
}
