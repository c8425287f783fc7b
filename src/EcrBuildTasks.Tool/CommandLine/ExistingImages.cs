namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Finds the targets that a push with <c>--skip-if-exists</c> can skip.</summary>
internal static class ExistingImages
{
    /// <returns>For each request the image that has all its tags; <see langword="null"/> if it must be pushed.</returns>
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
        foreach (var existing in found.OfType<PushResult>())
        {
            invocation.Output.Note(
                $"Nothing to push: {existing.Image.Repository}:{string.Join(", ", existing.Image.Tags)} already exists."
            );
        }

        return found;
    }
}
