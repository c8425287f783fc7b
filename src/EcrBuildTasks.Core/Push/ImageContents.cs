using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Push;

internal static class ImageContents
{
    public static Task<ImageContent> OpenAsync(
        ImageSource source,
        string? dockerHost,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException($"{source}{dockerHost}{cancellationToken.IsCancellationRequested}");
}
