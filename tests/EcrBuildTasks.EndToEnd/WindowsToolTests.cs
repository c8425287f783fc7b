using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd;

/// <summary>The tool for Windows, run by Wine.</summary>
public sealed class WindowsToolTests(WindowsToolTests.Windows windows)
    : IClassFixture<WindowsToolTests.Windows>,
        IAsyncLifetime
{
    private const string Repository = $"{Scenario.RegistryHost}/{Scenario.Repository}";
    private const string Image = $"{Repository}:1.0.0";

    private const string Denial =
        "denied: User: arn:aws:sts::111122223333:assumed-role/ci/run-7 is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:444455556666:repository/hello-api because no resource-based policy allows the ecr:InitiateLayerUpload action\r\n";

    private EcrEmulator _emulator = null!;

    /// <summary>In this order: what one writes, a later one reads.</summary>
    private static readonly (AccessKey User, int ExitCode, string[] Command)[] Commands =
    [
        (Scenario.Ci, 2, ["check", Image, "--report", @"C:\my work\request.md"]),
        (Scenario.Owner, 0, ["policy", "fix", Image, "--principal", Scenario.CiSessionArn, "--apply", "--yes"]),
        (Scenario.Ci, 0, ["check", Image]),
        (
            Scenario.Ci,
            0,
            ["push", @"C:\my work\layout", Image, "--mode", "registry", "--digest-file", @"C:\my work\digest.txt"]
        ),
        (Scenario.Ci, 0, ["push", @".\image.tar", $"{Repository}:2.0.0"]),
        (Scenario.Ci, 0, ["push", "C:image.tar", $"{Repository}:3.0.0"]),
        (Scenario.Ci, 1, ["push", @"C:\missing\image.tar", Image]),
        (Scenario.Ci, 1, ["push", "hello-api:dev", Image]),
        (Scenario.Owner, 0, ["policy", "show", Repository]),
        (Scenario.Owner, 0, ["policy", "explain", Repository]),
        (Scenario.Owner, 0, ["policy", "lint", "--file", @"C:\my work\policy.json"]),
        (Scenario.Ci, 0, ["policy", "evaluate", @"C:\my work\cases.jsonl", "--expect"]),
        (Scenario.Owner, 0, ["policy", "restore", "BACKUP", "--yes"]),
        (Scenario.Ci, 2, ["check", Image]),
        (Scenario.Owner, 0, ["repository", "create", $"{Scenario.RegistryHost}/team/web"]),
        (Scenario.Owner, 0, ["repository", "list", Scenario.RegistryHost]),
        (Scenario.Ci, 0, ["diagnose", @"C:\my work\build.log"]),
        (Scenario.Ci, 0, ["doctor", Scenario.RegistryHost]),
        (Scenario.Owner, 0, ["selftest", "--yes"]),
        (Scenario.Ci, 0, ["completion", "pwsh"]),
        (Scenario.Ci, 0, ["login", Scenario.RegistryHost, "--print-password"]),
    ];

    public async ValueTask InitializeAsync()
    {
        await windows.InstallAsync();
        _emulator = await Scenario.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Every_command_works()
    {
        var layout = OciLayoutFolder.Write(windows.InWork("layout"));
        await TarFile.CreateFromDirectoryAsync(layout, windows.InWork("image.tar"), false, Cancellation);
        await File.WriteAllTextAsync(
            windows.InWork("policy.json"),
            Scenario.AllowCi.Replace(",", ",\r\n"),
            Encoding.Unicode,
            Cancellation
        );
        await File.WriteAllTextAsync(windows.InWork("build.log"), Denial, Cancellation);
        var cases = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "policy-cases.jsonl")).Take(100);
        await File.WriteAllTextAsync(windows.InWork("cases.jsonl"), string.Join("\r\n", cases), Cancellation);
        Documented().ShouldBe(Commands.Select(row => Name(row.Command)).Distinct(), ignoreOrder: true);

        var results = new List<CliResult>();
        foreach (var (user, exitCode, command) in Commands)
        {
            var result = await RunAsync(
                user,
                [.. command.Select(word => word == "BACKUP" ? Backup() : word), "--output", "json"]
            );
            result.ExitCode.ShouldBe(exitCode, result.ToString());
            result.ToString().ShouldNotContain("ECR5001");
            if (result.Output.StartsWith('{') || result.Output.StartsWith('['))
            {
                JsonDocument.Parse(result.Output).Dispose();
            }

            results.Add(result);
        }

        var image = _emulator.Images(Scenario.Repository).ShouldHaveSingleItem();
        image.Tags.ShouldBe(["1.0.0", "2.0.0", "3.0.0"], ignoreOrder: true);
        (await File.ReadAllTextAsync(windows.InWork("digest.txt"), Cancellation)).ShouldBe($"{image.Digest}\n");
        File.Exists(windows.InWork("request.md")).ShouldBeTrue();
        Result("repository list").Output.ShouldContain("\"team/web\"");
        Result("diagnose").Output.ShouldContain("\"ECR2001\"");
        Result("policy show").Output.ShouldContain("AllowPushByCi");
        // What no engine listens on is not waited for.
        Result("doctor").Output.ShouldContain("the pipe does not exist");
        Result("doctor").Output.ShouldNotContain("AWS files");
        Result("push hello-api:dev").Error.ShouldContain("ECR4001");

        CliResult Result(string command) =>
            results.Single(result => string.Join(' ', result.Arguments.Skip(1)).StartsWith(command));

        string Backup() =>
            Path.GetFileName(Directory.GetFiles(windows.InWork(""), "ecr-policy-*.json").ShouldHaveSingleItem());
    }

    [Fact]
    public async Task A_password_is_stored_encrypted_and_used_again()
    {
        var first = await RunAsync(Scenario.Ci, "login", Scenario.RegistryHost, "--print-password");
        var stored = await File.ReadAllBytesAsync(windows.Tokens, Cancellation);
        var second = await RunAsync(Scenario.Ci, "login", Scenario.RegistryHost, "--print-password");
        await File.WriteAllTextAsync(
            windows.InWork("helper.cmd"),
            "@dotnet-ecr login --credential-helper %1\r\n",
            Cancellation
        );
        var helper = await windows.RunAsync(
            Windows.Cmd,
            _emulator.EnvironmentFor(Scenario.Ci, Scenario.Region),
            Scenario.RegistryHost,
            "/d",
            "/c",
            "helper.cmd",
            "get"
        );

        var password = first.EnsureSuccess().Output.Trim();
        password.Length.ShouldBeGreaterThan(100);
        second.EnsureSuccess().Output.Trim().ShouldBe(password);
        JsonSerializer
            .Deserialize<Dictionary<string, string>>(helper.EnsureSuccess().Output)!["Secret"]
            .ShouldBe(password);
        _emulator.Calls.Count(call => call.Action == "GetAuthorizationToken").ShouldBe(1);
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
        {
            stored.AsSpan().IndexOf(encoding.GetBytes(password[..16])).ShouldBe(-1);
            stored.AsSpan().IndexOf(encoding.GetBytes("{\"")).ShouldBe(-1);
        }

        stored[^1] ^= 1;
        await File.WriteAllBytesAsync(windows.Tokens, stored, Cancellation);
        (await RunAsync(Scenario.Ci, "login", Scenario.RegistryHost, "--print-password")).EnsureSuccess();
        _emulator.Calls.Count(call => call.Action == "GetAuthorizationToken").ShouldBe(2);
    }

    [Fact]
    public async Task A_login_gives_docker_the_password_on_its_standard_input()
    {
        windows.HavePrograms("docker");

        (await RunAsync(Scenario.Ci, "login", Scenario.RegistryHost)).EnsureSuccess();

        windows.ArgumentsOf("docker")[..^1].ShouldBe(["login", "--username", "AWS", "--password-stdin"]);
        var password = (await RunAsync(Scenario.Ci, "login", Scenario.RegistryHost, "--print-password")).Output.Trim();
        windows.InputOf("docker").Trim().ShouldBe(password);
    }

    /// <summary>Windows starts a program of the current folder before one of the system or the PATH.</summary>
    [Theory]
    [InlineData(
        """
            credential_process = "C:\Program Files (x86)\programs\stand-in.exe" "a b" it's
            """,
        "stand-in",
        "a b",
        "it's"
    )]
    [InlineData(
        "login_session = arn:aws:iam::111122223333:user/ada",
        "aws",
        "configure",
        "export-credentials",
        "--format",
        "process",
        "--profile",
        "work"
    )]
    public async Task A_profile_runs_a_program_but_none_of_the_current_folder(
        string profile,
        string program,
        params string[] arguments
    )
    {
        windows.HavePrograms("aws");
        foreach (var hostile in new[] { "aws.exe", "cmd.exe" })
        {
            await File.WriteAllTextAsync(windows.InWork(hostile), "not a program", Cancellation);
        }

        Directory.CreateDirectory(Path.Combine(windows.Home, ".aws"));
        await File.WriteAllTextAsync(
            Path.Combine(windows.Home, ".aws", "config"),
            $"[profile work]\r\nregion = eu-west-1\r\n{profile.Trim()}\r\n",
            Cancellation
        );

        var result = await windows.RunAsync(
            "dotnet-ecr.exe",
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["STAND_IN_OUTPUT"] = JsonSerializer.Serialize(
                    new
                    {
                        Version = 1,
                        AccessKeyId = Scenario.Ci.Id,
                        SecretAccessKey = Scenario.Ci.Secret,
                        Scenario.Ci.SessionToken,
                    }
                ),
            },
            null,
            "login",
            Scenario.RegistryHost,
            "--print-password",
            "--no-cache",
            "--profile",
            "work",
            "--endpoint-url",
            _emulator.Endpoint.ToString()
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        windows.ArgumentsOf(program).ShouldBe(arguments);
    }

    [Fact]
    public async Task A_word_for_any_shell_is_one_word_for_cmd()
    {
        string[] texts =
        [
            "a b",
            "it's",
            "@a",
            "a,b",
            "a;cmd;b",
            "a&cmd&b",
            "a|b",
            "a^b",
            "<a>",
            "a=b",
            "(1+1)",
            "#a",
            "-a.b",
            "~",
        ];
        await File.WriteAllTextAsync(
            windows.InWork("words.cmd"),
            $"@stand-in.exe {string.Join(' ', texts.Select(ShellWord.QuoteForAnyShell))}\r\n",
            Cancellation
        );

        (
            await windows.RunAsync(Windows.Cmd, new Dictionary<string, string?>(), null, "/d", "/c", "words.cmd")
        ).EnsureSuccess();

        windows.ArgumentsOf("stand-in").ShouldBe(texts);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The commands that do something, as <c>docs/cli.md</c> lists them.</summary>
    private static IEnumerable<string> Documented() =>
        File.ReadLines(Path.Combine(SourceTree.Root, "docs", "cli.md"))
            .Where(line => line.StartsWith("dotnet ecr ", StringComparison.Ordinal) && line.EndsWith("[options]"))
            .Select(line =>
                string.Join(' ', line.Split(' ').Skip(2).TakeWhile(word => char.IsAsciiLetterLower(word[0])))
            );

    private static string Name(string[] command) =>
        string.Join(' ', command.Take(command[0] is "policy" or "repository" ? 2 : 1));

    private Task<CliResult> RunAsync(AccessKey user, params string[] arguments) =>
        windows.RunAsync("dotnet-ecr.exe", _emulator.EnvironmentFor(user, Scenario.Region), null, arguments);

    /// <summary>A folder that Wine takes for drive C, with the tool and a program that can stand in for others.</summary>
    public sealed class Windows : IAsyncDisposable
    {
        internal const string Cmd = @"C:\windows\system32\cmd.exe";

        private const string StandIn = """
            File.WriteAllLines(Environment.ProcessPath + ".arguments", args);
            File.WriteAllText(Environment.ProcessPath + ".input", Console.In.ReadToEnd());
            Console.Write(Environment.GetEnvironmentVariable("STAND_IN_OUTPUT"));
            """;

        private readonly string _folder = Directory.CreateTempSubdirectory("ecr-windows-").FullName;
        private string? _wine;
        private Task? _installed;

        internal string Home =>
            Directory
                .GetDirectories(OnDrive("users"))
                .Single(folder => Path.GetFileName(folder) is not ("Public" or "All Users" or "Default"));

        internal string Tokens => Path.Combine(Home, "AppData", "Local", "dotnet-ecr", "tokens.json");

        private string ProgramFolder => OnDrive("Program Files (x86)", "programs");

        internal string InWork(string file) => OnDrive("my work", file);

        internal string[] ArgumentsOf(string program) =>
            File.ReadAllLines(Path.Combine(ProgramFolder, $"{program}.exe.arguments"));

        internal string InputOf(string program) =>
            File.ReadAllText(Path.Combine(ProgramFolder, $"{program}.exe.input"));

        internal void HavePrograms(params string[] names)
        {
            foreach (var name in names)
            {
                File.Copy(
                    Path.Combine(ProgramFolder, "stand-in.exe"),
                    Path.Combine(ProgramFolder, $"{name}.exe"),
                    overwrite: true
                );
            }
        }

        /// <summary>Publishes the programs once, and makes the drive.</summary>
        internal Task InstallAsync()
        {
            const string Packaged = "/usr/lib/wine/wine64";
            _wine = (Cli.Find("wine64") ?? (File.Exists(Packaged) ? Packaged : null)).OrSkip("wine64");
            return _installed ??= PublishAsync();
        }

        private async Task PublishAsync()
        {
            var standIn = Path.Combine(_folder, "stand-in.cs");
            await File.WriteAllTextAsync(standIn, StandIn, Cancellation);
            var tool = Path.Combine(SourceTree.Root, "src", "EcrBuildTasks.Tool");
            foreach (
                var (program, folder) in new[]
                {
                    (tool, OnDrive("Program Files (x86)", "ecr")),
                    (standIn, ProgramFolder),
                }
            )
            {
                (
                    await Cli.RunAsync(
                        Programs.Dotnet,
                        [
                            "publish",
                            program,
                            "--runtime",
                            "win-x64",
                            "--self-contained",
                            "--artifacts-path",
                            Path.Combine(_folder, "artifacts"),
                            "--output",
                            folder,
                            "-p:PublishAot=false",
                            "-p:CSharpier_Bypass=true",
                            "-p:RunAnalyzers=false",
                        ],
                        _folder,
                        ChildEnvironment.WithoutBuildSettings(),
                        cancellationToken: Cancellation
                    )
                ).EnsureSuccess();
            }

            Directory.CreateDirectory(InWork(""));
            (await RunAsync("wineboot.exe", new Dictionary<string, string?>(), null, "--init")).EnsureSuccess();
        }

        internal Task<CliResult> RunAsync(
            string program,
            IReadOnlyDictionary<string, string?> variables,
            string? input,
            params string[] arguments
        ) =>
            Cli.RunAsync(
                _wine!,
                [program, .. arguments],
                InWork(""),
                new Dictionary<string, string?>(
                    variables.Concat(ChildEnvironment.Of(_folder)).DistinctBy(variable => variable.Key),
                    StringComparer.Ordinal
                )
                {
                    ["WINEPREFIX"] = Path.Combine(_folder, "wine"),
                    ["WINEPATH"] = @"C:\Program Files (x86)\ecr;C:\Program Files (x86)\programs",
                    ["WINEDEBUG"] = "-all",
                    // With it, the garbage collection of a dynamic method ends the process under Wine.
                    ["DOTNET_EnableWriteXorExecute"] = "0",
                },
                standardInput: input,
                cancellationToken: Cancellation
            );

        public async ValueTask DisposeAsync()
        {
            if (_installed is not null)
            {
                await Cli.RunAsync(
                    Path.Combine(Path.GetDirectoryName(_wine)!, "wineserver"),
                    ["-k", "-w"],
                    environment: new Dictionary<string, string?> { ["WINEPREFIX"] = Path.Combine(_folder, "wine") }
                );
            }

            Directory.Delete(_folder, recursive: true);
        }

        private string OnDrive(params string[] path) => Path.Combine([_folder, "wine", "drive_c", .. path]);
    }
}
