namespace EcrBuildTasks.Push.Registry;

/// <summary>How long a push waits, how often it tries, and what it prepares to resume.</summary>
internal sealed record PushTiming
{
    /// <summary>How often one step is tried, the first time included.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The wait before the second attempt, about; each further one is about twice as long.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait before an attempt.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest wait that a registry may ask for by Retry-After.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The smallest blob, in bytes, that is sent so that it can resume; a smaller one is rather sent again.</summary>
    public long ResumeFrom { get; init; } = 16 << 20;

    /// <summary>How long a connection may take.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the sending of a body may make no progress.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer may take once the request is sent.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the answer to a finished upload may take: a registry may read the whole layer again, and at least at this pace.
    /// </summary>
    public TimeSpan AnswerToUpload(long bytes) => Answer + TimeSpan.FromSeconds(bytes / 20_000_000.0);
}
