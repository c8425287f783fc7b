using EcrBuildTasks.Aws;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>What tells identities apart, without anybody being asked: nothing answers at the endpoint.</summary>
public sealed class IdentityKeyTests : IDisposable
{
    private const string Config = """
        [profile static]
        aws_access_key_id = AKIASTATIC
        aws_secret_access_key = secret-of-static

        [profile other]
        aws_access_key_id = AKIAOTHER
        aws_secret_access_key = secret-of-other

        [profile role]
        role_arn = arn:aws:iam::111122223333:role/ci
        source_profile = static
        external_id = 42

        [profile role-of-other]
        role_arn = arn:aws:iam::111122223333:role/ci
        source_profile = other

        [profile other-role]
        role_arn = arn:aws:iam::111122223333:role/deploy
        source_profile = static

        [profile sso]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Dev

        [profile sso-admin]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Admin

        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1

        [profile web]
        role_arn = arn:aws:iam::111122223333:role/ci
        web_identity_token_file = TOKEN
        """;

    private readonly string home = Directory.CreateTempSubdirectory("ecr-identity-").FullName;

    public IdentityKeyTests()
    {
        Directory.CreateDirectory(Path.Combine(home, ".aws"));
        var token = Path.Combine(home, "token");
        File.WriteAllText(token, "a.b.token-signature");
        File.WriteAllText(
            Path.Combine(home, ".aws", "config"),
            Config.Replace("TOKEN", token, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("static", null)]
    [InlineData("static", "arn:aws:iam::111122223333:role/ci")]
    [InlineData("role", null)]
    [InlineData("role", "arn:aws:iam::111122223333:role/deploy")]
    [InlineData("sso", null)]
    [InlineData("sso", "arn:aws:iam::111122223333:role/ci")]
    [InlineData("web", null)]
    public async Task An_identity_has_the_same_key_each_time_and_no_secret_in_it(string profile, string? role)
    {
        var key = await KeyAsync(profile, role);

        key.ShouldBe(await KeyAsync(profile, role));
        key.ShouldNotContain("secret");
        key.ShouldNotContain("signature");
    }

    [Fact]
    public async Task Different_identities_have_different_keys()
    {
        string[] keys =
        [
            await KeyAsync("static"),
            await KeyAsync("other"),
            await KeyAsync("role"),
            await KeyAsync("role-of-other"),
            await KeyAsync("other-role"),
            await KeyAsync("sso"),
            await KeyAsync("sso-admin"),
            await KeyAsync("web"),
            await KeyAsync("role", "arn:aws:iam::111122223333:role/next"),
        ];

        keys.ShouldBeUnique();
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    private async Task<string> KeyAsync(string profile, string? role = null)
    {
        var session = await AwsSession.OpenAsync(
            new()
            {
                Profile = profile,
                Region = "eu-west-1",
                RoleArn = role,
            },
            new EnvironmentVariables([
                KeyValuePair.Create("HOME", home),
                KeyValuePair.Create("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ]),
            TestContext.Current.CancellationToken
        );
        return await session.GetIdentityKeyAsync(TestContext.Current.CancellationToken);
    }
}
