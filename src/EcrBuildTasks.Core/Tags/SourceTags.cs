using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tags;

/// <summary>Tags for the commit and the branch of the sources of an image.</summary>
/// <param name="environment">The environment, with the variables of a CI system.</param>
/// <param name="folder">A folder in the Git checkout.</param>
public sealed class SourceTags(EnvironmentVariables environment, string folder)
{
    private readonly SourceRevision _revision = new(environment, folder);

    /// <summary>The requested tags: the commit ID, and the branch with <c>-</c> in place of characters that are not allowed in a tag.</summary>
    /// <param name="ofCommit">Whether to add a tag for the commit.</param>
    /// <param name="ofBranch">Whether to add a tag for the branch; a build of a Git tag has no branch.</param>
    /// <param name="commit">The commit, if already known.</param>
    /// <param name="branch">The branch, if already known.</param>
    /// <exception cref="DiagnosedException">The commit or the branch is unknown.</exception>
    /// <exception cref="ReferenceFormatException">It cannot be converted to a tag.</exception>
    public IReadOnlyList<string> Create(bool ofCommit, bool ofBranch, string? commit = null, string? branch = null) =>
        [.. new[] { ofCommit ? OfCommit(commit) : null, ofBranch ? OfBranch(branch) : null }.OfType<string>()];

    private string OfCommit(string? known) =>
        RevisionTag.OfCommit(
            known
                ?? _revision.Commit
                ?? throw Unknown("commit", "EcrTagCommit (--tag-commit)", "-p:SourceRevisionId=<commit>")
        );

    private string? OfBranch(string? known) =>
        (known ?? _revision.Branch) is { } branch ? RevisionTag.OfBranch(branch)
        : _revision.IsGitTag ? null
        : throw Unknown("branch", "EcrTagBranch (--tag-branch)", "-p:RepositoryBranch=<branch>");

    private DiagnosedException Unknown(string what, string property, string remedy) =>
        new(
            EcrDiagnostic.Error(
                EcrCode.RevisionUnknown,
                $"{property} requires the {what}, but no CI variable is set and no Git checkout in {folder} provides it. Run it in a Git checkout, pass {remedy} to the build, or remove {property}."
            )
        );
}
