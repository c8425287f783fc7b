using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// A repository of a registry, by the OCI distribution specification and with what Amazon ECR does otherwise: an upload is
/// answered with 201 or 202, and its <c>Range</c> header is no more than a hint.
/// </summary>
internal sealed class RemoteRepository(RegistryHttp http, string name, Retries retries, PushTiming timing)
{
    private static readonly string[] ManifestTypes =
    [
        MediaTypes.OciManifest,
        MediaTypes.OciIndex,
        MediaTypes.DockerManifest,
        MediaTypes.DockerIndex,
    ];

    // What this push has sent, mounted or seen.
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);

    /// <summary>The repository as written in an image reference.</summary>
    public string Name { get; } = $"{http.Registry.Authority}/{name}";

    /// <summary>Waits before a manifest is sent.</summary>
    public Func<CancellationToken, Task> WaitForManifest { private get; init; } = _ => Task.CompletedTask;

    /// <summary>Whether the registry has refused an upload whose content came with the request that completes it.</summary>
    public bool RefusesWholeBlobs { private get; set; }

    /// <summary>Whether to send a blob in the request that completes its upload.</summary>
    public bool TakesWhole(Blob blob) => !RefusesWholeBlobs && blob.Size > 0 && blob.Size < timing.ResumeFrom;

    /// <summary>
    /// The digest of a manifest; <see langword="null"/> if it does not exist, or if the caller is not allowed to check.
    /// </summary>
    /// <param name="reference">A tag or a digest.</param>
    public async Task<string?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            new(HttpMethod.Head, Address($"manifests/{reference}"), $"Looking for {Reference(reference)}")
            {
                Expected = ExpectedAnswer.Manifest(reference),
                Accept = ManifestTypes,
            },
            cancellationToken
        );
        return answer.IsSuccess ? answer.Digest ?? (Digest.IsDigest(reference) ? reference : null) : null;
    }

    /// <summary>The manifest of a single image; <see langword="null"/> if it does not exist, or if the caller is not allowed to read it.</summary>
    public async Task<PushedManifest?> GetManifestAsync(string tag, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            new(HttpMethod.Get, Address($"manifests/{tag}"), $"Reading {Reference(tag)}")
            {
                Expected = ExpectedAnswer.Manifest(tag),
                Accept = ManifestTypes,
                ContentWanted = ImageDocuments.LargestManifest,
            },
            cancellationToken
        );
        return answer.IsSuccess ? PushedManifest.Read(answer.Content, answer.MediaType) : null;
    }

    /// <summary>Whether the repository contains a blob; false if the caller is not allowed to check, because the upload then reports why.</summary>
    public async Task<bool> HasBlobAsync(Blob blob, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            new(HttpMethod.Head, Address($"blobs/{blob.Digest}"), $"Checking for layer {blob.Digest} in {Name}")
            {
                Expected = ExpectedAnswer.Existing(blob),
            },
            cancellationToken
        );
        return HoldIf(answer.IsSuccess, blob.Digest);
    }

    public async Task<Uri> OpenUploadAsync(CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Post, Address("blobs/uploads/"), $"Starting an upload to {Name}")
        {
            Expected = ExpectedAnswer.Upload,
            Body = _ => new ByteArrayContent([]),
        };
        var answer = await SendAsync(request, cancellationToken);
        return answer.IsSuccess ? answer.Location! : throw Refusal.FromAnswer(answer);
    }

    /// <summary>Mounts a blob from another repository, or starts an upload.</summary>
    /// <returns><see langword="null"/> if the blob was mounted; otherwise the address for the upload.</returns>
    public async Task<Uri?> MountAsync(string digest, string from, CancellationToken cancellationToken)
    {
        var address = Address($"blobs/uploads/?mount={Uri.EscapeDataString(digest)}&from={Uri.EscapeDataString(from)}");
        var request = new RegistryRequest(HttpMethod.Post, address, $"Mounting layer {digest} in {Name}")
        {
            Expected = ExpectedAnswer.MountedOrUpload(digest),
            Body = _ => new ByteArrayContent([]),
        };
        var answer = await SendAsync(request, cancellationToken);
        HoldIf(answer.Status is HttpStatusCode.Created, digest);
        return answer.Status switch
        {
            HttpStatusCode.Created => null,
            HttpStatusCode.Accepted => answer.Location,
            // Some registries reject a mount instead of offering an upload.
            _ => await OpenUploadAsync(cancellationToken),
        };
    }

    /// <summary>Sends a blob, from an offset to its end, once.</summary>
    /// <returns>Where the upload goes on.</returns>
    public async Task<Uri> SendBlobAsync(
        Uri upload,
        Blob blob,
        long offset,
        Action<int> sent,
        CancellationToken cancellationToken
    )
    {
        var request = new RegistryRequest(HttpMethod.Patch, upload, $"Uploading layer {blob.Digest} to {Name}")
        {
            Expected = ExpectedAnswer.Part,
            Body = patience => Body(blob, offset, patience, timing.Answer, sent),
        };
        var answer = await http.SendAsync(request, cancellationToken);
        return answer.IsSuccess ? answer.Location ?? upload : throw Refusal.FromAnswer(answer);
    }

    /// <summary>The number of bytes that the registry has received of an upload; <see langword="null"/> for an unknown upload.</summary>
    public async Task<long?> FindOffsetAsync(Uri upload, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(
            // A response without a valid offset restarts the upload, whatever server sent it.
            new(HttpMethod.Get, upload, $"Reading the status of an upload to {Name}") { Expected = null },
            cancellationToken
        );
        // Registries write `0-0` for an empty upload.
        return
            answer.IsSuccess
            && answer.Range?.Split('-') is [_, var last]
            && long.TryParse(last, out var index)
            && index >= 0
            ? index == 0
                ? 0
                : index + 1
            : null;
    }

    /// <summary>Ends an upload, once: the registry compares the digest.</summary>
    /// <param name="sent">Receives the progress of the content, which is sent with the request; <see langword="null"/> if the registry has the content.</param>
    public async Task<RegistryAnswer> CompleteUploadAsync(
        Uri upload,
        Blob blob,
        Action<int>? sent,
        CancellationToken cancellationToken
    )
    {
        var answerWithin = timing.AnswerToUpload(blob.Size);
        var query = upload.Query.Length > 1 ? $"{upload.Query[1..]}&" : "";
        var address = new UriBuilder(upload) { Query = $"{query}digest={Uri.EscapeDataString(blob.Digest)}" }.Uri;
        var request = new RegistryRequest(
            HttpMethod.Put,
            address,
            $"{(sent is null ? "Completing the upload of" : "Uploading")} layer {blob.Digest} to {Name}"
        )
        {
            Expected = ExpectedAnswer.Stored(blob.Digest),
            Body = patience =>
                sent is null ? new ByteArrayContent([]) : Body(blob, offset: 0, patience, answerWithin, sent),
            AnswerWithin = answerWithin,
        };
        var answer = await http.SendAsync(request, cancellationToken);
        HoldIf(answer.IsSuccess, blob.Digest);
        return answer;
    }

    /// <summary>Puts a manifest under its digest or a tag.</summary>
    public async Task PutManifestAsync(ImageManifest manifest, string reference, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(
            HttpMethod.Put,
            Address($"manifests/{reference}"),
            $"Uploading the manifest {Reference(reference)}"
        )
        {
            Expected = ExpectedAnswer.Stored(manifest.Digest),
            Body = _ => new ReadOnlyMemoryContent(manifest.Content)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) },
            },
            IsManifestUpload = true,
        };
        var answer = await retries.RunAsync(
            async cancellation =>
            {
                await WaitForManifest(cancellation);
                var response = await http.SendAsync(request, cancellation);
                return IsLagging(response) ? throw new TransientFailure(Refusal.FromAnswer(response)) : response;
            },
            cancellationToken
        );
        if (!HoldIf(answer.IsSuccess, manifest.Digest))
        {
            throw Refusal.FromAnswer(answer);
        }
    }

    /// <summary>
    /// Whether a manifest was refused only because ECR does not see yet what it has just taken:
    /// https://github.com/clowdhaus/ocync/issues/104
    /// </summary>
    private bool IsLagging(RegistryAnswer answer) =>
        answer.Error is ("MANIFEST_BLOB_UNKNOWN", var message)
        && message.Split([' ', '\'', '"', ',', '[', ']']).Where(Digest.IsDigest).All(_held.ContainsKey);

    /// <returns>The condition.</returns>
    private bool HoldIf(bool isThere, string digest)
    {
        if (isThere)
        {
            _held[digest] = true;
        }

        return isThere;
    }

    private BlobBody Body(Blob blob, long offset, Patience patience, TimeSpan answerWithin, Action<int> sent)
    {
        var left = blob.Size - offset;
        return new BlobBody(
            blob.Content,
            offset,
            () => patience.Restart(Timeout.InfiniteTimeSpan),
            count =>
            {
                left -= count;
                patience.Restart(left > 0 ? timing.Stall : answerWithin);
                sent(count);
            }
        );
    }

    private Task<RegistryAnswer> SendAsync(RegistryRequest request, CancellationToken cancellationToken) =>
        retries.RunAsync(cancellation => http.SendAsync(request, cancellation), cancellationToken);

    private string Reference(string reference) => $"{Name}{(Digest.IsDigest(reference) ? '@' : ':')}{reference}";

    private Uri Address(string rest) => new(http.Registry, $"/v2/{name}/{rest}");
}
