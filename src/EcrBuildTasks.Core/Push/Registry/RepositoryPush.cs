using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// One push to one repository: blobs first, several at a time and only those that are absent; then the manifests; the tags
/// last, so that an incomplete image can never be pulled.
/// </summary>
internal sealed class RepositoryPush : IAsyncDisposable
{
    private readonly ImagePush _push;
    private readonly CancellationToken _cancellationToken;
    private readonly CurrentCredentials _credentials;
    private readonly RemoteRepository _repository;
    private readonly LayerLedger _layers;

    public RepositoryPush(
        ImagePush push,
        RegistryTransport transport,
        PushTiming timing,
        TimeProvider timeProvider,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        (_push, _cancellationToken) = (push, cancellationToken);
        var registry = Address(push);
        _credentials = new CurrentCredentials(
            async cancellation => await push.GetCredentials(cancellation),
            timeProvider
        );
        var http = new RegistryHttp(transport.To(registry), registry, _credentials, timing, timeProvider);
        if (push.HasTokenService)
        {
            _credentials.TokenService = new TokenService(http, push.Repository, timeProvider);
        }

        var retries = new Retries(timing);
        _repository = new RemoteRepository(http, push.Repository, retries, timing)
        {
            WaitForManifest = cancellation => transport.WaitForManifestAsync(registry, cancellation),
        };
        _layers = new LayerLedger(progress, timeProvider);
        Uploads = new BlobUploads(_repository, push, _layers, retries, cancellationToken);
    }

    /// <summary>The uploads, of which some may begin before the whole image is known.</summary>
    public BlobUploads Uploads { get; }

    /// <summary>
    /// Looks whether a tag points to an image with a certain configuration, which stands for all that is in it, however its
    /// layers are compressed there; gives it the other tags as well.
    /// </summary>
    /// <param name="configuration">The digest of the image's configuration.</param>
    /// <returns><see langword="null"/> if none does, or if the caller is not allowed to check.</returns>
    public async Task<PushedImage?> ReuseAsync(string configuration)
    {
        var tagged = await Task.WhenAll(
            _push.Tags.Select(tag => _repository.GetManifestAsync(tag, _cancellationToken))
        );
        if (Array.Find(tagged, existing => existing?.Configuration.Digest == configuration) is not { } found)
        {
            return null;
        }

        foreach (var layer in found.Layers)
        {
            RecordExisting(layer.Digest!, layer.Size!.Value);
        }

        var digests = _push.Tags.Zip(tagged, (tag, existing) => KeyValuePair.Create(tag, existing?.Manifest.Digest));
        await TagAsync(found.Manifest, digests.ToDictionary(StringComparer.Ordinal));
        return Pushed(found.Manifest, found.Layers.Append(found.Configuration).Sum(part => part.Size!.Value));
    }

    /// <summary>Brings the whole image there.</summary>
    public async Task<PushedImage> RunAsync(ImageContent image)
    {
        var look = await FirstLook.AskAsync(_repository, image, _push.Tags, _cancellationToken);
        if (look.HasManifest || look.Tagged.Values.Contains(image.Root.Digest, StringComparer.Ordinal))
        {
            await Uploads.FinishAsync();
            foreach (var layer in image.Layers)
            {
                RecordExisting(layer.Digest, layer.Size);
            }
        }
        else
        {
            await Uploads.RunAsync(image, look);
            await PutChildrenAsync(image);
        }

        await TagAsync(image.Root, look.Tagged);
        return Pushed(image.Root, image.SizeInBytes) with
        {
            Platforms = await image.ReadPlatformsAsync(_cancellationToken),
        };
    }

    private void RecordExisting(string digest, long size) =>
        _layers.Record(_push.Tags[0], Digest.Short(digest), LayerStatus.AlreadyExists, 0, size);

    private PushedImage Pushed(ImageManifest manifest, long sizeInBytes) =>
        new()
        {
            Digest = manifest.Digest,
            Tags = _push.Tags,
            SizeInBytes = sizeInBytes,
            PushedBytes = Uploads.BytesSent,
            Layers = _layers.Layers,
        };

    /// <summary>Under their digests: a tag is for the whole image.</summary>
    private async Task PutChildrenAsync(ImageContent image)
    {
        var children = image.Manifests.SkipLast(1).ToLookup(manifest => manifest.IsIndex);
        await Task.WhenAll(children[false].Select(PutAsync));
        foreach (var index in children[true])
        {
            await PutAsync(index);
        }

        Task PutAsync(ImageManifest manifest) =>
            _repository.PutManifestAsync(manifest, manifest.Digest, _cancellationToken);
    }

    private Task TagAsync(ImageManifest manifest, IReadOnlyDictionary<string, string?> tagged) =>
        Task.WhenAll(_push.Tags.Where(tag => tagged[tag] != manifest.Digest).Select(tag => TagAsync(manifest, tag)));

    private async Task TagAsync(ImageManifest manifest, string tag)
    {
        try
        {
            await _repository.PutManifestAsync(manifest, tag, _cancellationToken);
        }
        catch (PushException failure) when (failure.Code == EcrCode.TagImmutable)
        {
            // The tag may have come to be ours in the meantime, by an answer that was lost or by another build.
            if (await _repository.FindManifestAsync(tag, _cancellationToken) != manifest.Digest)
            {
                failure.Tag = tag;
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Uploads.DisposeAsync();
        _credentials.Dispose();
    }

    private static Uri Address(ImagePush push) =>
        new($"{(push.UsePlainHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{push.RegistryHost}");
}
