namespace EcrBuildTasks.Emulator.Faults;

/// <summary>
/// The steps of a push over the registry protocol, by the names that faults use. See
/// <see href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md"/>.
/// </summary>
public static class FaultStep
{
    /// <summary>A connection, right after it was accepted and before anything is read from it.</summary>
    public const string Connect = nameof(Connect);

    /// <summary>Every request.</summary>
    public const string Any = nameof(Any);

    /// <summary><c>/v2/</c>.</summary>
    public const string Ping = nameof(Ping);

    /// <summary>HEAD of a manifest, by digest or by tag.</summary>
    public const string HeadManifest = nameof(HeadManifest);

    /// <summary>GET of a manifest, by digest or by tag.</summary>
    public const string GetManifest = nameof(GetManifest);

    /// <summary>HEAD of a blob.</summary>
    public const string HeadBlob = nameof(HeadBlob);

    /// <summary>GET of a blob.</summary>
    public const string GetBlob = nameof(GetBlob);

    /// <summary>POST that opens an upload, also when it asks for a mount.</summary>
    public const string StartUpload = nameof(StartUpload);

    /// <summary>POST that asks for a mount.</summary>
    public const string MountBlob = nameof(MountBlob);

    /// <summary>PATCH of an upload.</summary>
    public const string UploadBlob = nameof(UploadBlob);

    /// <summary>PUT that completes an upload, <c>?digest=</c>, also when it has the content of the blob.</summary>
    public const string CompleteUpload = nameof(CompleteUpload);

    /// <summary>PUT that has the content of the blob and completes its upload.</summary>
    public const string UploadWholeBlob = nameof(UploadWholeBlob);

    /// <summary>GET of an upload: how far it is.</summary>
    public const string UploadStatus = nameof(UploadStatus);

    /// <summary>PUT of a manifest, by digest or by tag.</summary>
    public const string PutManifest = nameof(PutManifest);

    /// <summary>PUT of a manifest by digest.</summary>
    public const string PutManifestByDigest = nameof(PutManifestByDigest);

    /// <summary>PUT of a manifest by tag.</summary>
    public const string PutManifestByTag = nameof(PutManifestByTag);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Connect,
        Any,
        Ping,
        HeadManifest,
        GetManifest,
        HeadBlob,
        GetBlob,
        StartUpload,
        MountBlob,
        UploadBlob,
        CompleteUpload,
        UploadWholeBlob,
        UploadStatus,
        PutManifest,
        PutManifestByDigest,
        PutManifestByTag,
    ];
}
