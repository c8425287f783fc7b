namespace EcrBuildTasks;

/// <summary>Which way an image takes to the registry.</summary>
public enum PushMode
{
    /// <summary>
    /// Through a Docker Engine when one answers, else straight to the registry. An OCI layout always goes straight: on the way
    /// through an engine it may lose architectures and change its digest.
    /// </summary>
    Auto,

    Engine,

    /// <summary>Straight to the registry, over the OCI distribution protocol.</summary>
    Registry,
}
