namespace EcrBuildTasks.Policies.Names;

/// <summary>The kind of name that was parsed.</summary>
public enum ReferencePart
{
    Registry,

    /// <summary>The alias of a public registry.</summary>
    Alias,

    Repository,

    Tag,
}

/// <summary>A text that is not a valid registry, repository or tag of Amazon ECR.</summary>
public sealed class ReferenceFormatException : FormatException
{
    public ReferenceFormatException(ReferencePart part, string input, string problem, string remedy)
        : base($"'{ImageAddress.Presentable(input)}' {problem}. {remedy}")
    {
        Part = part;
        Input = ImageAddress.Presentable(input);
        Problem = problem;
        Remedy = remedy;
    }

    /// <summary>The kind of name that the text should be.</summary>
    public ReferencePart Part { get; }

    /// <summary>The text without a user name and password before the host.</summary>
    public string Input { get; }

    /// <summary>What is wrong, as the rest of a sentence that begins with the input.</summary>
    public string Problem { get; }

    /// <summary>What to do, as a sentence; with the corrected spelling if there is one.</summary>
    public string Remedy { get; }
}
