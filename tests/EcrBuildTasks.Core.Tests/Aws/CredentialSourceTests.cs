using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>Which sources of credentials are at hand, the one that is used first.</summary>
public sealed class CredentialSourceTests
{
    private static readonly (string Name, string Words, string Source)[] All =
    [
        ("settings", "the profile 'chosen'", "profile chosen"),
        ("keys", "the keys in AWS_ACCESS_KEY_ID", "environment variables"),
        ("web", "AWS_WEB_IDENTITY_TOKEN_FILE", "role arn:aws:iam::111122223333:role/github by web identity"),
        ("variable", "the profile 'ada'", "profile ada"),
        ("default", "the profile 'default'", "profile default"),
        ("container", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "container credentials"),
    ];

    [Fact]
    public void The_first_is_the_one_that_a_session_uses_whichever_are_there()
    {
        const string Keys = "aws_access_key_id = A\naws_secret_access_key = s\n";
        foreach (var there in Enumerable.Range(1, (1 << All.Length) - 1))
        {
            bool Has(string name) => (there & (1 << Array.FindIndex(All, one => one.Name == name))) != 0;
            using var environment = new AwsEnvironment(
                $"[profile chosen]\n{Keys}[profile ada]\n{Keys}{(Has("default") ? "[default]\n" + Keys : "")}"
            );
            void Set(string name, params (string Variable, string Value)[] variables)
            {
                foreach (var (variable, value) in variables.Where(_ => Has(name)))
                {
                    environment.Set(variable, value);
                }
            }

            Set("keys", ("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "s"));
            Set(
                "web",
                ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
                ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/github")
            );
            Set("variable", ("AWS_PROFILE", "ada"));
            Set("container", ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/"));
            AwsSettings settings = new() { Profile = Has("settings") ? "chosen" : null };
            // A named profile takes the place of the default one.
            var expected = All.Where(one => Has(one.Name) && !(one.Name == "default" && Has("variable"))).ToList();

            var found = CredentialSources.List(settings, environment.Variables);
            found.Count.ShouldBe(expected.Count);
            foreach (var (source, one) in found.Zip(expected))
            {
                source.Name.ShouldContain(one.Words);
            }

            environment.Open(settings).CredentialsSource.ShouldBe(expected[0].Source);
        }
    }

    [Theory]
    [InlineData("credentials", "[ci]\naws_secret_access_key = s", UnixFileMode.OtherRead, true)]
    [InlineData("credentials", "[ci]\naws_secret_access_key = s", UnixFileMode.GroupRead, true)]
    [InlineData("credentials", "[ci]\naws_secret_access_key = s", UnixFileMode.None, false)]
    [InlineData("config", "[profile ci]\naws_secret_access_key = s", UnixFileMode.OtherRead, true)]
    [InlineData("config", "[profile ci]\nregion = eu-west-1", UnixFileMode.OtherRead, false)]
    public void A_file_with_keys_that_others_may_read_is_found(
        string name,
        string content,
        UnixFileMode others,
        bool isFound
    )
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes of files.");
            return;
        }

        using var environment = new AwsEnvironment();
        var path = environment.File($".aws/{name}", content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        SecretFiles.ReadableByOthers(environment.Variables).ShouldBe(isFound ? [path] : []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_config_file_beside_a_moved_credentials_file_counts_only_outside_of_the_current_folder(bool isAbsolute)
    {
        var name = $"moved-{Guid.NewGuid():N}";
        var folder = Directory.CreateDirectory(name).FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "credentials"), "[ci]\naws_access_key_id = A");
            File.WriteAllText(Path.Combine(folder, "config"), "[profile ci]\ncredential_process = run");
            using var environment = new AwsEnvironment("[profile ci]\nregion = eu-west-1");
            environment.Set("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(isAbsolute ? folder : name, "credentials"));

            var profile = new AwsProfiles(environment.Variables).Get("ci");

            profile["aws_access_key_id"].ShouldBe("A");
            (profile["credential_process"], profile.Region).ShouldBe(isAbsolute ? ("run", null) : (null, "eu-west-1"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("AWS_PROFILE", "AWS_PROFILE")]
    [InlineData("source_profile", "source_profile of the profile 'deploy'")]
    [InlineData("settings", "")]
    public void What_names_a_profile_that_does_not_exist_is_told(string by, string setting)
    {
        using var environment = new AwsEnvironment(
            """
            [profile base]
            aws_access_key_id = A
            aws_secret_access_key = s
            [profile deploy]
            role_arn = arn:aws:iam::444455556666:role/deploy
            source_profile = bsae
            """
        );
        environment.Set("AWS_PROFILE", by == "AWS_PROFILE" ? "bsae" : "deploy");

        var failure = Should.Throw<AwsSessionException>(() =>
            environment.Open(new() { Profile = by == "settings" ? "bsae" : null })
        );

        var diagnostic = FailureDiagnosis.Find(failure)!;
        diagnostic.Code.ShouldBe(EcrCode.ProfileNotFound);
        diagnostic.Message.ShouldContain("'bsae'");
        diagnostic.Message.ShouldContain("'base'?");
        diagnostic.Message.ShouldContain(setting);
    }
}
