using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push;

/// <summary>Moves one image into one repository, under one or more tags.</summary>
internal interface IImagePusher
{
    /// <summary>Pushes the image; when it returns, the registry holds every tag.</summary>
    /// <param name="push">What to push and where to.</param>
    /// <param name="progress">
    /// Called in order, while the push waits for the call to return; pass a synchronous implementation
    /// (<see cref="Progress{T}"/> posts to other threads and loses the order).
    /// </param>
    /// <param name="cancellationToken">Stops the push; a tag that was not yet written stays as it was.</param>
    /// <exception cref="PushException">The push failed; <see cref="PushException.Code"/> says in what way.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<PushedImage> PushAsync(ImagePush push, IProgress<PushProgress> progress, CancellationToken cancellationToken);
}
