using System.Net;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// The response that proves that the registry completed a step. A status alone does not: the login page of a proxy returns 200 for every request.
/// </summary>
/// <param name="Description">The end of the sentence "a registry returns …".</param>
/// <param name="IsMetBy">Whether a 2xx response comes from a registry.</param>
/// <remarks>
/// Amazon ECR sends no <c>Docker-Content-Digest</c> with GET of a manifest, no <c>Location</c> with PUT of a manifest, and 201 in
/// answer to PATCH.
/// </remarks>
internal sealed record ExpectedAnswer(string Description, Func<RegistryAnswer, bool> IsMetBy)
{
    public static ExpectedAnswer Ping { get; } =
        new(
            "200 with the header Docker-Distribution-Api-Version",
            answer => answer is { Status: HttpStatusCode.OK, ApiVersion: not null }
        );

    public static ExpectedAnswer Upload { get; } =
        new("202 with a Location", answer => answer is { Status: HttpStatusCode.Accepted, Location: not null });

    public static ExpectedAnswer Part { get; } =
        new(
            "201 or 202 with a Location or a Range",
            answer =>
                answer.Status is HttpStatusCode.Created or HttpStatusCode.Accepted
                && (answer.Location is not null || answer.Range is not null)
        );

    /// <param name="reference">A tag or a digest.</param>
    public static ExpectedAnswer Manifest(string reference) =>
        new(
            "200 with the digest or the media type of a manifest",
            answer =>
                answer.Status is HttpStatusCode.OK
                && (
                    answer.Digest is { } digest
                        ? Digest.IsDigest(digest)
                            && (digest == reference || !Digest.IsDigest(reference))
                            && (
                                answer.Request.Method == HttpMethod.Head
                                || digest == Digest.Compute(answer.Content.Span)
                            )
                        : answer.MediaType is { } type && (MediaTypes.IsManifest(type) || MediaTypes.IsIndex(type))
                )
        );

    public static ExpectedAnswer Existing(Blob blob) =>
        new(
            $"200 with the length {blob.Size}",
            answer =>
                answer.Status is HttpStatusCode.OK
                && answer.Length == blob.Size
                && (answer.Digest is null || answer.Digest == blob.Digest)
        );

    /// <param name="from">The first byte that was asked for; a registry may begin with the first of all.</param>
    public static ExpectedAnswer Content(long from, long size) =>
        new(
            $"206 or 200 with the rest of {size} bytes",
            answer =>
                !answer.IsWebPage
                && (
                    answer.Status is HttpStatusCode.OK
                        ? answer.Length is null || answer.Length == size
                        : answer.Status is HttpStatusCode.PartialContent
                            && from > 0
                            && (answer.Length is null || answer.Length == size - from)
                )
        );

    public static ExpectedAnswer Stored(string digest) =>
        new(
            $"201 with the digest {digest} or a Location",
            answer =>
                answer.Status is HttpStatusCode.Created
                && (answer.Digest is null ? answer.Location is not null : answer.Digest == digest)
        );

    public static ExpectedAnswer MountedOrUpload(string digest)
    {
        var mounted = Stored(digest);
        return new(
            $"{mounted.Description}, or {Upload.Description}",
            answer => mounted.IsMetBy(answer) || Upload.IsMetBy(answer)
        );
    }
}
