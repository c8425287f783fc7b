namespace EcrBuildTasks.Policies.Names;

/// <summary>What kind of name a text was meant to be.</summary>
public enum ReferencePart
{
    Registry,

    /// <summary>The alias of a public registry.</summary>
    Alias,

    Repository,

    Tag,
}

/// <summary>A text that cannot name a registry, a repository or a tag of Amazon ECR.</summary>
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

    /// <summary>What the text was meant to name.</summary>
    public ReferencePart Part { get; }

    /// <summary>The text as it was given, but for a user name and a password before a host.</summary>
    public string Input { get; }

    /// <summary>What is wrong, as the rest of a sentence that begins with the input.</summary>
    public string Problem { get; }

    /// <summary>What to do, as a sentence; with the mended spelling where there is one.</summary>
    public string Remedy { get; }
}
