namespace EcrBuildTasks.Push;

/// <summary>How an image is pushed.</summary>
public enum PushMode
{
    /// <summary>What an engine holds is pushed by the engine; an archive or an OCI layout directly to the registry.</summary>
    Auto,

    Engine,

    /// <summary>Directly to the registry, over the OCI distribution protocol.</summary>
    Registry,
}
