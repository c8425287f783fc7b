using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tags;

/// <summary>Which commit and branch is being built: as the CI system says, else as git has it checked out.</summary>
internal sealed class SourceRevision(EnvironmentVariables environment, string folder)
{
    /// <summary>The commit ID; <see langword="null"/> if unknown.</summary>
    public string? Commit => CiRevision.Commit(environment) ?? GitHead.Find(folder)?.Commit;

    /// <summary>The branch; <see langword="null"/> if unknown or if there is none.</summary>
    public string? Branch => CiRevision.Branch(environment) ?? (IsGitTag ? null : GitHead.Find(folder)?.Branch);

    /// <summary>Whether the CI system builds a tag of git, so that no branch is to be expected.</summary>
    public bool IsGitTag => CiRevision.BuildsGitTag(environment);
}
