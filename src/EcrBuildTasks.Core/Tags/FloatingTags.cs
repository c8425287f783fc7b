using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>The requested tags, divided into fixed tags and floating tags.</summary>
/// <param name="Fixed">The tags to push, in their order.</param>
/// <param name="Versions">Those of them that are versions.</param>
/// <param name="Floating">The tags that may have to move, the narrowest first.</param>
internal sealed record FloatingTags(
    IReadOnlyList<string> Fixed,
    IReadOnlyList<VersionTag> Versions,
    IReadOnlyList<FloatingTag> Floating
)
{
    /// <param name="tags">The valid tags.</param>
    /// <exception cref="ReferenceFormatException">None of the tags is a version.</exception>
    public static FloatingTags FromTags(IReadOnlyList<string> tags)
    {
        IReadOnlyList<VersionTag> versions = [.. tags.Select(VersionTag.Parse).OfType<VersionTag>()];
        if (versions.Count == 0 && tags is [var first, ..])
        {
            throw new ReferenceFormatException(
                ReferencePart.Tag,
                first,
                "is not a version, so floating tags cannot be derived from it",
                Mended(tags) is { } version
                    ? $"Write {version}."
                    : "Push with a three-part version such as 1.4.2, or without floating tags."
            );
        }

        var floating = FloatingTag.FromVersions(versions);
        return new([.. tags.Where(tag => floating.All(other => other.Name != tag))], versions, floating);
    }

    /// <summary>The floating tags that these versions own; the others belong to a higher version.</summary>
    public IEnumerable<FloatingTag> MovingIn(TagList tags) =>
        Floating.Where(floating => tags.HighestOf(floating).Any(Versions.Contains));

    /// <summary>The version that a tag was probably meant to be: <c>v1.4.2</c>, <c>1.4</c>.</summary>
    private static string? Mended(IReadOnlyList<string> tags) =>
        tags.Select(tag => VersionTag.TryRead(tag.TrimStart('v', 'V'), out var version) ? version : null)
            .FirstOrDefault(version => version is not null)
            ?.ToFullString()
            .Replace('+', '_');

    /// <summary>The last step of a push: the image is in the repository under its version, and floating tags follow.</summary>
    /// <param name="digest">The digest of the image that was pushed.</param>
    /// <exception cref="DiagnosedException">A tag cannot be moved, or the push was cancelled.</exception>
    /// <exception cref="AwsSessionException">AWS cannot be called.</exception>
    /// <exception cref="AmazonServiceException">AWS refuses.</exception>
    public async Task<IReadOnlyList<FloatingTagMove>> MoveAsync(
        AwsSession session,
        ImageReference image,
        string digest,
        CancellationToken cancellationToken
    )
    {
        using var ecr = session.CreateEcrClient(image.Registry);
        var repository = new RepositoryTags(ecr, image.Registry.Account, image.Repository);
        try
        {
            return await session.AskAsync(() =>
                new FloatingTagMover(repository.ListAsync, PointAsync).RunAsync(this, digest, cancellationToken)
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.Cancelled,
                    $"The push was cancelled after {image}:{image.Tags[0]} was pushed. Its floating tags may not have been moved."
                )
            );
        }

        async Task PointAsync(string tag, string target, CancellationToken cancellation)
        {
            try
            {
                await repository.PointAsync(tag, target, cancellation);
            }
            catch (ImageTagAlreadyExistsException)
            {
                throw new DiagnosedException(TagDiagnosis.Stuck(image, [tag], mutability: null));
            }
        }
    }
}
