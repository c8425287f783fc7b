using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Registry;
using EcrBuildTasks.Revisions;
using EcrBuildTasks.Tags;
using EcrBuildTasks.Variables;

namespace EcrBuildTasks;

/// <summary>Tags for the commit and the branch that an image is made of.</summary>
/// <param name="environment">The environment, in which a CI system says what it builds.</param>
/// <param name="folder">A folder of the sources, for what git has checked out.</param>
public sealed class SourceTags(EnvironmentVariables environment, string folder)
{
    private readonly SourceRevision _revision = new(environment, folder);

    /// <summary>The tag of the commit: its id.</summary>
    /// <param name="known">The commit, where the build has found it.</param>
    /// <exception cref="DiagnosedException">Nothing tells the commit.</exception>
    /// <exception cref="ReferenceFormatException">No tag can be made of it.</exception>
    public string OfCommit(string? known = null) =>
        RevisionTag.OfCommit(
            known
                ?? _revision.Commit
                ?? throw Unknown("commit", "EcrTagCommit", "-p:SourceRevisionId=<commit> tells it to a build")
        );

    /// <summary>The tag of the branch: its name, with <c>-</c> for what a tag cannot have.</summary>
    /// <param name="known">The branch, where the build has been told.</param>
    /// <returns><see langword="null"/> where a tag of git is built, which belongs to no branch.</returns>
    /// <exception cref="DiagnosedException">Nothing tells the branch.</exception>
    /// <exception cref="ReferenceFormatException">No tag can be made of it.</exception>
    public string? OfBranch(string? known = null) =>
        (known ?? _revision.Branch) is { } branch ? RevisionTag.OfBranch(branch)
        : _revision.IsGitTag ? null
        : throw Unknown("branch", "EcrTagBranch", "-p:RepositoryBranch=<branch> tells it to a build");

    private DiagnosedException Unknown(string what, string property, string remedy) =>
        new(
            EcrDiagnostic.Error(
                EcrCode.RevisionUnknown,
                $"The image was to get a tag of its {what}, but neither the variables of a CI system nor git in {folder} tell the {what}. Leave {property} out here; {remedy}."
            )
        );
}
