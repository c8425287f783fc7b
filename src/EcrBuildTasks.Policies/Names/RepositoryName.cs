using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Names;

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
        var address = ImageAddress.Of(name);
        // A host before the name would be a legal name; nobody means that.
        if (EcrRegistry.FindIn(address) is null && IsValid(name))
        {
            return name;
        }

        var (problem, remedy) = Explain(name, address);
        throw new ReferenceFormatException(ReferencePart.Repository, text, problem, remedy);
    }

    public static bool IsValid(string name) => name.Length is >= MinLength and <= MaxLength && Allowed().IsMatch(name);

    private static (string Problem, string Remedy) Explain(string name, ImageAddress address)
    {
        if (EcrRegistry.FindIn(address) is var (registry, path))
        {
            return (
                "has the registry's host in the repository name",
                $"Set EcrRegistry to {registry} and the repository to {(path.Length > 0 ? Correct(path) ?? path : "its name alone")}{AndTag(address)}."
            );
        }

        if (address is { Tag: not null } or { Digest: not null } && Correct(address.Path) is { } alone)
        {
            return (
                address.Tag is null ? "has a digest behind the name" : "has a tag behind the name",
                $"Write {alone} as the repository{AndTag(address)}."
            );
        }

        if (name.Length is < MinLength or > MaxLength)
        {
            return (
                "is no repository name of Amazon ECR",
                $"A name has {MinLength} to {MaxLength} characters; this one has {name.Length}."
            );
        }

        var corrected = Correct(name);
        return (
            name.Any(char.IsAsciiLetterUpper)
                ? "has upper-case letters, which a repository name cannot have"
                : "has characters that a repository name cannot have, or a separator too many",
            corrected is null
                ? "Use lower-case letters and digits, separated by single . _ - and /."
                : $"Write {corrected}; the repository in ECR must have that name too."
        );
    }

    private static string AndTag(ImageAddress address) =>
        address.Tag is { Length: > 0 } tag ? $", and EcrImageTags to {tag}" : "";

    private static string? Correct(string name)
    {
        var corrected = Separators()
            .Replace(name.ToLowerInvariant().Replace(' ', '-'), "${first}")
            .Trim('.', '_', '-', '/');
        return IsValid(corrected) ? corrected : null;
    }

    [GeneratedRegex(
        @"^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Allowed();

    [GeneratedRegex("(?<first>[._/-])[._/-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Separators();
}
