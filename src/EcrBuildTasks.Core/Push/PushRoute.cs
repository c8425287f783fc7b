using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Push;

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
        if (!NeedsEngine(mode, source))
        {
            return new(
                new RegistryPusher(search.Environment, search.Host, targets),
                "directly to the registry",
                TakesTargetsAtOnce: true
            );
        }

        var engine = await DockerEnginePusher.OpenAsync(search, cancellationToken);
        return new(engine, $"through the Docker Engine at {engine.Endpoint}", TakesTargetsAtOnce: false);
    }

    /// <summary>Whether an image is pushed by an engine; <paramref name="source"/> is <see langword="null"/> before it is built.</summary>
    public static bool NeedsEngine(PushMode mode, ImageSource? source) =>
        mode is PushMode.Engine || (mode is PushMode.Auto && source is ImageSource.EngineImage);

    public void Dispose() => (Pusher as IDisposable)?.Dispose();
}
