using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd;

/// <summary>The tool as it is installed from its packages: compiled for this machine, and run where no .NET is.</summary>
public sealed class NativeToolTests(ToolFixture tool) : IDisposable
{
    private const string Image = $"{Scenario.RegistryHost}/{Scenario.Repository}:1.0.0";

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-native-").FullName;

    [Fact]
    public async Task One_package_points_to_those_of_each_machine_and_of_any()
    {
        var packages = await tool.PackagesAsync();

        Directory
            .EnumerateFiles(packages)
            .Select(Path.GetFileName)
            .ShouldBe(
                [
                    $"EcrBuildTasks.Tool.{tool.Version}.nupkg",
                    $"EcrBuildTasks.Tool.any.{tool.Version}.nupkg",
                    $"EcrBuildTasks.Tool.{ToolFixture.Native}.{tool.Version}.nupkg",
                ],
                ignoreOrder: true
            );
        using var pointers = await OpenAsync("");
        var settings = await TextAsync(pointers, "DotnetToolSettings.xml");
        foreach (var machine in new[] { "linux-x64", "linux-arm64", "linux-musl-x64", "osx-arm64", "win-x64", "any" })
        {
            settings.ShouldContain($"RuntimeIdentifier=\"{machine}\" Id=\"EcrBuildTasks.Tool.{machine}\"");
        }

        using var native = await OpenAsync(ToolFixture.Native + ".");
        native.Entries.ShouldNotContain(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal));
        native.Entries.ShouldNotContain(entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal));
        using var any = await OpenAsync("any.");
        any.Entries.ShouldNotContain(entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal));
        any.Entries.ShouldContain(entry => entry.Name == "dotnet-ecr.dll");
        (await TextAsync(any, "DotnetToolSettings.xml")).ShouldContain("Runner=\"dotnet\"");
        (await TextAsync(any, "THIRD-PARTY-NOTICES.txt")).ShouldContain("\nSystem.CommandLine ");
        (await TextAsync(any, "THIRD-PARTY-NOTICES.txt")).ShouldNotContain("ILCompiler");
        (await TextAsync(native, "THIRD-PARTY-NOTICES.txt")).ShouldContain("\nSystem.CommandLine ");
        (await TextAsync(native, "THIRD-PARTY-NOTICES.txt")).ShouldContain(
            $"\nruntime.{ToolFixture.Native}.Microsoft.DotNet.ILCompiler "
        );

        async Task<ZipArchive> OpenAsync(string machine) =>
            await ZipFile.OpenReadAsync(
                Path.Combine(packages, $"EcrBuildTasks.Tool.{machine}{tool.Version}.nupkg"),
                TestContext.Current.CancellationToken
            );

        static async Task<string> TextAsync(ZipArchive package, string name)
        {
            using var reader = new StreamReader(await package.Entries.Single(entry => entry.Name == name).OpenAsync());
            return await reader.ReadToEndAsync();
        }
    }

    [Fact]
    public async Task A_package_for_another_system_is_refused_with_what_to_do()
    {
        var other = OperatingSystem.IsWindows() ? "linux-x64" : "win-x64";

        var result = await Cli.RunAsync(
            Programs.Dotnet,
            [
                "pack",
                Path.Combine(SourceTree.Root, "src", "EcrBuildTasks.Tool"),
                "-r",
                other,
                "--artifacts-path",
                Path.Combine(_folder, "artifacts"),
                "-nodeReuse:false",
            ],
            _folder,
            ChildEnvironment.WithoutBuildSettings(),
            cancellationToken: TestContext.Current.CancellationToken
        );

        result.ExitCode.ShouldNotBe(0, result.ToString());
        result.Output.ShouldContain(other);
        result.Output.ShouldContain("-p:PublishAot=false");
    }

    [Fact]
    public async Task It_tells_its_version_where_there_is_no_dotnet()
    {
        var result = await RunAsync("--version");

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldStartWith(tool.Version);
    }

    [Theory]
    [InlineData]
    [InlineData("check")]
    [InlineData("push")]
    [InlineData("diagnose")]
    [InlineData("policy")]
    public async Task It_tells_how_it_is_used(params string[] command)
    {
        var result = await RunAsync([.. command, "--help"]);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("Usage:");
    }

    [Theory]
    [InlineData("text", "is allowed")]
    [InlineData("json", "\"allowed\"")]
    public async Task A_check_finds_the_push_allowed(string output, string verdict)
    {
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);

        var result = await RunAsync(emulator, "check", Image, "--output", output);

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(verdict, Case.Insensitive);
        result.Output.ShouldContain("ecr:PutImage");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_check_finds_the_push_forbidden_and_gives_the_statement(string output)
    {
        await using var emulator = await Scenario.StartAsync();

        var result = await RunAsync(emulator, "check", Image, "--output", output);

        result.ExitCode.ShouldBe(2, result.ToString());
        result.Error.ShouldContain("error ECR2001");
        result.Error.ShouldContain("\"Sid\":\"AllowPushByCi\"");
    }

    [Fact]
    public async Task A_layout_is_pushed_and_so_is_its_archive()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var layout = OciLayoutFolder.Write(Path.Combine(_folder, "layout"));
        var archive = Path.Combine(_folder, "image.tar");
        await TarFile.CreateFromDirectoryAsync(layout, archive, false, TestContext.Current.CancellationToken);

        var fromFolder = await RunAsync(emulator, "push", layout, Image, "--mode", "registry");
        var fromArchive = await RunAsync(
            emulator,
            "push",
            archive,
            Image.Replace("1.0.0", "2.0.0"),
            "--mode",
            "registry",
            "--output",
            "json"
        );

        fromFolder.ExitCode.ShouldBe(0, fromFolder.ToString());
        fromArchive.ExitCode.ShouldBe(0, fromArchive.ToString());
        var digest = fromFolder.Output.Split('@')[^1].Trim();
        using var pushed = JsonDocument.Parse(fromArchive.Output);
        pushed.RootElement.GetProperty("digest").GetString().ShouldBe(digest);
        pushed.RootElement.GetProperty("pushedBytes").GetInt64().ShouldBe(0);
        using var owner = new RepositoryOwner(emulator);
        (await owner.TagsAsync()).ShouldBe(["1.0.0", "2.0.0"], ignoreOrder: true);
        (await owner.DigestAsync("2.0.0")).ShouldBe(digest);
    }

    [Theory]
    [InlineData("", "error ECR2001")]
    [InlineData("--json", "\"kind\": \"denied-no-resource-policy\"")]
    public async Task A_denial_is_diagnosed(string option, string answer)
    {
        var result = await RunWithInputAsync(
            "denied: User: arn:aws:sts::111122223333:assumed-role/ci/run-7 is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:444455556666:repository/hello-api because no resource-based policy allows the ecr:InitiateLayerUpload action",
            [.. new[] { "diagnose", option }.Where(word => word.Length > 0)]
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(answer);
        result.Output.ShouldContain("AllowPushByCi");
    }

    [Fact]
    public async Task Every_authorization_case_is_decided_as_it_expects()
    {
        var cases = Path.Combine(AppContext.BaseDirectory, "policy-cases.jsonl");

        var result = await RunAsync("policy", "evaluate", cases, "--expect");

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldEndWith(" as expected, 0 not");
    }

    [Fact]
    public async Task A_profile_of_aws_sso_login_gives_its_credentials()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The token cache's folder cannot be moved on Windows.");
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        await using var portal = await SignOnPortal.StartAsync(Scenario.Ci);
        await SignOnPortal.WriteProfileAsync(Path.Combine(_folder, "home"), "sso-dev");

        var result = await tool.RunAsync(
            _folder,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["AWS_ENDPOINT_URL_SSO"] = portal.Url.ToString(),
                ["AWS_ENDPOINT_URL_SSO_OIDC"] = portal.Url.ToString(),
            },
            null,
            "check",
            Image,
            "--profile",
            "sso-dev",
            "--endpoint-url",
            emulator.Endpoint.ToString()
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain("profile sso-dev");
        portal.Paths.ShouldBe(["/token", "/federation/credentials"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<CliResult> RunAsync(params string[] arguments) => RunWithInputAsync(null, arguments);

    private Task<CliResult> RunWithInputAsync(string? input, string[] arguments) =>
        tool.RunAsync(_folder, new Dictionary<string, string?>(StringComparer.Ordinal), input, arguments);

    private Task<CliResult> RunAsync(EcrEmulator emulator, params string[] arguments) =>
        tool.RunAsync(
            _folder,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["AWS_ACCESS_KEY_ID"] = Scenario.Ci.Id,
                ["AWS_SECRET_ACCESS_KEY"] = Scenario.Ci.Secret,
                ["AWS_SESSION_TOKEN"] = Scenario.Ci.SessionToken,
            },
            null,
            [.. arguments, "--endpoint-url", emulator.Endpoint.ToString()]
        );
}
