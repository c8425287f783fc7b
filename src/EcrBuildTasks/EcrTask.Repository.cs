namespace EcrBuildTasks.Tasks;

/// <content>What a missing repository is created like.</content>
public abstract partial class EcrTask
{
    /// <summary>The property <c>EcrCreateRepository</c>.</summary>
    public string CreateRepository { get; set; } = "";

    /// <summary>The property <c>EcrRepositoryImmutability</c>.</summary>
    public string RepositoryImmutability { get; set; } = "";

    /// <summary>The property <c>EcrRepositoryScanOnPush</c>.</summary>
    public string RepositoryScanOnPush { get; set; } = "";

    /// <summary>The property <c>EcrRepositoryEncryption</c>.</summary>
    public string RepositoryEncryption { get; set; } = "";

    /// <summary>The property <c>EcrRepositoryLifecyclePolicy</c>, the path of a file.</summary>
    public string RepositoryLifecyclePolicy { get; set; } = "";

    /// <summary>The property <c>EcrRepositoryTags</c>, each <c>key=value</c>.</summary>
    public string[] RepositoryTags { get; set; } = [];

    /// <summary>The property <c>EcrRepositoryPushPrincipal</c>.</summary>
    public string RepositoryPushPrincipal { get; set; } = "";

    private RepositoryOptions RepositoryOptions() =>
        new()
        {
            Immutability = Given(RepositoryImmutability),
            ScanOnPush = Given(RepositoryScanOnPush),
            Encryption = Given(RepositoryEncryption),
            LifecyclePolicy = Given(RepositoryLifecyclePolicy),
            Tags = [.. RepositoryTags.Select(Given).OfType<string>()],
            PushPrincipal = Given(RepositoryPushPrincipal),
        };
}
