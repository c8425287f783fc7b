using EcrBuildTasks.Core.Tests.Preflight;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Reporting;

public sealed class ReporterTests : IReportSink, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-reporter-").FullName;
    private readonly List<EcrDiagnostic> _diagnostics = [];
    private readonly List<IReadOnlyList<ReportLine>> _results = [];
    private readonly List<string> _details = [];
    private readonly List<(string Command, bool IsReadFromStandardError)> _commands = [];

    [Fact]
    public void Pushes_to_several_registries_are_one_result_that_names_image_platform_bytes_and_caller()
    {
        var reporter = Create();

        reporter.Report(new PushOutcome(Pushed("eu-west-1"), [], []));
        reporter.Report(new PushOutcome(Pushed("us-east-1"), [], []));
        reporter.Complete();
        reporter.Complete();

        var lines = _results.ShouldHaveSingleItem();
        lines
            .Where(line => line.IsResult)
            .Select(line => line.Text)
            .ShouldBe([
                "eu-west-1.example/app:1@sha256:abc",
                "eu-west-1.example/app:latest@sha256:abc",
                "us-east-1.example/app:1@sha256:abc",
                "us-east-1.example/app:latest@sha256:abc",
            ]);
        lines[2].Text.ShouldStartWith("  linux/arm64, 5 B ");
        lines[3].Text.ShouldContain("arn:aws:iam::111122223333:user/ada, ");
        lines[3].Text.ShouldEndWith(" profile dev");
    }

    [Fact]
    public async Task A_preflight_that_passes_is_a_result_and_one_that_is_denied_is_an_error()
    {
        await using var allowed = await PreflightScene.OpenAsync(account: PreflightScene.Owner);
        await using var denied = await PreflightScene.OpenAsync();
        var reporter = Create();

        foreach (var scene in new[] { allowed, denied })
        {
            var outcome = await scene.PreflightAsync();
            reporter.Report(outcome);
            reporter.ReportVerdict(outcome);
            reporter.WriteResults();
        }

        _results.ShouldHaveSingleItem()[0].IsResult.ShouldBeTrue();
        _diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        _details.ShouldContain(line => line.Contains(": denied"));
    }

    [Fact]
    public void What_is_reported_twice_is_written_and_annotated_once_where_the_CI_system_reads()
    {
        var failure = EcrDiagnostic.Error(EcrCode.EngineUnavailable, "No engine.");
        var reporter = Create(("TEAMCITY_VERSION", "2025.03"));

        reporter.Report([failure, failure]);
        reporter.Report(new PushOutcome(Pushed("eu-west-1"), [failure], []));
        reporter.Complete();

        _diagnostics.ShouldBe([failure]);
        _commands
            .Select(command => command.Command.Split(' ')[0])
            .ShouldBe(["##teamcity[buildProblem", "##teamcity[setParameter", "##teamcity[setParameter"]);
        _commands.ShouldAllBe(command => !command.IsReadFromStandardError);
    }

    [Fact]
    public void What_is_not_known_is_reported_as_a_bug_and_what_is_known_under_its_code()
    {
        var reporter = Create();

        reporter.Report(new InvalidOperationException("oops")).Code.ShouldBe(EcrCode.InternalError);
        reporter.Report(new OperationCanceledException()).Code.ShouldBe(EcrCode.Cancelled);

        _diagnostics.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_denial_leaves_its_files_and_those_that_cannot_be_written_are_errors_beside_it()
    {
        await using var scene = await PreflightScene.OpenAsync();
        var outcome = await scene.PreflightAsync();
        var folder = new ResultFolder(Path.Combine(_folder, "ecr"), "ecr");
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        Create().Report(outcome, folder);
        Create().Report(outcome, new ResultFolder(Path.Combine(file, "ecr"), "ecr"));

        folder
            .Files.Where(File.Exists)
            .Select(Path.GetFileName)
            .ShouldBe([
                "preflight.json",
                "policy-fix.json",
                "request.md",
                "policy-fix.sh",
                "policy-fix.tf",
                "policy-fix.cloudformation.yaml",
                "policy-fix.cdk.txt",
            ]);
        _diagnostics
            .Select(diagnostic => diagnostic.Code.Id)
            .Distinct()
            .ShouldBe(["ECR2001", SettingDiagnosis.NotWritable("", "").Code.Id], ignoreOrder: true);

        folder.Clear();

        folder.Files.ShouldNotContain(path => File.Exists(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void IReportSink.Write(EcrDiagnostic diagnostic) => _diagnostics.Add(diagnostic);

    void IReportSink.WriteResults(IReadOnlyList<ReportLine> lines) => _results.Add(lines);

    void IReportSink.WriteDetail(string line) => _details.Add(line);

    void IReportSink.WriteCommand(string command, bool isReadFromStandardError) =>
        _commands.Add((command, isReadFromStandardError));

    private Reporter Create(params (string Name, string Value)[] variables) =>
        new(
            this,
            new EnvironmentVariables(
                variables.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)
            )
        );

    private static PushResult Pushed(string region) =>
        new(
            new(EcrRegistry.Create("444455556666", region), "app", ["1", "latest"]),
            $"{region}.example",
            new PushedImage
            {
                Digest = "sha256:abc",
                Tags = ["1", "latest"],
                SizeInBytes = 10,
                PushedBytes = 5,
                Platforms = ["linux/arm64"],
                Layers = [],
            },
            "directly",
            TimeSpan.FromSeconds(1),
            new("arn:aws:iam::111122223333:user/ada", "111122223333", "AIDAEXAMPLE"),
            "profile dev"
        );
}
