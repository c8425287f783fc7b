using EcrBuildTasks.Failures;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>Which commit and branch an image is tagged with.</summary>
public sealed class SourceTagsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecr-revision-");

    [Theory]
    [InlineData("feature-x", "GITHUB_REF=refs/heads/feature/x", "GITHUB_REF_NAME=feature/x", "GITHUB_REF_TYPE=branch")]
    [InlineData("feature-x", "GITHUB_REF_NAME=feature/x")]
    [InlineData("fix-y", "GITHUB_REF=refs/pull/4/merge", "GITHUB_REF_NAME=4/merge", "GITHUB_HEAD_REF=fix/y")]
    [InlineData(null, "GITHUB_REF=refs/tags/v1.4.2", "GITHUB_REF_NAME=v1.4.2", "GITHUB_REF_TYPE=tag")]
    [InlineData("feature-x", "CI_COMMIT_BRANCH=feature/x", "CI_COMMIT_REF_NAME=feature/x")]
    [InlineData("feature-x", "CI_COMMIT_REF_NAME=feature/x")]
    [InlineData("fix-y", "CI_COMMIT_REF_NAME=fix/y", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix/y")]
    [InlineData(null, "CI_COMMIT_REF_NAME=v1.4.2", "CI_COMMIT_TAG=v1.4.2")]
    [InlineData("feature-x", "BUILD_SOURCEBRANCH=refs/heads/feature/x", "BUILD_SOURCEBRANCHNAME=x")]
    [InlineData("x", "BUILD_SOURCEBRANCHNAME=x")]
    [InlineData(
        "fix-y",
        "BUILD_SOURCEBRANCH=refs/pull/4/merge",
        "BUILD_SOURCEBRANCHNAME=merge",
        "SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/fix/y"
    )]
    [InlineData(null, "BUILD_SOURCEBRANCH=refs/tags/v1.4.2", "BUILD_SOURCEBRANCHNAME=v1.4.2")]
    [InlineData("main", "CODEBUILD_WEBHOOK_HEAD_REF=refs/heads/main")]
    [InlineData("main", "BITBUCKET_BRANCH=main")]
    [InlineData(null, "CIRCLE_TAG=v1.4.2")]
    [InlineData("fix-y", "JENKINS_URL=https://ci", "BRANCH_NAME=PR-4", "CHANGE_BRANCH=fix/y")]
    [InlineData(null, "JENKINS_URL=https://ci", "BRANCH_NAME=v1.4.2", "TAG_NAME=v1.4.2")]
    public void The_branch_is_what_the_CI_system_says_and_a_git_tag_is_none(string? tag, params string[] variables) =>
        Tags(variables).Create(ofCommit: false, ofBranch: true).ShouldBe(tag is null ? Array.Empty<string>() : [tag]);

    [Theory]
    [InlineData("GITHUB_SHA")]
    [InlineData("CI_COMMIT_SHA")]
    [InlineData("BUILD_SOURCEVERSION")]
    [InlineData("CODEBUILD_RESOLVED_SOURCE_VERSION")]
    [InlineData("BUILD_VCS_NUMBER")]
    public void The_commit_is_what_the_CI_system_says(string variable) =>
        Tags($"{variable}=0a1b2c").Create(ofCommit: true, ofBranch: false).ShouldBe(["0a1b2c"]);

    [Fact]
    public void What_the_build_knows_goes_before_what_is_found() =>
        Tags("GITHUB_SHA=0a1b2c", "GITHUB_REF=refs/heads/main")
            .Create(ofCommit: true, ofBranch: true, commit: "ffff", branch: "release/1.4")
            .ShouldBe(["ffff", "release-1.4"]);

    [Fact]
    public async Task Elsewhere_git_tells_both_also_in_a_worktree_and_after_its_references_were_packed()
    {
        await GitAsync(".", "init", "--quiet", "--initial-branch=feature/x");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "src", "App"));
        Should.Throw<DiagnosedException>(() => Found("src/App")).Diagnostic.Code.ShouldBe(EcrCode.RevisionUnknown);

        await GitAsync(".", "commit", "--quiet", "--allow-empty", "--message=one");
        var commit = await GitAsync(".", "rev-parse", "HEAD");
        Found("src/App").ShouldBe([commit, "feature-x"]);

        await GitAsync(".", "pack-refs", "--all");
        Found("src/App").ShouldBe([commit, "feature-x"]);

        await GitAsync(".", "worktree", "add", "--quiet", "-b", "fix/y", "other");
        await GitAsync("other", "commit", "--quiet", "--allow-empty", "--message=two");
        Found("other").ShouldBe([await GitAsync("other", "rev-parse", "HEAD"), "fix-y"]);

        await GitAsync(".", "checkout", "--quiet", "--detach");
        Tags().Create(ofCommit: true, ofBranch: false).ShouldBe([commit]);
        Should
            .Throw<DiagnosedException>(() => Found("."))
            .Diagnostic.Message.ShouldContain("-p:RepositoryBranch=<branch>");
    }

    [Fact]
    public void Without_git_and_CI_the_one_that_asked_is_told_how_to_say_it() =>
        Should
            .Throw<DiagnosedException>(() => Found("."))
            .Diagnostic.Message.ShouldContain("-p:SourceRevisionId=<commit>");

    public void Dispose() => _folder.Delete(recursive: true);

    private IReadOnlyList<string> Found(string folder) =>
        new SourceTags(EnvironmentVariables.None, Path.Combine(_folder.FullName, folder)).Create(
            ofCommit: true,
            ofBranch: true
        );

    private SourceTags Tags(params string[] variables) =>
        new(
            new(
                variables
                    .Select(variable => variable.Split('=', 2))
                    .Select(parts => KeyValuePair.Create(parts[0], parts[1]))
            ),
            _folder.FullName
        );

    private async Task<string> GitAsync(string folder, params string[] arguments)
    {
        var git = RealPart.Find("git");
        var result = await Cli.RunAsync(
            git,
            ["-c", "user.name=t", "-c", "user.email=t@example.com", .. arguments],
            Path.Combine(_folder.FullName, folder),
            new Dictionary<string, string?> { ["GIT_CONFIG_GLOBAL"] = "/dev/null" },
            cancellationToken: TestContext.Current.CancellationToken
        );
        result.ExitCode.ShouldBe(0, result.ToString());
        return result.Output.Trim();
    }
}
