namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Looks where a push with <c>--skip-if-exists</c> has nothing to do.</summary>
internal static class ExistingImages
{
    /// <returns>For each request the image that has all its tags; <see langword="null"/> where it is to be pushed.</returns>
    public static async Task<IReadOnlyList<PushResult?>> FindAsync(
        Invocation invocation,
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        if (!invocation.Get(PushOptions.SkipIfExists))
        {
            return new PushResult?[requests.Count];
        }

        var found = await Task.WhenAll(
            requests.Select(request => pipeline.FindExistingAsync(request, cancellationToken))
        );
        foreach (var there in found.OfType<PushResult>())
        {
            invocation.Output.Note(
                $"Nothing to push: {there.Image.Repository}:{string.Join(", ", there.Image.Tags)} is there already."
            );
        }

        return found;
    }
}
