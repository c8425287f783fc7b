namespace EcrBuildTasks.Failures;

/// <summary>A push failed in a way that a user can act on.</summary>
public sealed class PushException : Exception
{
    internal PushException(
        EcrCode code,
        string message,
        string? rawMessage = null,
        bool isOpaque = false,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Code = code;
        RawMessage = rawMessage;
        IsOpaque = isOpaque;
    }

    public EcrCode Code { get; }

    /// <summary>The message of the engine or registry, unchanged; <see langword="null"/> if neither responded.</summary>
    public string? RawMessage { get; }

    /// <summary>The tag that could not be pushed, if the failure concerns a tag.</summary>
    public string? Tag { get; internal set; }

    /// <summary>
    /// Whether the registry's reason was lost on the way (an engine shows <c>EOF</c> or an empty 403), so that the ECR API
    /// has to be called to find it. Then <see cref="Code"/> is the most probable one.
    /// </summary>
    public bool IsOpaque { get; }
}
