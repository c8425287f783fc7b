namespace EcrBuildTasks.Tool.Doctor;

/// <summary>How it is with one thing that a push needs.</summary>
/// <param name="Found">What was found, as a sentence.</param>
/// <param name="Remedy">What to do; <see langword="null"/> where nothing is to be done.</param>
internal sealed record Finding(FindingState State, string Found, string? Remedy = null)
{
    /// <summary>A page that says more.</summary>
    public Uri? Help { get; init; }

    public static Finding Ok(string found) => new(FindingState.Ok, found);

    public static Finding Warning(string found, string remedy) => new(FindingState.Warning, found, remedy);

    public static Finding Problem(string found, string remedy) => new(FindingState.Problem, found, remedy);
}

internal enum FindingState
{
    Ok,

    /// <summary>A push may work all the same.</summary>
    Warning,

    Problem,
}
