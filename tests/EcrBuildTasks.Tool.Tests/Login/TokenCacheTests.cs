using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Tool.Login;
using EcrBuildTasks.Tool.Login.Cache;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks.Tool.Tests.Login;

/// <summary>Passwords between two runs, where there is no keychain.</summary>
public sealed class TokenCacheTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenKey Key = KeyOf("key AKIAEXAMPLE");

    private readonly string folder = Directory.CreateTempSubdirectory("ecr-cache-").FullName;

    private string File => Path.Combine(folder, "dotnet-ecr", "tokens.json");

    [Theory]
    [InlineData(11 * 60, true)]
    [InlineData((12 * 60) - 16, true)]
    [InlineData((12 * 60) - 15, false)]
    [InlineData(12 * 60, false)]
    [InlineData(24 * 60, false)]
    public void A_password_is_used_until_a_quarter_of_an_hour_before_its_end(int minutesLater, bool isUsed)
    {
        At(Noon).Keep(Key, Password("secret"));

        var found = At(Noon.AddMinutes(minutesLater)).Find(Key);

        (found is not null).ShouldBe(isUsed);
    }

    [Fact]
    public void What_is_found_is_what_was_kept()
    {
        At(Noon).Keep(Key, Password("secret"));

        var found = At(Noon).Find(Key).ShouldNotBeNull();

        var credentials = found.CredentialsFor(null);
        (credentials.Username, credentials.Password, found.ProxyEndpoint, found.ExpiresAt).ShouldBe(
            ("AWS", "secret", new Uri("https://444455556666.dkr.ecr.eu-west-1.amazonaws.com"), Noon.AddHours(12))
        );
    }

    [Fact]
    public void Another_identity_endpoint_or_registry_has_another_password()
    {
        At(Noon).Keep(Key, Password("secret"));

        At(Noon).Find(KeyOf("key AKIAOTHER")).ShouldBeNull();
        At(Noon).Find(KeyOf("key AKIAEXAMPLE", endpoint: "https://api.ecr.us-east-1.amazonaws.com")).ShouldBeNull();
        At(Noon).Find(KeyOf("key AKIAEXAMPLE", region: "us-east-1")).ShouldBeNull();
        At(Noon).Find(KeyOf("key AKIAEXAMPLE", account: "111122223333")).ShouldBeNull();
        At(Noon).Find(KeyOf("key AKIAEXAMPLE", account: null)).ShouldBeNull();
    }

    [Fact]
    public void What_has_ended_leaves_the_file_and_the_rest_stays()
    {
        At(Noon).Keep(Key, Password("first-secret"));
        At(Noon.AddHours(6)).Keep(KeyOf("second"), Password("second-secret", Noon.AddHours(18)));
        At(Noon.AddHours(13)).Keep(KeyOf("third"), Password("third-secret", Noon.AddHours(25)));

        var content = System.IO.File.ReadAllText(File);

        content.ShouldNotContain("first-secret");
        content.ShouldContain("second-secret");
        content.ShouldContain("third-secret");
    }

    [Fact]
    public void A_forgotten_password_is_gone_and_others_are_not()
    {
        At(Noon).Keep(Key, Password("first-secret"));
        At(Noon).Keep(KeyOf("second"), Password("second-secret"));

        At(Noon).Forget(Key);

        At(Noon).Find(Key).ShouldBeNull();
        At(Noon).Find(KeyOf("second")).ShouldNotBeNull();
        System.IO.File.ReadAllText(File).ShouldNotContain("first-secret");
    }

    [Fact]
    public void Only_the_owner_may_read_the_file_and_no_identity_is_named_in_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows encrypts the file instead.");
        At(Noon).Keep(Key, Password("secret"));

        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            System
                .IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        System.IO.File.ReadAllText(File).ShouldNotContain("AKIAEXAMPLE");
        Directory.GetFiles(Path.GetDirectoryName(File)!).ShouldBe([File]);
    }

    [Fact]
    public void A_file_that_others_may_read_is_not_used_and_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes on Windows.");
        At(Noon).Keep(Key, Password("secret"));
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            At(Noon).Find(Key).ShouldBeNull();

            At(Noon).Keep(Key, Password("new-secret"));

            System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        At(Noon).Find(Key).ShouldNotBeNull().CredentialsFor(null).Password.ShouldBe("new-secret");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":{"username":"AWS"}}""")]
    [InlineData("""{"a":{"username":1,"password":[],"proxyEndpoint":"https://x","expiresAt":"2026-01-15"}}""")]
    [InlineData("""{"a":{"username":"AWS","password":"p","proxyEndpoint":"no url","expiresAt":"2026-01-15"}}""")]
    [InlineData("""{"a":{"username":"AWS","password":"p","proxyEndpoint":"https://x","expiresAt":"soon"}}""")]
    [InlineData("""{"a":1,"a":2}""")]
    public void A_damaged_file_is_an_empty_cache_that_can_be_filled(string content)
    {
        At(Noon).Keep(Key, Password("secret"));
        System.IO.File.WriteAllBytes(File, Encoding.UTF8.GetBytes(content));

        At(Noon).Find(Key).ShouldBeNull();
        At(Noon).Keep(Key, Password("secret"));

        At(Noon).Find(Key).ShouldNotBeNull();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_costs_no_more_than_the_cache()
    {
        System.IO.File.WriteAllText(Path.Combine(folder, "dotnet-ecr"), "in the way");

        At(Noon).Keep(Key, Password("secret"));

        At(Noon).Find(Key).ShouldBeNull();
    }

    [Fact]
    public void Without_a_home_there_is_no_store()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows always has one.");

        SecretStore.OfUser(EnvironmentVariables.None).ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static TokenKey KeyOf(
        string identity,
        string endpoint = "https://api.ecr.eu-west-1.amazonaws.com",
        string region = "eu-west-1",
        string? account = "444455556666"
    ) => new(identity, new Uri(endpoint), region, account);

    private static EcrAuthorization Password(string password, DateTimeOffset? expiresAt = null) =>
        new(
            "AWS",
            password,
            new Uri("https://444455556666.dkr.ecr.eu-west-1.amazonaws.com"),
            expiresAt ?? Noon.AddHours(12)
        );

    private TokenCache At(DateTimeOffset now) =>
        new(new SecretStore(Path.Combine(folder, "dotnet-ecr"), hasKeychain: false), new StoppedClock(now));

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
