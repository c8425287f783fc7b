using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Names;

/// <summary>The rules of a repository name. They differ: ECR Public does not allow <c>my--app</c> and <c>my__app</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html</remarks>
public static partial class RepositoryName
{
    private const int MinLength = 2;
    private const int MaxLength = 256;
    private const string PrivatePart = @"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*";
    private const string PublicPart = "[a-z0-9]+([._-][a-z0-9]+)*";

    /// <summary>Validates and trims a repository name.</summary>
    /// <exception cref="ReferenceFormatException">The name is not allowed in Amazon ECR.</exception>
    public static string Parse(string text, RegistryKind kind)
    {
        var name = text.Trim();
        var address = ImageAddress.FromText(name);
        // A host before the name would be a valid name, but is never intended.
        if (EcrRegistry.FindIn(address) is null && IsValid(name, kind))
        {
            return name;
        }

        var (problem, remedy) = Explain(name, address, kind);
        throw new ReferenceFormatException(ReferencePart.Repository, text, problem, remedy);
    }

    public static bool IsValid(string name, RegistryKind kind) =>
        name.Length is >= MinLength and <= MaxLength
        && (kind is RegistryKind.Public ? AllowedInPublic() : AllowedInPrivate()).IsMatch(name);

    /// <summary>The rule as a regular expression.</summary>
    public static string PatternFor(RegistryKind kind) =>
        kind is RegistryKind.Public ? $"{PublicPart}(/{PublicPart})*" : $"{PrivatePart}(/{PrivatePart})*";

    private static (string Problem, string Remedy) Explain(string name, ImageAddress address, RegistryKind kind)
    {
        if (EcrRegistry.FindIn(address) is var (registry, path))
        {
            return (
                "contains the registry host; the repository name must not",
                $"Set EcrRegistry to {registry} and the repository to {(path.Length > 0 ? Correct(path, registry.Kind) ?? path : "the name without the host")}{AndTag(address)}."
            );
        }

        if (address is { Tag: not null } or { Digest: not null } && Correct(address.Path, kind) is { } alone)
        {
            return (
                address.Tag is null ? "contains a digest" : "contains a tag",
                $"Write {alone} as the repository{AndTag(address)}."
            );
        }

        if (name.Length is < MinLength or > MaxLength)
        {
            return (
                "is not a valid Amazon ECR repository name",
                $"A name has {MinLength} to {MaxLength} characters, but this one has {name.Length}."
            );
        }

        var corrected = Correct(name, kind);
        return (
            name.Any(char.IsAsciiLetterUpper)
                ? "contains uppercase letters, which are not allowed in a repository name"
                : "contains characters or separators that are not allowed in a repository name",
            corrected is null
                ? "Use lowercase letters and digits, separated by . _ - or / characters."
                : $"Use {corrected}; the repository in Amazon ECR must have the same name."
        );
    }

    private static string AndTag(ImageAddress address) =>
        address.Tag is { Length: > 0 } tag ? $", and {tag} as the tag" : "";

    private static string? Correct(string name, RegistryKind kind)
    {
        var corrected = Separators()
            .Replace(
                name.ToLowerInvariant().Replace(' ', '-'),
                run => IsValid($"a{run.Value}a", kind) ? run.Value : run.Value[..1]
            )
            .Trim('.', '_', '-', '/');
        return IsValid(corrected, kind) ? corrected : null;
    }

    [GeneratedRegex(
        $@"^{PrivatePart}(/{PrivatePart})*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex AllowedInPrivate();

    [GeneratedRegex($@"^{PublicPart}(/{PublicPart})*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AllowedInPublic();

    [GeneratedRegex("[._/-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Separators();
}
