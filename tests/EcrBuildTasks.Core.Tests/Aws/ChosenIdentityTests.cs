using EcrBuildTasks.Aws;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>Whoever has chosen an identity acts as that one or as nobody, whichever others are at hand.</summary>
public sealed class ChosenIdentityTests
{
    private const string Profiles = $"""
        [profile ada]
        aws_access_key_id = AKIAADA
        aws_secret_access_key = secret-of-ada
        [profile ci]
        role_arn = {IdentityScene.Ci}
        source_profile = ada
        [profile mfa]
        role_arn = {IdentityScene.Ci}
        source_profile = ada
        mfa_serial = arn:aws:iam::111122223333:mfa/ada
        [profile half]
        aws_access_key_id = AKIAADA
        [profile loop]
        role_arn = {IdentityScene.Ci}
        source_profile = loop
        [profile web]
        role_arn = {IdentityScene.Ci}
        web_identity_token_file = nowhere/token
        [profile sso]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = Dev
        [profile process]
        credential_process = exit 1
        """;

    [Theory]
    [InlineData("AWS_PROFILE", "mfa", "ECR1028")]
    [InlineData("AWS_PROFILE", "half", "ECR1027")]
    [InlineData("AWS_PROFILE", "loop", "ECR1027")]
    [InlineData("AWS_PROFILE", "web", "ECR1024")]
    [InlineData("AWS_PROFILE", "sso", "ECR1029")]
    [InlineData("AWS_PROFILE", "process", "ECR1026")]
    [InlineData("AWS_PROFILE", "none", "ECR1014")]
    [InlineData("AWS_ACCESS_KEY_ID", "AKIAADA", "ECR1023")]
    [InlineData("AWS_WEB_IDENTITY_TOKEN_FILE", "/token", "ECR1023")]
    public async Task A_broken_choice_does_not_become_the_role_of_the_container_or_the_instance(
        string variable,
        string value,
        string code
    )
    {
        await using var scene = await IdentityScene.OpenAsync(
            Profiles,
            (variable, value),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/task"),
            ("AWS_EC2_METADATA_DISABLED", "false"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL")
        );

        var failure = await scene.FailureAsync();

        FailureDiagnosis.Find(failure)!.Code.Id.ShouldBe(code);
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_role_is_assumed_as_the_source_profile_says_whoever_else_the_environment_names()
    {
        await using var scene = await IdentityScene.OpenAsync(
            Profiles,
            ("AWS_ACCESS_KEY_ID", "AKIABOB"),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-bob"),
            ("AWS_PROFILE", "half"),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/containers/task")
        );

        (await scene.WhoAsync(new AwsSettings { Profile = "ci" })).Arn.ShouldBe(
            "arn:aws:sts::111122223333:assumed-role/ci/EcrBuildTasks"
        );
        scene.Emulator.Calls[0].Principal.ShouldBe("arn:aws:iam::111122223333:user/ada");
    }
}
