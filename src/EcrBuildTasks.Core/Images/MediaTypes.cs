namespace EcrBuildTasks.Images;

/// <summary>The media types of manifests, configurations and layers, from the OCI image specification and Docker's schema 2.</summary>
internal static class MediaTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciPlainLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciGzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string OciZstdLayer = "application/vnd.oci.image.layer.v1.tar+zstd";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerPlainLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerGzipLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerIndex;

    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest;

    public static bool IsPlainLayer(string? mediaType) => mediaType is OciPlainLayer or DockerPlainLayer;

    /// <summary>Whether the content of a layer of this type is stored elsewhere and not in the image.</summary>
    public static bool IsForeignLayer(string? mediaType) =>
        mediaType is not null
        && (
            mediaType.StartsWith("application/vnd.docker.image.rootfs.foreign.", StringComparison.Ordinal)
            || mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal)
        );
}
