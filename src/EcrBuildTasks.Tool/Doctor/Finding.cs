namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The result of a check.</summary>
/// <param name="Found">The result, as a sentence.</param>
/// <param name="Remedy">What to do; <see langword="null"/> if nothing needs to be done.</param>
internal sealed record Finding(FindingState State, string Found, string? Remedy = null)
{
    /// <summary>A page with more information.</summary>
    public Uri? Help { get; init; }

    public static Finding Ok(string found) => new(FindingState.Ok, found);

    public static Finding Warning(string found, string remedy) => new(FindingState.Warning, found, remedy);

    public static Finding Problem(string found, string remedy) => new(FindingState.Problem, found, remedy);
}

internal enum FindingState
{
    Ok,

    /// <summary>A push can still work.</summary>
    Warning,

    Problem,
}
