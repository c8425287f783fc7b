using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tags;

/// <summary>Tags for the commit and the branch that an image is made of.</summary>
/// <param name="environment">The environment, in which a CI system says what it builds.</param>
/// <param name="folder">A folder of the sources, for what git has checked out.</param>
public sealed class SourceTags(EnvironmentVariables environment, string folder)
{
    private readonly SourceRevision _revision = new(environment, folder);

    /// <summary>The tags that are wanted: the id of the commit, and the branch with <c>-</c> for what a tag cannot have.</summary>
    /// <param name="ofCommit">Whether a tag of the commit is wanted.</param>
    /// <param name="ofBranch">Whether one of the branch is; where a tag of git is built, there is none.</param>
    /// <param name="commit">The commit, where it is known better than by looking for it.</param>
    /// <param name="branch">The branch, where it is known better than by looking for it.</param>
    /// <exception cref="DiagnosedException">Nothing tells the commit or the branch.</exception>
    /// <exception cref="ReferenceFormatException">No tag can be made of it.</exception>
    public IReadOnlyList<string> Of(bool ofCommit, bool ofBranch, string? commit = null, string? branch = null) =>
        [.. new[] { ofCommit ? OfCommit(commit) : null, ofBranch ? OfBranch(branch) : null }.OfType<string>()];

    private string OfCommit(string? known) =>
        RevisionTag.OfCommit(
            known
                ?? _revision.Commit
                ?? throw Unknown("commit", "EcrTagCommit", "-p:SourceRevisionId=<commit> tells it to a build")
        );

    private string? OfBranch(string? known) =>
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
