namespace EcrBuildTasks.Push;

/// <summary>One layer's progress, reported when its status changes and a few times a second in between.</summary>
/// <param name="LayerId">The engine's short id of the layer.</param>
/// <param name="Status">What happens to it.</param>
/// <param name="Current">Bytes sent up to now.</param>
/// <param name="Total">Bytes to send; 0 when that is unknown.</param>
public sealed record PushProgress(string Tag, string LayerId, LayerStatus Status, long Current, long Total)
{
    /// <summary>What went wrong, when a layer has to be sent again; <see langword="null"/> otherwise.</summary>
    public string? Trouble { get; init; }
}

/// <summary>What happens to a layer in a push.</summary>
public enum LayerStatus
{
    Pushing,

    /// <summary>The registry has taken it.</summary>
    Pushed,

    /// <summary>The registry had it in this repository.</summary>
    AlreadyExists,

    /// <summary>The registry took it from another of its repositories.</summary>
    Mounted,
}
