namespace EcrBuildTasks.Push;

/// <summary>A push failed in a way that a user can act on.</summary>
public sealed class PushException : Exception
{
    internal PushException(
        PushProblem problem,
        string message,
        string? rawMessage = null,
        bool isOpaque = false,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Problem = problem;
        RawMessage = rawMessage;
        IsOpaque = isOpaque;
    }

    /// <summary>In what way it failed.</summary>
    internal PushProblem Problem { get; }

    /// <summary>The engine's or registry's own words, unchanged; <see langword="null"/> if it did not come so far.</summary>
    public string? RawMessage { get; }

    /// <summary>The tag that could not be put, where it was one.</summary>
    public string? Tag { get; internal set; }

    /// <summary>
    /// Whether the registry's reason was lost on the way (an engine shows <c>EOF</c> or an empty 403), so that the real
    /// one must be asked for elsewhere. Then <see cref="Problem"/> is the most probable one.
    /// </summary>
    public bool IsOpaque { get; }
}

/// <summary>The ways in which a push fails.</summary>
internal enum PushProblem
{
    /// <summary>No engine answers, or it went away in mid-push.</summary>
    EngineUnavailable,

    /// <summary>The engine has no such image.</summary>
    EngineImageNotFound,

    /// <summary>The archive is missing, damaged, or of a form that cannot be pushed.</summary>
    ArchiveInvalid,

    Denied,

    /// <summary>The registry refused the credentials as expired, the renewed ones too.</summary>
    TokenExpired,

    /// <summary>The registry does not know the username and password.</summary>
    Unauthorized,

    /// <summary>The registry has no such repository.</summary>
    RepositoryNotFound,

    /// <summary>The repository has the tag and lets nobody move it.</summary>
    TagImmutable,

    /// <summary>A quota of images or tags is used up.</summary>
    QuotaExceeded,

    /// <summary>AWS KMS does not let the repository's key be used.</summary>
    KeyRefused,

    /// <summary>The registry asks for fewer requests.</summary>
    RateLimited,

    /// <summary>The registry cannot be reached, or the connection was lost.</summary>
    NetworkFailure,

    /// <summary>The registry does not take the image.</summary>
    ImageRefused,

    RegistryFailure,

    /// <summary>Something else answered in place of the registry, or changed its answer.</summary>
    AnsweredByOther,

    /// <summary>The engine failed in words that fit no other problem.</summary>
    EngineFailure,

    /// <summary>The push seemed to succeed, but nothing told the image's digest.</summary>
    NoDigest,
}
