using System.Collections.Concurrent;
using EcrBuildTasks.Push.Images;

namespace EcrBuildTasks.Push.Distribution;

/// <summary>
/// Pushes straight to the registry, over the OCI distribution protocol, without an engine: blobs first, several at a time and
/// only those that are absent; then the manifests; the tags last, so that nobody ever pulls half an image.
/// </summary>
public sealed class RegistryPusher : IImagePusher, IDisposable
{
    private readonly PushTiming _timing;
    private readonly TimeProvider _timeProvider;
    private readonly HttpMessageInvoker _transport;
    private readonly string? _dockerHost;
    private readonly ConcurrentDictionary<ImageSource, Lazy<Task<ImageContent>>>? _images;

    /// <summary>A pusher, whose connections serve all its pushes.</summary>
    /// <param name="dockerHost">The engine that an image is taken from if it holds it, in the form of <c>DOCKER_HOST</c>.</param>
    /// <param name="targets">How many pushes of one image will run side by side; its layers are read once for all of them.</param>
    /// <exception cref="PushException">The certificates of <c>AWS_CA_BUNDLE</c> cannot be read.</exception>
    public RegistryPusher(string? dockerHost = null, int targets = 1)
        : this(new PushTiming(), Environment.GetEnvironmentVariable("AWS_CA_BUNDLE"), dockerHost, targets) { }

    internal RegistryPusher(
        PushTiming timing,
        string? certificateBundle = null,
        string? dockerHost = null,
        int targets = 1,
        TimeProvider? timeProvider = null
    )
    {
        _timing = timing;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _transport = RegistryTransport.Create(timing, certificateBundle);
        _dockerHost = dockerHost;
        _images = targets > 1 ? new() : null;
    }

    /// <inheritdoc/>
    public async Task<PushedImage> PushAsync(
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(push);
        if (push.Tags.Count == 0)
        {
            throw new ArgumentException("An image is pushed under at least one tag.", nameof(push));
        }

        if (_images is not null)
        {
            var shared = _images.GetOrAdd(push.Source, source => new(() => OpenSharedAsync(source, cancellationToken)));
            return await PushAsync(await shared.Value, push, progress, cancellationToken);
        }

        using var image = await OpenAsync(push.Source, cancellationToken);
        return await PushAsync(image, push, progress, cancellationToken);
    }

    /// <summary>Pushes an image that is open already, whatever source the push names.</summary>
    internal async Task<PushedImage> PushAsync(
        ImageContent image,
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        using var credentials = new CurrentCredentials(push.GetCredentials, _timeProvider);
        var http = new RegistryHttp(_transport, Address(push), credentials, _timing, _timeProvider);
        var retries = new Retries(_timing);
        var repository = new RemoteRepository(http, push.Repository, retries, _timing);
        var layers = new LayerLedger(progress, _timeProvider);

        var look = await FirstLook.AskAsync(repository, image, push.Tags, cancellationToken);
        var sent = 0L;
        if (look.HasManifest || look.Tagged.Values.Contains(image.Root.Digest, StringComparer.Ordinal))
        {
            foreach (var layer in image.Layers)
            {
                layers.Record(push.Tags[0], layer.ShortId, LayerStatus.AlreadyExists, 0, layer.Size);
            }
        }
        else
        {
            var uploads = new BlobUploads(repository, image, push, look, layers, retries);
            await uploads.RunAsync(cancellationToken);
            await PutChildrenAsync(repository, image, cancellationToken);
            sent = uploads.BytesSent;
        }

        await Task.WhenAll(
            push.Tags.Where(tag => look.Tagged[tag] != image.Root.Digest)
                .Select(tag => PutTagAsync(repository, image.Root, tag, cancellationToken))
        );
        return new PushedImage
        {
            Digest = image.Root.Digest,
            Tags = push.Tags,
            SizeInBytes = image.SizeInBytes,
            PushedBytes = sent,
            Layers = layers.Layers,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transport.Dispose();
        foreach (var image in _images?.Values ?? [])
        {
            if (image is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } opened })
            {
                opened.Result.Dispose();
            }
        }
    }

    private Task<ImageContent> OpenAsync(ImageSource source, CancellationToken cancellationToken) =>
        ImageContents.OpenAsync(source, _dockerHost, cancellationToken);

    private async Task<ImageContent> OpenSharedAsync(ImageSource source, CancellationToken cancellationToken) =>
        (await OpenAsync(source, cancellationToken)).Shared();

    private static Uri Address(ImagePush push)
    {
        var address = new Uri($"{(push.UsePlainHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{push.RegistryHost}");
        return push.UsePlainHttp && !address.IsLoopback
            ? throw new PushException(
                PushProblem.NetworkFailure,
                $"The registry {push.RegistryHost} speaks plain HTTP, and the credentials would be readable on the way. Only a registry on this machine is pushed to like that."
            )
            : address;
    }

    /// <summary>Under their digests: a tag is for the whole image.</summary>
    private static async Task PutChildrenAsync(
        RemoteRepository repository,
        ImageContent image,
        CancellationToken cancellationToken
    )
    {
        var children = image.Manifests.SkipLast(1).ToLookup(manifest => manifest.IsIndex);
        await Task.WhenAll(children[false].Select(PutAsync));
        foreach (var index in children[true])
        {
            await PutAsync(index);
        }

        async Task PutAsync(ImageManifest manifest) =>
            RequireDigest(
                manifest,
                await repository.PutManifestAsync(manifest, manifest.Digest, cancellationToken),
                manifest.Digest
            );
    }

    private static async Task PutTagAsync(
        RemoteRepository repository,
        ImageManifest manifest,
        string tag,
        CancellationToken cancellationToken
    )
    {
        try
        {
            RequireDigest(manifest, await repository.PutManifestAsync(manifest, tag, cancellationToken), tag);
        }
        catch (PushException failure) when (failure.Problem is PushProblem.TagImmutable)
        {
            // The tag may have come to be ours in the meantime, by an answer that was lost or by another build.
            if (await repository.FindManifestAsync(tag, cancellationToken) != manifest.Digest)
            {
                throw;
            }
        }
    }

    private static void RequireDigest(ImageManifest manifest, string answered, string reference)
    {
        if (answered != manifest.Digest)
        {
            throw new PushException(
                PushProblem.RegistryFailure,
                $"The registry calls {reference} {answered}, but the image that was sent is {manifest.Digest}."
            );
        }
    }
}
