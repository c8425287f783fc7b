using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

[Collection(nameof(RefusedPushes))]
public sealed class CredentialTests(RefusedPushes pushes)
{
    [Fact]
    public async Task A_push_without_credentials_says_how_to_get_some()
    {
        var project = (await pushes.ProjectAsync())
            .With("AWS_ACCESS_KEY_ID", null)
            .With("AWS_SECRET_ACCESS_KEY", null)
            .With("AWS_SESSION_TOKEN", null);

        var build = (await project.PublishAsync("--no-restore")).ShouldFailWith("ECR1010");

        build.LineOf("ECR1010").ShouldContain("aws sso login");
    }

    [Fact]
    public async Task A_push_with_the_credentials_of_an_expired_session_says_that_they_have_expired()
    {
        var build = await PublishAsAsync(Scenario.ExpiredCi);

        build.ShouldFailWith("ECR1011");
    }

    [Fact]
    public async Task A_push_with_a_secret_key_of_another_access_key_says_that_they_do_not_belong_together()
    {
        var build = await PublishAsAsync(Scenario.Ci with { Secret = Scenario.Owner.Secret });

        build.ShouldFailWith("ECR1012");
        build.Output.ShouldNotContain(Scenario.Owner.Secret);
    }

    [Fact]
    public async Task A_caller_of_the_repository_s_account_without_identity_policy_is_told_which_actions_it_needs()
    {
        var build = await PublishAsAsync(Scenario.Newcomer);

        // The token is refused as well, and only an identity policy can allow that.
        build.ShouldFailWith("ECR2002", "ECR2004");
        var line = build.LineOf("ECR2002");
        line.ShouldContain($"arn:aws:iam::{Scenario.OwnerAccount}:user/newcomer");
        Scenario.PushActions.ShouldAllBe(action => build.Output.Contains($"\"{action}\""));
    }

    [Fact]
    public async Task A_push_to_a_repository_that_is_missing_says_how_to_create_it()
    {
        var build = await PublishAsAsync(Scenario.Owner, "-p:EcrRepository=not-yet-there");

        build.ShouldFailWith("ECR3001").LineOf("ECR3001").ShouldContain("not-yet-there");
        build.Output.ShouldContain($"dotnet ecr repository create not-yet-there --region {Scenario.Region}");
    }

    [Fact]
    public async Task A_line_that_is_no_setting_harms_no_later_build_of_a_process_that_lives_on()
    {
        const string Line = "aws_secret_access_key secret-on-a-line-without-a-sign";
        var project = await pushes.ProjectAsync();
        var file = Path.Combine(project.Folder, "credentials");
        await File.WriteAllTextAsync(
            Path.Combine(project.Folder, "Directory.Build.targets"),
            """
            <Project>
              <Target Name="TellProcess" BeforeTargets="_EcrValidateHost">
                <Message Importance="high" Text="$([System.Environment]::CommandLine)" />
              </Target>
            </Project>
            """,
            TestContext.Current.CancellationToken
        );
        project
            .With("AWS_ACCESS_KEY_ID", null)
            .With("AWS_SECRET_ACCESS_KEY", null)
            .With("AWS_SESSION_TOKEN", null)
            .With("AWS_SHARED_CREDENTIALS_FILE", file)
            .With("MSBUILDDISABLENODEREUSE", null)
            .With("DOTNET_CLI_USE_MSBUILD_SERVER", "1")
            // Keeps this server apart from those of other builds.
            .With("MSBUILDNODEHANDSHAKESALT", $"{Guid.NewGuid():N}");
        try
        {
            var (id, secret) = (Scenario.Owner.Id, Scenario.Owner.Secret);
            var broken = await PreflightAsync($"[default]\naws_access_key_id = {id}\n{Line}\n");
            var corrected = await PreflightAsync(
                $"[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"
            );

            broken.ShouldFailWith("ECR1027").LineOf("ECR1027").ShouldContain("line 3");
            broken.Output.ShouldNotContain("secret-on-a-line");
            corrected.ShouldSucceed();
        }
        finally
        {
            await project.RunAsync("build-server", "shutdown", "--msbuild");
            File.Delete(Path.Combine(project.Folder, "Directory.Build.targets"));
            project
                .With("AWS_SHARED_CREDENTIALS_FILE", null)
                .With("MSBUILDDISABLENODEREUSE", "1")
                .With("DOTNET_CLI_USE_MSBUILD_SERVER", "0");
        }

        async Task<Build> PreflightAsync(string credentials)
        {
            await File.WriteAllTextAsync(file, credentials, TestContext.Current.CancellationToken);
            var build = await project.RunAsync("build", "--no-restore", "/t:EcrPreflight");
            build.Output.ShouldContain("nodemode:8");
            return build;
        }
    }

    private async Task<Build> PublishAsAsync(AccessKey key, params string[] options)
    {
        var project = await pushes.ProjectAsync();
        return await project
            .With("AWS_ACCESS_KEY_ID", key.Id)
            .With("AWS_SECRET_ACCESS_KEY", key.Secret)
            .With("AWS_SESSION_TOKEN", key.SessionToken)
            .PublishAsync(["--no-restore", .. options]);
    }
}
