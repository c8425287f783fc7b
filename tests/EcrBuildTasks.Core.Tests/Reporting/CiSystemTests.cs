using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Reporting.CiSystems;

namespace EcrBuildTasks.Core.Tests.Reporting;

public sealed class CiSystemTests : IDisposable
{
    private const string Arn = "arn:aws:sts::111122223333:assumed-role/ci/run-7";

    private static readonly EcrDiagnostic Failure = EcrDiagnostic
        .Error(EcrCode.RepositoryPolicySilent, "100% of [it]: 'no'", "second line")
        .AskedAs("ada, with credentials from profile ci");

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-pipeline-").FullName;

    [Theory]
    [InlineData(
        "GITHUB_ACTIONS",
        "true",
        "::error title=ECR2001%3A TITLE::100%25 of [it]: 'no'%0Asecond line%0ACALLER"
    )]
    [InlineData("TF_BUILD", "True", "##vso[task.logissue type=error;code=ECR2001]100%AZP25 of [it]: 'no' CALLER")]
    [InlineData("GITLAB_CI", "true", null)]
    [InlineData(
        "TEAMCITY_VERSION",
        "2025.03",
        "##teamcity[buildProblem description='ECR2001: 100% of |[it|]: |'no|' CALLER' identity='ECR2001']"
    )]
    public void An_error_is_annotated_in_the_system_s_own_words(string variable, string value, string? annotation) =>
        HostOf((variable, value))
            .Annotate(Failure)
            .ShouldBe(
                annotation
                    ?.Replace("TITLE", Failure.Code.Title, StringComparison.Ordinal)
                    .Replace("CALLER", Failure.Caller, StringComparison.Ordinal)
            );

    [Fact]
    public void The_summary_names_who_pushed_and_what_failed_once()
    {
        var pushed = Pushed();

        JobSummary.Render([], [Failure, Failure], []).ShouldBe(JobSummary.Render([], [Failure], []));
        Snapshot.Match(
            "job-summary",
            JobSummary.Render([pushed, pushed], [], []),
            JobSummary.Render([], [Failure], [])
        );
    }

    [Fact]
    public void Without_a_known_system_there_are_no_commands() => CiSystem.Find(_ => null).ShouldBeNull();

    [Fact]
    public void GitLab_reads_the_outputs_of_a_file_in_the_project()
    {
        HostOf(("GITLAB_CI", "true"), ("CI_PROJECT_DIR", _folder)).Output(Pushed()).ShouldBeEmpty();

        File.ReadAllLines(Path.Combine(_folder, "ecr.env"))
            .ShouldBe(["IMAGE_URI=127.0.0.1:5555/hello-api:1.0", "IMAGE_DIGEST=sha256:abc"]);
    }

    [Fact]
    public void TeamCity_sets_parameters() =>
        HostOf(("TEAMCITY_VERSION", "2025.03"))
            .Output(Pushed())
            .ShouldBe([
                "##teamcity[setParameter name='image-uri' value='127.0.0.1:5555/hello-api:1.0']",
                "##teamcity[setParameter name='image-digest' value='sha256:abc']",
            ]);

    [Fact]
    public void A_file_that_cannot_be_written_is_no_failure() =>
        HostOf(("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", Path.Combine(_folder, "no", "such", "folder")))
            .Output(Pushed())
            .ShouldBeEmpty();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CiSystem HostOf(params (string Name, string Value)[] variables) =>
        CiSystem.Find(name => Array.Find(variables, variable => variable.Name == name).Value).ShouldNotBeNull();

    private static PushResult Pushed() =>
        new(
            new(EcrRegistry.Create("444455556666", "eu-west-1"), "hello-api", ["1.0"]),
            "127.0.0.1:5555",
            new PushedImage
            {
                Digest = "sha256:abc",
                Tags = ["1.0"],
                SizeInBytes = 1,
                PushedBytes = 1,
                Layers = [],
            },
            "without an engine",
            TimeSpan.FromSeconds(1),
            new(Arn, "111122223333", "AROAEXAMPLE:run-7"),
            "profile ci"
        );
}
