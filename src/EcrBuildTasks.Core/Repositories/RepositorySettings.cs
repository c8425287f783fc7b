using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>What a new repository of a private registry is to be like.</summary>
public sealed record RepositorySettings
{
    /// <summary>Whether its tags can be moved; <see langword="null"/>: they cannot, unless the push itself moves tags.</summary>
    public TagMutability? TagMutability { get; init; }

    /// <summary>Whether each image is scanned when it is pushed.</summary>
    public bool ScanOnPush { get; init; } = true;

    /// <summary><c>AES256</c>, <c>KMS</c> or <c>KMS_DSSE</c>.</summary>
    public string EncryptionType { get; init; } = "AES256";

    /// <summary>The ARN of the KMS key; <see langword="null"/> for the one that AWS manages.</summary>
    public string? KmsKey { get; init; }

    internal LifecyclePolicyFile? LifecyclePolicy { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>The user, role or account root that its policy allows to push; <see langword="null"/> for no policy.</summary>
    public CallerIdentity? PushPrincipal { get; init; }
}

/// <summary>A lifecycle policy in a file.</summary>
/// <param name="Path">The full path of the file.</param>
/// <param name="Text">The policy, JSON.</param>
internal sealed record LifecyclePolicyFile(string Path, string Text);
