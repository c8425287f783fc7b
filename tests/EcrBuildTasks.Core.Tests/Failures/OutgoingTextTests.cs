using System.Text;
using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Repositories;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Settings;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Failures;

/// <summary>What leaves the process: no secret in any encoding, and no command for a terminal, a CI system or a page.</summary>
public sealed class OutgoingTextTests : IReportSink, IDisposable
{
    private static readonly string[] Sources = ["registry", "engine", "archive", "AWS", "session", "log", "policy"];

    private static readonly string[] Payloads =
    [
        "\u001b[2J\u202ex",
        "a\n::set-output name=evil::1",
        "##vso[task.prependpath]/tmp/evil",
        "a\n# Heading [login](https://evil.example) ![](https://evil.example/x) https://evil.example",
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

        foreach (var (variable, value) in new[] { ("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True"), ("", "") })
        {
            _printed.Clear();
            var everything = Report(outcome, (variable, value));

            foreach (var line in everything.Split('\n'))
            {
                line.ShouldNotContain("\u001b");
                line.ShouldNotContain("\u202e");
                line.ShouldNotContain("##vso[task.prependpath");
                line.TrimStart().ShouldNotStartWith("::set-output");
            }

            foreach (var line in Read("*.md").Split('\n'))
            {
                line.ShouldNotStartWith("# Heading");
                line.ShouldNotContain("](https://evil");
                line.ShouldNotContain(" https://evil");
            }
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

    /// <returns>All that a push with this outcome prints and writes.</returns>
    private string Report(PushOutcome outcome, params (string, string)[] variables)
    {
        var summary = Path.Combine(_folder, "summary.md");
        var reporter = new Reporter(
            this,
            new EnvironmentVariables(
                variables
                    .Where(variable => variable.Item1.Length > 0)
                    .Concat([("GITHUB_STEP_SUMMARY", summary), ("AGENT_TEMPDIRECTORY", _folder)])
                    .Select(variable => KeyValuePair.Create(variable.Item1, variable.Item2))
            )
        );
        reporter.Report(outcome, new ResultFolder(_folder, "obj/ecr"));
        reporter.Complete();
        return $"{string.Join('\n', _printed)}\n{Read("*")}";
    }

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
