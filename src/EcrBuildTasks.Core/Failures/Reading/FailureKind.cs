namespace EcrBuildTasks.Failures.Reading;

/// <summary>What a failed push's own words tell, as finely as they tell it.</summary>
/// <param name="Name">The stable name, such as <c>denied-no-resource-policy</c>.</param>
/// <param name="Code">The code of the catalogue; <see langword="null"/> for <see cref="Unknown"/>.</param>
/// <param name="Evidence">How much such words tell, where a log holds several failures.</param>
/// <param name="Cause">The cause, in one sentence.</param>
/// <param name="Remedies">What to do, a sentence each.</param>
public sealed partial record FailureKind(
    string Name,
    EcrCode? Code,
    Evidence Evidence,
    string Cause,
    params IReadOnlyList<string> Remedies
)
{
    /// <summary>The text tells of no failure that is known here.</summary>
    internal static readonly FailureKind Unknown = new(
        "unknown",
        null,
        Evidence.None,
        "The text holds no failure of a push to Amazon ECR that is known here.",
        "Paste the whole output of the failed command, from the line that names the registry to the last one.",
        "Where that shows no reason, the full output of the client does: `docker buildx build --progress plain`, `crane --verbose`, `aws --debug`, `skopeo --debug`."
    );

    /// <summary>Whether a client tries again by itself, so that an image pushed afterwards makes up for it.</summary>
    internal bool IsTransient => this == Eof || this == Network || this == RateLimited || this == EndpointUnresolvable;

    public override string ToString() => Name;
}

/// <summary>How much a failure's words tell.</summary>
public enum Evidence
{
    None,

    /// <summary>That something failed: the reason was lost on the way.</summary>
    Symptom,

    /// <summary>A fault that a later step may live with, or die of.</summary>
    Circumstance,

    Cause,
}
