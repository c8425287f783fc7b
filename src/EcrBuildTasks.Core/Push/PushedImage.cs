namespace EcrBuildTasks.Push;

/// <summary>What a registry holds after a push.</summary>
public sealed record PushedImage
{
    /// <summary>The manifest's digest, <c>sha256:…</c>, as the registry knows it.</summary>
    public required string Digest { get; init; }

    /// <summary>The tags that now point to it.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Each as <c>os/architecture</c>; empty where they are not known.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>The image's size in bytes: compressed as the registry stores it, or unpacked if an engine pushed it.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>The bytes of the layers that were really sent, as the engine counts them (before it compresses them).</summary>
    public required long PushedBytes { get; init; }

    /// <summary>The layers that the push spoke of, in the order in which it first did.</summary>
    public required IReadOnlyList<PushedLayer> Layers { get; init; }
}

/// <summary>What became of a layer.</summary>
/// <param name="Id">The engine's short id of the layer.</param>
/// <param name="PushedBytes">The bytes sent; 0 for a layer that the registry had.</param>
public sealed record PushedLayer(string Id, LayerStatus Status, long PushedBytes);
