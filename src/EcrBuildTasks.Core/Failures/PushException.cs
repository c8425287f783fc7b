namespace EcrBuildTasks.Failures;

/// <summary>A push failed in a way that a user can act on.</summary>
public sealed class PushException : Exception
{
    internal PushException(EcrCode code, string message, string? rawMessage = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        RawMessage = rawMessage;
    }

    public EcrCode Code { get; }

    /// <summary>The message of the engine or registry, unchanged; <see langword="null"/> if neither responded.</summary>
    public string? RawMessage { get; }

    /// <summary>The tag that could not be pushed, if the failure concerns a tag.</summary>
    public string? Tag { get; internal set; }
}
