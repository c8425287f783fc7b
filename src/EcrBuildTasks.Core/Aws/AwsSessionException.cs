using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>AWS cannot be called: the problem, and the facts needed to fix it. Never contains a secret.</summary>
public sealed class AwsSessionException : Exception
{
    internal AwsSessionException(EcrCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    public EcrCode Code { get; }

    /// <summary>The profile in use or requested.</summary>
    public string? Profile { get; init; }

    /// <summary>What else helps, in sentences.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Where the credentials come from, as <see cref="AwsSession.CredentialsSource"/> says it.</summary>
    public string? CredentialsSource { get; init; }

    /// <summary>The role that was to be assumed.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The URL that was called.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>AWS's error code, when AWS answered.</summary>
    public string? ErrorCode { get; init; }
}
