using System.Collections.Concurrent;
using EcrBuildTasks.Images;
using EcrBuildTasks.Images.Packing;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// Pushes straight to the registry, over the OCI distribution protocol, without an engine. Layers that have to be compressed
/// first are sent while others still are.
/// </summary>
internal sealed class RegistryPusher : IImagePusher, IDisposable
{
    private readonly PushTiming _timing;
    private readonly TimeProvider _timeProvider;
    private readonly RegistryTransport _transport;
    private readonly EngineSearch _engine;
    private readonly ConcurrentDictionary<ImageSource, Lazy<Task<ImageContent>>>? _images;
    private readonly List<IDisposable> _baseImages = [];

    /// <summary>A pusher, whose connections serve all its pushes.</summary>
    /// <param name="environment">The environment, whose certificates are trusted.</param>
    /// <param name="dockerHost">The engine that an image is taken from if it holds it, in the form of <c>DOCKER_HOST</c>.</param>
    /// <param name="targets">How many pushes of one image will run side by side; its layers are read once for all of them.</param>
    public RegistryPusher(EnvironmentVariables environment, string? dockerHost = null, int targets = 1)
        : this(new PushTiming(), CertificateBundle.FromEnvironment(environment), new(dockerHost, environment), targets)
    { }

    internal RegistryPusher(
        PushTiming timing,
        CertificateBundle? certificates = null,
        EngineSearch? engine = null,
        int targets = 1,
        TimeProvider? timeProvider = null
    )
    {
        _timing = timing;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _transport = new RegistryTransport(timing, certificates, _timeProvider);
        _engine = engine ?? EngineSearch.Usual;
        _images = targets > 1 ? new() : null;
    }

    /// <inheritdoc/>
    public async Task<PushedImage> PushAsync(
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        using var workspace = new Workspace();
        await using var run = Begin(push, progress, cancellationToken);
        if (push.Source is ImageSource.EngineImage { NameOrId: var name })
        {
            var id = await EngineExport.FindIdAsync(name, _engine, cancellationToken);
            if (await run.ReuseAsync(id) is { } existing)
            {
                return existing;
            }
        }

        if (_images is not null)
        {
            var shared = _images.GetOrAdd(push.Source, source => new(() => OpenSharedAsync(push, cancellationToken)));
            return await run.RunAsync(await shared.Value);
        }

        workspace.LayerReady = run.Uploads.Begin;
        using var image = await OpenAsync(push, workspace, run.Uploads, cancellationToken);
        return await run.RunAsync(image);
    }

    /// <summary>Pushes an image that is open already, whatever source the push names.</summary>
    internal async Task<PushedImage> PushAsync(
        ImageContent image,
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        await using var run = Begin(push, progress, cancellationToken);
        return await run.RunAsync(image);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transport.Dispose();
        _baseImages.ForEach(blobs => blobs.Dispose());
        foreach (var image in _images?.Values ?? [])
        {
            if (image is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } opened })
            {
                opened.Result.Dispose();
            }
        }
    }

    private RepositoryPush Begin(
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    ) => new(push, _transport, _timing, _timeProvider, progress, cancellationToken);

    private async Task<ImageContent> OpenAsync(
        ImagePush push,
        Workspace workspace,
        BlobUploads uploads,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return push.Source is ImageSource.Packed packed
                ? await OpenPackedAsync(packed, push, uploads.Stopping)
                : await ImageContents.OpenAsync(push.Source, _engine, workspace, uploads.Stopping);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A layer that was ready could not be sent, and that is what there is to say.
            await uploads.FinishAsync();
            throw;
        }
    }

    private async Task<ImageContent> OpenSharedAsync(ImagePush push, CancellationToken cancellationToken) =>
        (
            push.Source is ImageSource.Packed packed
                ? await OpenPackedAsync(packed, push, cancellationToken)
                : await ImageContents.OpenAsync(push.Source, _engine, cancellationToken)
        ).Shared();

    private Task<ImageContent> OpenPackedAsync(
        ImageSource.Packed packed,
        ImagePush push,
        CancellationToken cancellationToken
    )
    {
        var blobs = new RemoteBlobs(
            packed.BaseRegistry,
            packed.BaseRepository,
            _engine.Environment,
            packed.BaseRegistry == push.RegistryHost
                ? async cancellation => await push.GetCredentials(cancellation)
                : null
        );
        _baseImages.Add(blobs);
        return PackedImage.OpenAsync(
            packed.Layouts,
            (digest, size) => blobs.Open(digest, size).Content,
            cancellationToken
        );
    }
}
