using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Push;

internal static class ImageContents
{
    public static Task<ImageContent> OpenAsync(ImageSource source, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{source}{cancellationToken.IsCancellationRequested}");
}
