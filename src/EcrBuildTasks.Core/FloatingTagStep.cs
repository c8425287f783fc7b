using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>The last step of a push: the image is there under its version, and floating tags follow.</summary>
internal static class FloatingTagStep
{
    /// <returns>The result, with what became of the floating tags.</returns>
    /// <exception cref="DiagnosedException">A tag cannot be moved, or the push was cancelled.</exception>
    /// <exception cref="AwsSessionException">AWS cannot be asked.</exception>
    /// <exception cref="AmazonServiceException">AWS refuses.</exception>
    public static async Task<PushResult> RunAsync(
        AwsSession session,
        PushResult result,
        FloatingTags tags,
        CancellationToken cancellationToken
    )
    {
        var (image, pushed) = (result.Image, result.Pushed);
        using var ecr = session.CreateEcrClient(image.Registry);
        var repository = new RepositoryTags(ecr, image.Registry.Account, image.Repository);
        try
        {
            var moves = await session.AskAsync(() =>
                new FloatingTagMover(repository.ListAsync, PointAsync).RunAsync(tags, pushed.Digest, cancellationToken)
            );
            string[] moved = [.. moves.Where(move => move.IsMoved).Select(move => move.Tag)];
            return result with { Pushed = pushed with { Tags = [.. pushed.Tags, .. moved] }, FloatingTags = moves };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.Cancelled,
                    $"The push was cancelled when {image}:{pushed.Tags[0]} was there already; its floating tags are as they were, or moved."
                )
            );
        }

        async Task PointAsync(string tag, string digest, CancellationToken cancellation)
        {
            try
            {
                await repository.PointAsync(tag, digest, cancellation);
            }
            catch (ImageTagAlreadyExistsException)
            {
                throw new DiagnosedException(FloatingTagDiagnosis.Stuck(image, [tag], mutability: null));
            }
        }
    }
}
