using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tags;

/// <summary>The last step of a push: the image is there under its version, and floating tags follow.</summary>
internal static class FloatingTagStep
{
    /// <param name="digest">The digest of the image that was pushed.</param>
    /// <exception cref="DiagnosedException">A tag cannot be moved, or the push was cancelled.</exception>
    /// <exception cref="AwsSessionException">AWS cannot be called.</exception>
    /// <exception cref="AmazonServiceException">AWS refuses.</exception>
    public static async Task<IReadOnlyList<FloatingTagMove>> RunAsync(
        AwsSession session,
        ImageReference image,
        string digest,
        FloatingTags tags,
        CancellationToken cancellationToken
    )
    {
        using var ecr = session.CreateEcrClient(image.Registry);
        var repository = new RepositoryTags(ecr, image.Registry.Account, image.Repository);
        try
        {
            return await session.AskAsync(() =>
                new FloatingTagMover(repository.ListAsync, PointAsync).RunAsync(tags, digest, cancellationToken)
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
                throw new DiagnosedException(FloatingTagDiagnosis.Stuck(image, [tag], mutability: null));
            }
        }
    }
}
