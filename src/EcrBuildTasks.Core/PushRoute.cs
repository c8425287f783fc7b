using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Distribution;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks;

/// <summary>The way that an image takes to its registries.</summary>
/// <param name="Pusher">Who pushes.</param>
/// <param name="Description">The way, as the end of a sentence.</param>
/// <param name="TakesTargetsAtOnce">Whether several pushes of the image may run side by side.</param>
internal sealed record PushRoute(IImagePusher Pusher, string Description, bool TakesTargetsAtOnce) : IDisposable
{
    /// <exception cref="PushException">There is no such way: no engine answers.</exception>
    public static async Task<PushRoute> OpenAsync(
        PushMode mode,
        EngineSearch search,
        ImageSource source,
        int targets,
        CancellationToken cancellationToken
    )
    {
        if (mode is PushMode.Registry || (mode is PushMode.Auto && await IsOciLayoutAsync(source, cancellationToken)))
        {
            return Straight("without an engine");
        }

        try
        {
            var engine = await DockerEnginePusher.OpenAsync(search, cancellationToken);
            return new(engine, $"through the Docker Engine at {engine.Endpoint}", TakesTargetsAtOnce: false);
        }
        catch (PushException failure)
            when (mode is PushMode.Auto
                && failure.Problem is PushProblem.EngineUnavailable
                && source is not ImageSource.EngineImage
            )
        {
            return Straight("without an engine, since none answers");
        }

        PushRoute Straight(string description) =>
            new(new RegistryPusher(search.Environment, search.Host, targets), description, TakesTargetsAtOnce: true);
    }

    public void Dispose() => (Pusher as IDisposable)?.Dispose();

    private static async Task<bool> IsOciLayoutAsync(ImageSource source, CancellationToken cancellationToken) =>
        source switch
        {
            ImageSource.OciLayout => true,
            ImageSource.Archive(var path) => await DockerArchive.ReadAsync(path, cancellationToken) is null,
            _ => false,
        };
}
