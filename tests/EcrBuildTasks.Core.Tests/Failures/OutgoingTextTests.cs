using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Core.Tests.Repositories;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Projects;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Settings;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Failures;

/// <summary>What leaves the process: no secret in any encoding, and no command for a terminal, a CI system or a page.</summary>
public sealed partial class OutgoingTextTests : IReportSink, IDisposable
{
    private static readonly string[] Sources = ["registry", "engine", "archive", "AWS", "session", "log", "policy"];

    private static readonly string[] Payloads =
    [
        "\u001b[2J\u202ex",
        "a\n::set-output name=evil::1",
        "##vso[task.prependpath]/tmp/evil",
        "a\n# Heading [login](https://evil.example) ![](https://evil.example/x) https://evil.example",
        "a##teamcity[setParameter name='evil' value='1']\nimage-digest=evil",
    ];

    private static readonly string[] ShellPayloads = ["a'$(evil)", "a\" $(evil)"];

    // Of the metadata, these are not what a project writes.
    private static readonly string[] OwnMetadata = ["NoImage", "PropertyFiles", "ResultDirectory", "IsTerminalLogger"];

    private static readonly (string, string)[] CiSystems =
    [
        ("GITHUB_ACTIONS", "true"),
        ("TF_BUILD", "True"),
        ("GITLAB_CI", "true"),
        ("TEAMCITY_VERSION", "2025.1"),
        ("", ""),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-outgoing-").FullName;
    private readonly List<string> _printed = [];

    public static Arbitrary<string> Secrets() =>
        Gen.Elements("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".ToCharArray())
            .ArrayOf(40)
            .Select(letters => new string(letters))
            .ToArbitrary();

    [Property(Arbitrary = [typeof(OutgoingTextTests)], MaxTest = 60)]
    public void A_secret_is_redacted_in_every_encoding(string secret, byte[] before, byte[] after)
    {
        OutgoingText.AddSecret(secret);
        var inText = Encoding.UTF8.GetBytes(secret);
        var inJson = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(secret));

        foreach (var bytes in new[] { inText, inJson })
        {
            var base64 = Convert.ToBase64String([.. before, .. bytes, .. after]);
            foreach (var form in new[] { base64, base64.Replace('+', '-').Replace('/', '_') })
            {
                // What is left at the edges is no more than a few letters.
                LongestCommon(OutgoingText.Redact($"x {form} y"), Convert.ToBase64String(inText)).ShouldBeLessThan(12);
            }
        }

        foreach (var form in new[] { secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret) })
        {
            OutgoingText.Redact($"a{form}b").ShouldNotContain(secret[5..35]);
            OutgoingText.Redact($"a{form}b").ShouldContain("***");
        }
    }

    [Theory]
    [InlineData("Authorization: Basic QVdTOnNlY3JldA==", "QVdTOnNlY3JldA")]
    [InlineData("'bearer eyJhbGciOi.eyJzdWIi.sig-_' not valid", "eyJhbGciOi")]
    [InlineData("""{"X-Registry-Auth": "eyJ1c2VybmFtZSI6"}""", "eyJ1c2VybmFtZSI6")]
    [InlineData("X-Registry-Auth=eyJ1c2VybmFtZSI6", "eyJ1c2VybmFtZSI6")]
    [InlineData("http://eu:EPSECRET@127.0.0.1:9/ cannot be reached", "EPSECRET")]
    [InlineData("DOCKER_HOST is tcp://user:p%40ss@engine:2375", "p%40ss")]
    public void Credentials_of_any_origin_are_redacted(string text, string secret) =>
        OutgoingText.Redact(text).ShouldNotContain(secret);

    [Theory]
    [InlineData("arn:aws:sts::111122223333:assumed-role/ci/me@example.com is denied")]
    [InlineData("basic auth is not supported")]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api@sha256:abc")]
    [InlineData("https://ecrbuildtasks.github.io/EcrBuildTasks/errors/ECR2001")]
    public void Other_text_stays(string text) => OutgoingText.Redact(text).ShouldBe(text);

    /// <summary>As the front ends of AWS do, which repeat an Authorization header that they cannot read.</summary>
    [Theory]
    [InlineData(FaultStep.Ping)]
    [InlineData(FaultStep.HeadManifest)]
    [InlineData(FaultStep.GetManifest)]
    [InlineData(FaultStep.HeadBlob)]
    [InlineData(FaultStep.StartUpload)]
    [InlineData(FaultStep.UploadWholeBlob)]
    [InlineData(FaultStep.CompleteUpload)]
    [InlineData(FaultStep.PutManifest)]
    public async Task A_registry_that_repeats_the_password_at_any_step_leaks_it_nowhere(string step)
    {
        await using var scene = await RulesScene.OpenAsync("MUTABLE");
        using var environment = new Aws.AwsEnvironment(
            "",
            ("AWS_ENDPOINT_URL", scene.Emulator.Endpoint.ToString()),
            ("AWS_ACCESS_KEY_ID", "AKIACI"),
            ("AWS_SECRET_ACCESS_KEY", "ci-secret")
        );
        var session = environment.Open(new AwsSettings { Region = RulesScene.Region });
        var cancellation = TestContext.Current.CancellationToken;
        var registry = session.RegistryOf(RulesScene.Account);
        var password = (await session.GetAuthorizationAsync(registry, cancellation)).CredentialsFor(registry).Password;
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{password}"));
        foreach (var status in new[] { 400, 403, 500 })
        {
            scene.Emulator.Faults.Add(
                new RefusalFault(step, status)
                {
                    Code = "DENIED",
                    Message = $"'{password}' not a valid key=value pair in Authorization header: '{header}'.",
                }
            );
        }

        var outcome = await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")));
        var everything = Report(outcome);

        everything.ShouldNotContain(password[..20]);
        everything.ShouldNotContain(header[8..28]);
    }

    /// <summary>Every kind of source that is not ours, and every place where its words go.</summary>
    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task No_text_that_is_not_ours_is_a_command_in_any_output(string source, string payload)
    {
        var outcome = source switch
        {
            "registry" => Failed(new PushException(EcrCode.RegistryFailed, $"Step failed (500): {payload}", payload)),
            "engine" => Failed(
                new PushException(EngineConnection.CodeOf(payload), $"Pushing a:1 failed: {payload}", payload)
            ),
            "archive" => Failed(EcrBuildTasks.Images.InvalidImage.Create(payload, $"its file {payload} is missing")),
            "AWS" => Failed(new Amazon.Runtime.AmazonServiceException(payload) { ErrorCode = payload }),
            "session" => Failed(new AwsSessionException(EcrCode.ProfileUnusable, payload) { Details = [payload] }),
            "log" => Failed(
                new DiagnosedException(
                    EcrBuildTasks
                        .Failures.Reading.FailureText.Read(
                            $"User: arn:aws:sts::111122223333:assumed-role/{payload} is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:444455556666:repository/a because no resource-based policy allows the ecr:PutImage action"
                        )
                        .Diagnostic!
                )
            ),
            "policy" => await DeniedByPolicyAsync(payload),
            _ => throw new ArgumentOutOfRangeException(nameof(source)),
        };

        foreach (var ciSystem in CiSystems)
        {
            ShouldBeHarmless(Report(outcome, ciSystem), source);
        }
    }

    /// <summary>Every property, with the others as they should be and with the others of the .NET SDK alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_property_of_a_project_is_a_command_in_any_output(bool isComplete)
    {
        await using var scene = await RulesScene.OpenAsync("MUTABLE");
        var properties = XDocument
            .Load(Path.Combine(SourceTree.Root, "build", "EcrBuildTasks.targets"))
            .Descendants()
            .Where(element => element.Parent?.Name.LocalName == "EcrRequest")
            .Select(element => element.Name.LocalName)
            .Except(OwnMetadata)
            .ToList();
        properties.ShouldContain("EcrRepository");
        using var archive = TestArchive.Create(layerBytes: 1000);
        Dictionary<string, string> usual = new(StringComparer.Ordinal)
        {
            ["EcrRegistry"] = RulesScene.Host,
            ["EcrRepository"] = RulesScene.Repository,
            ["EcrImageTags"] = "1.0.0",
            ["EcrCreateRepository"] = "true",
            ["EcrTagCommit"] = "true",
            ["EcrTagBranch"] = "true",
        };
        Dictionary<string, string> always = new(StringComparer.Ordinal)
        {
            ["EcrPushMode"] = "Registry",
            ["EcrSourceImage"] = archive.Path,
            ["Version"] = "1.0.0",
            ["AssemblyName"] = RulesScene.Repository,
            ["SourceRevisionId"] = "0123456789abcdef0123456789abcdef01234567",
            ["RepositoryBranch"] = "main",
            ["TargetFramework"] = "net10.0",
        };

        var all = string.Join('\n', Payloads);
        string[] values = [all, $"::set-output name=evil::1\n{all}"];
        foreach (var (property, payload) in properties.SelectMany(_ => values, (property, value) => (property, value)))
        {
            var metadata = (isComplete ? always.Concat(usual) : always).ToDictionary(StringComparer.Ordinal);
            metadata[property] = payload;
            if (property is "EcrDockerHost")
            {
                metadata["EcrPushMode"] = "Engine";
            }

            var report = await BuildAsync(scene, metadata);
            foreach (var ciSystem in CiSystems)
            {
                var reporter = Begin(ciSystem);
                report.ForEach(step => step(reporter));
                ShouldBeHarmless(End(reporter), $"{property}={payload}");
            }
        }
    }

    [Theory]
    [InlineData("credential_process = false")]
    [InlineData("role_arn = arn:aws:iam::111122223333:role/a\nsource_profile = absent")]
    [InlineData(
        "role_arn = arn:aws:iam::111122223333:role/a\nsource_profile = keys\nmfa_serial = arn:aws:iam::111122223333:mfa/a"
    )]
    [InlineData("login_session = a")]
    [InlineData(
        "sso_account_id = 111122223333\nsso_role_name = a\nsso_region = eu-west-1\nsso_start_url = https://a.example"
    )]
    [InlineData("aws_access_key_id = AKIAUNKNOWN\naws_secret_access_key = a")]
    [InlineData("region = eu-west-1")]
    public async Task A_profile_whose_name_is_shell_code_is_no_part_of_a_command(string settings)
    {
        await using var scene = await RulesScene.OpenAsync("MUTABLE");
        foreach (var name in ShellPayloads)
        {
            using var environment = new Aws.AwsEnvironment(
                $"[profile {name}]\n{settings}\n[profile keys]\naws_access_key_id = a\naws_secret_access_key = b\n",
                ("AWS_ENDPOINT_URL", scene.Emulator.Endpoint.ToString())
            );
            var outcomes = await new PushPipeline(new(environment.Variables)).PushAsync(
                [scene.Built(RulesScene.Request("1.0.0")) with { Profile = name }],
                _ => new Progress<PushProgress>(),
                TestContext.Current.CancellationToken
            );

            var everything = Report(outcomes.ShouldHaveSingleItem());

            everything.ShouldContain("evil");
            Command().Matches(everything).Select(match => match.Value).ShouldBeEmpty(everything);
        }
    }

    public static TheoryData<string, string> Hostile() =>
        new(from source in Sources from payload in Payloads select (source, payload));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void IReportSink.Write(EcrDiagnostic diagnostic) => _printed.Add($"error {diagnostic}");

    void IReportSink.WriteResults(IReadOnlyList<ReportLine> lines) =>
        _printed.AddRange(lines.Select(line => line.Text));

    void IReportSink.WriteDetail(string line) => _printed.Add(line);

    void IReportSink.WriteCommand(string command, bool isReadFromStandardError) =>
        _printed.Add(command.Replace("##vso[task.logissue", "").Replace("##vso[task.uploadsummary", ""));

    private static PushOutcome Failed(Exception failure) => new(null, [FailureDiagnosis.Find(failure)!], []);

    private static async Task<PushOutcome> DeniedByPolicyAsync(string payload)
    {
        var policy = JsonSerializer.Serialize(
            new
            {
                Version = "2012-10-17",
                Statement = new[]
                {
                    new
                    {
                        Sid = payload,
                        Effect = "Deny",
                        Principal = "*",
                        Action = "ecr:*",
                        Condition = new Dictionary<string, object>
                        {
                            ["StringNotEquals"] = new Dictionary<string, string> { ["aws:PrincipalTag/a"] = payload },
                        },
                    },
                },
            }
        );
        await using var scene = await Preflight.PreflightScene.OpenAsync(
            policy,
            account: Preflight.PreflightScene.Owner
        );
        var outcome = await scene.PreflightAsync();
        return new(null, outcome.Diagnostics, outcome.Fixes) { Report = outcome.Report };
    }

    private void ShouldBeHarmless(string everything, string source)
    {
        foreach (var line in everything.Split('\n'))
        {
            line.ShouldNotContain("\u001b", customMessage: source);
            line.ShouldNotContain("\u202e", customMessage: source);
            line.ShouldNotContain("##vso[task.prependpath", customMessage: source);
            line.ShouldNotContain("##teamcity[setParameter name='evil'", customMessage: source);
            line.TrimStart().ShouldNotStartWith("::set-output", customMessage: source);
        }

        $"{Read("outputs")}{Read("ecr.env")}".ShouldNotContain("evil", customMessage: source);
        foreach (var line in Read("*.md").Split('\n'))
        {
            line.ShouldNotStartWith("# Heading", customMessage: source);
            line.ShouldNotContain("](https://evil", customMessage: source);
            line.ShouldNotContain(" https://evil", customMessage: source);
        }
    }

    /// <returns>What the tasks of a build report.</returns>
    private async Task<List<Action<Reporter>>> BuildAsync(RulesScene scene, Dictionary<string, string> metadata)
    {
        var project = new ProjectRequest(Path.Combine(_folder, "App.csproj"), metadata);
        List<Action<Reporter>> steps = [reporter => reporter.Report(new ProjectSettings(project, metadata).Check())];
        try
        {
            var requests = project.Read(
                EnvironmentVariables.None,
                diagnostic => steps.Add(reporter => reporter.Report(diagnostic))
            );
            foreach (var request in requests)
            {
                var preflight = await scene.PreflightAsync(request);
                steps.Add(reporter => reporter.Report(preflight, FolderOf(request)));
                steps.Add(reporter => reporter.ReportVerdict(preflight));
            }

            var outcomes =
                requests.Count == 0
                    ? []
                    : await scene.Pipeline().PushAsync(requests, Progress, TestContext.Current.CancellationToken);
            foreach (var (request, outcome) in requests.Zip(outcomes))
            {
                steps.Add(reporter => reporter.Report(outcome, FolderOf(request)));
            }

            IProgress<PushProgress> Progress(PushRequest request) =>
                new ProgressLines(
                    line => steps.Add(_ => _printed.Add(line)),
                    line => steps.Add(_ => _printed.Add(line)),
                    request.NameAmong(requests),
                    TimeProvider.System
                );

            ResultFolder FolderOf(PushRequest request) =>
                ResultFolder.ForRequest(request, requests, _folder, project.ProjectFile);
        }
        catch (Exception failure)
        {
            FailureDiagnosis.Find(failure).ShouldNotBeNull($"{string.Join(' ', metadata)}\n{failure}");
            steps.Add(reporter => reporter.Report(failure));
        }

        return steps;
    }

    /// <returns>All that a push with this outcome prints and writes.</returns>
    private string Report(PushOutcome outcome, (string, string) ciSystem = default)
    {
        var reporter = Begin(ciSystem);
        reporter.Report(outcome, new ResultFolder(_folder, "obj/ecr"));
        return End(reporter);
    }

    private Reporter Begin((string Variable, string Value) ciSystem)
    {
        _printed.Clear();
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            File.Delete(file);
        }

        return new(
            this,
            new EnvironmentVariables(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [ciSystem.Variable ?? ""] = ciSystem.Value,
                    ["GITHUB_STEP_SUMMARY"] = Path.Combine(_folder, "summary.md"),
                    ["GITHUB_OUTPUT"] = Path.Combine(_folder, "outputs"),
                    ["AGENT_TEMPDIRECTORY"] = _folder,
                    ["CI_PROJECT_DIR"] = _folder,
                }
            )
        );
    }

    private string End(Reporter reporter)
    {
        reporter.Complete();
        return $"{string.Join('\n', _printed)}\n{Read("*")}";
    }

    /// <summary>A command, in a code span or in a line of its own, with shell code in it.</summary>
    [GeneratedRegex(
        @"(`|^ *)(eval|aws|dotnet)\b.*\$\(evil\)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Command();

    private string Read(string files) =>
        string.Join('\n', Directory.EnumerateFiles(_folder, files).Select(File.ReadAllText));

    private static int LongestCommon(string text, string secret) =>
        Enumerable
            .Range(0, secret.Length)
            .Max(start =>
                Enumerable
                    .Range(1, secret.Length - start)
                    .TakeWhile(n => text.Contains(secret.Substring(start, n)))
                    .Count()
            );
}
