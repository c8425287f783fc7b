using System.Text.Json;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Projects of one build that push as different identities at the same time.</summary>
public sealed class ParallelIdentitiesTests(ProductFixture product)
{
    [Fact]
    public async Task Two_projects_with_two_profiles_push_in_one_parallel_build_each_as_its_own_identity()
    {
        await using var emulator = await Scenario.StartAsync(
            Scenario.Policy(("CiPushes", $"arn:aws:iam::{Scenario.CiAccount}:root", Scenario.PushActions))
        );
        var first = (await product.CreateProjectAsync("web")).Using(emulator).Add(Settings("ci"));
        var second = (await product.CreateProjectAsync("web")).Using(emulator).Add(Settings("owner"));
        // A solution takes a name once.
        var renamed = Path.Combine(second.Folder, "Other.csproj");
        File.Move(second.File, renamed);
        var solution = Path.Combine(first.Folder, "All.slnx");
        await File.WriteAllTextAsync(
            solution,
            $"""<Solution><Project Path="{first.File}" /><Project Path="{renamed}" /></Solution>""",
            TestContext.Current.CancellationToken
        );
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

        var build = await first.RunAsync("publish", solution, "/t:PushToEcr", "-m:2");

        build.ShouldSucceed();
        var ownerArn = $"arn:aws:iam::{Scenario.OwnerAccount}:user/owner";
        emulator
            .Calls.Where(call => call is { Service: "registry", Method: "PUT", Action: "PutImage" })
            .Select(call => (Path.GetFileName(call.Path), call.Principal))
            .ShouldBe([("of-ci", Scenario.CiSessionArn), ("of-owner", ownerArn)], ignoreOrder: true);
        emulator
            .Calls.Select(call => call.Principal)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ShouldBe([Scenario.CiSessionArn, ownerArn], ignoreOrder: true);
        foreach (var (arn, profile) in new[] { (Scenario.CiSessionArn, "profile ci"), (ownerArn, "profile owner") })
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

    private static string Settings(string profile) =>
        $"""
              <PropertyGroup>
                <EcrProfile>{profile}</EcrProfile>
                <EcrImageTags>of-{profile}</EcrImageTags>
              </PropertyGroup>

            """;
}
