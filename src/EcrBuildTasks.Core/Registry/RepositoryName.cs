using System.Text.RegularExpressions;

namespace EcrBuildTasks.Registry;

/// <summary>The rules of a repository name.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html</remarks>
public static partial class RepositoryName
{
    private const int MinLength = 2;
    private const int MaxLength = 256;

    /// <summary>Gives a repository name back, trimmed.</summary>
    /// <exception cref="ReferenceFormatException">It is no name that ECR allows.</exception>
    public static string Parse(string text)
    {
        var name = text.Trim();
        if (name.Length is >= MinLength and <= MaxLength && Allowed().IsMatch(name))
        {
            return name;
        }

        var (problem, remedy) = Explain(name);
        throw new ReferenceFormatException(ReferencePart.Repository, text, problem, remedy);
    }

    private static (string Problem, string Remedy) Explain(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && EcrRegistry.IsEcrHost(name[..slash]))
        {
            return (
                "has the registry's host in the repository name",
                $"Set EcrRegistry to {name[..slash]} and the repository to {name[(slash + 1)..]}."
            );
        }

        if (name.Length is < MinLength or > MaxLength)
        {
            return (
                "is no repository name of Amazon ECR",
                $"A name has {MinLength} to {MaxLength} characters; this one has {name.Length}."
            );
        }

        var mended = Mend(name);
        return (
            name.Any(char.IsAsciiLetterUpper)
                ? "has upper-case letters, which a repository name cannot have"
                : "has characters that a repository name cannot have, or a separator too many",
            mended is null
                ? "Use lower-case letters and digits, separated by single . _ - and /."
                : $"Write {mended}; the repository in ECR must have that name too."
        );
    }

    private static string? Mend(string name)
    {
        var mended = Separators()
            .Replace(name.ToLowerInvariant().Replace(' ', '-'), "${first}")
            .Trim('.', '_', '-', '/');
        return mended.Length >= MinLength && Allowed().IsMatch(mended) ? mended : null;
    }

    [GeneratedRegex(
        "^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Allowed();

    [GeneratedRegex("(?<first>[._/-])[._/-]+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Separators();
}
