using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;
using EcrBuildTasks.Tool.Login;

namespace EcrBuildTasks.Tool.Tests.Login;

/// <summary>The passwords that one run leaves to the next, in a file that only the user can read.</summary>
public sealed class TokenCacheTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenKey Key = KeyOf("key AKIAEXAMPLE");

    private const UnixFileMode EveryoneElse =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

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
        At(Noon).Keep(Key, Password("secret"));

        ShouldBePrivate();
        System.IO.File.ReadAllText(File).ShouldNotContain("AKIAEXAMPLE");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, UnixFileMode.None)]
    [InlineData(UnixFileMode.OtherRead, UnixFileMode.None)]
    [InlineData(UnixFileMode.OtherWrite, UnixFileMode.None)]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, UnixFileMode.None)]
    [InlineData(UnixFileMode.None, UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.None, UnixFileMode.OtherExecute)]
    [InlineData(UnixFileMode.None, EveryoneElse)]
    [InlineData(EveryoneElse, EveryoneElse)]
    public void What_others_may_access_is_not_used_and_replaced(UnixFileMode file, UnixFileMode directory)
    {
        SkipOnWindows();
        At(Noon).Keep(Key, Password("secret"));
        Allow(File, file);
        Allow(Path.GetDirectoryName(File)!, directory);

        At(Noon).Find(Key).ShouldBeNull();
        At(Noon).Keep(KeyOf("second"), Password("new-secret"));

        ShouldBePrivate();
        At(Noon).Find(Key).ShouldBeNull();
        At(Noon).Find(KeyOf("second")).ShouldNotBeNull().CredentialsFor(null).Password.ShouldBe("new-secret");
    }

    [Fact]
    public async Task A_file_of_another_user_is_not_used_and_replaced()
    {
        SkipUnlessRoot();
        At(Noon).Keep(Key, Password("secret"));
        await GiveAwayAsync(File);

        At(Noon).Find(Key).ShouldBeNull();
        At(Noon).Keep(Key, Password("new-secret"));

        ShouldBePrivate();
        At(Noon).Find(Key).ShouldNotBeNull().CredentialsFor(null).Password.ShouldBe("new-secret");
    }

    [Fact]
    public async Task Nothing_is_read_from_or_written_to_a_folder_of_another_user()
    {
        SkipUnlessRoot();
        At(Noon).Keep(Key, Password("secret"));
        var before = System.IO.File.ReadAllText(File);
        await GiveAwayAsync(Path.GetDirectoryName(File)!);

        At(Noon).Find(Key).ShouldBeNull();
        At(Noon).Keep(Key, Password("new-secret"));

        System.IO.File.ReadAllText(File).ShouldBe(before);
        Directory.GetFiles(Path.GetDirectoryName(File)!).ShouldBe([File]);
    }

    [Fact]
    public void What_a_killed_process_left_behind_is_gone_after_the_next_write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File + ".new", "left-secret");

        At(Noon).Keep(Key, Password("secret"));

        ShouldBePrivate();
        At(Noon).Find(Key).ShouldNotBeNull();
        System.IO.File.ReadAllText(File).ShouldNotContain("left-secret");
    }

    [Fact]
    public async Task A_reader_never_finds_half_a_file()
    {
        var password = Password(new string('s', 100_000));
        At(Noon).Keep(Key, password);

        var writer = Task.Run(
            () =>
            {
                for (var write = 0; write < 50; write++)
                {
                    At(Noon).Keep(Key, password);
                }
            },
            TestContext.Current.CancellationToken
        );

        while (!writer.IsCompleted)
        {
            At(Noon).Find(Key).ShouldNotBeNull();
        }

        await writer;
    }

    [Fact]
    public void An_encrypted_password_is_not_in_the_file_and_found_again()
    {
        SecretCipher cipher = new(Invert, Invert);

        At(Noon, cipher).Keep(Key, Password("secret"));

        System.IO.File.ReadAllText(File).ShouldNotContain("secret");
        At(Noon, cipher).Find(Key).ShouldNotBeNull().CredentialsFor(null).Password.ShouldBe("secret");

        static byte[] Invert(byte[] content) => [.. content.Select(value => (byte)~value)];
    }

    [Fact]
    public void What_cannot_be_encrypted_is_not_kept_at_all()
    {
        SecretCipher cipher = new(_ => throw new CryptographicException(), content => content);

        At(Noon, cipher).Keep(Key, Password("secret"));

        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_be_decrypted_is_an_empty_cache_that_can_be_filled()
    {
        SecretCipher cipher = new(content => content, _ => throw new CryptographicException());
        At(Noon, cipher).Keep(Key, Password("secret"));

        At(Noon, cipher).Find(Key).ShouldBeNull();
        At(Noon, cipher).Keep(Key, Password("secret"));

        At(Noon).Find(Key).ShouldNotBeNull();
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
    [InlineData("\u0001\0\0\0\u00D0\u008C\u009D\u00DF")]
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
    public void Without_a_home_there_is_no_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows always has one.");

        SecretFile.Find(EnvironmentVariables.None).ShouldBeNull();
        SecretFile.Find(EnvironmentVariables.None.With("XDG_CACHE_HOME", "cache").With("HOME", ".")).ShouldBeNull();
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

    private TokenCache At(DateTimeOffset now, SecretCipher? cipher = null) =>
        new(new SecretFile(Path.Combine(folder, "dotnet-ecr"), cipher), new StoppedClock(now));

    /// <summary>The file is alone in its folder, and only its owner can access the two.</summary>
    private void ShouldBePrivate()
    {
        Directory.GetFiles(Path.GetDirectoryName(File)!).ShouldBe([File]);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            System
                .IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, System.IO.File.GetUnixFileMode(path) | mode);
        }
    }

    private static void SkipOnWindows() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes on Windows.");

    private static void SkipUnlessRoot()
    {
        SkipOnWindows();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a file to another user.");
    }

    private static async Task GiveAwayAsync(string path) =>
        (await Cli.RunAsync("chown", ["1234567890", path])).EnsureSuccess();

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
