using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tags;

/// <summary>
/// What a CI system says that it builds, for it checks a commit out of which git itself no longer knows the branch. Of a pull
/// or merge request the branch is that of its author.
/// </summary>
internal static class CiRevision
{
    private const string Branches = "refs/heads/";
    private const string Tags = "refs/tags/";

    // GitHub Actions, GitLab, Azure Pipelines, CodeBuild, Bitbucket, CircleCI, TeamCity, Jenkins.
    private static readonly string[] Commits =
    [
        "GITHUB_SHA",
        "CI_COMMIT_SHA",
        "BUILD_SOURCEVERSION",
        "CODEBUILD_RESOLVED_SOURCE_VERSION",
        "BITBUCKET_COMMIT",
        "CIRCLE_SHA1",
        "BUILD_VCS_NUMBER",
        "GIT_COMMIT",
    ];

    // Those of pull requests first: beside them the systems set the others to a branch of their own making.
    private static readonly string[] Refs =
    [
        "GITHUB_HEAD_REF",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
        "SYSTEM_PULLREQUEST_SOURCEBRANCH",
        "CHANGE_BRANCH",
        "GITHUB_REF",
        "CI_COMMIT_BRANCH",
        "BUILD_SOURCEBRANCH",
        "CODEBUILD_WEBHOOK_HEAD_REF",
        "BITBUCKET_BRANCH",
        "CIRCLE_BRANCH",
        "GITHUB_REF_NAME",
        "CI_COMMIT_REF_NAME",
        "BUILD_SOURCEBRANCHNAME",
        "BRANCH_NAME",
    ];

    private static readonly string[] GitTags = ["CI_COMMIT_TAG", "BITBUCKET_TAG", "CIRCLE_TAG", "TAG_NAME"];

    // Names that anybody may have given to something else.
    private static readonly string[] OfJenkins = ["CHANGE_BRANCH", "BRANCH_NAME", "GIT_COMMIT", "TAG_NAME"];

    public static string? Commit(EnvironmentVariables environment) => Values(Commits, environment).FirstOrDefault();

    public static string? Branch(EnvironmentVariables environment) =>
        BuildsGitTag(environment)
            ? null
            : Values(Refs, environment)
                .Select(name => name.StartsWith(Branches, StringComparison.Ordinal) ? name[Branches.Length..] : name)
                .FirstOrDefault(name => !name.StartsWith("refs/", StringComparison.Ordinal));

    /// <summary>Whether the system builds a tag of git, which belongs to no branch.</summary>
    public static bool BuildsGitTag(EnvironmentVariables environment) =>
        environment["GITHUB_REF_TYPE"] is "tag"
        || Values(GitTags, environment).Any()
        || Values(Refs, environment).Any(name => name.StartsWith(Tags, StringComparison.Ordinal));

    private static IEnumerable<string> Values(string[] names, EnvironmentVariables environment) =>
        names
            .Where(name => environment["JENKINS_URL"] is not null || !OfJenkins.Contains(name, StringComparer.Ordinal))
            .Select(name => environment[name])
            .OfType<string>();
}
