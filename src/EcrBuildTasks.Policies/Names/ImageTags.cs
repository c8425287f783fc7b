using System.Text.RegularExpressions;

namespace EcrBuildTasks.Policies.Names;

/// <summary>The rules of an image tag.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests</remarks>
public static partial class ImageTags
{
    private const int MaxLength = 128;

    /// <summary>Validates and trims tags and removes duplicates; keeps the order.</summary>
    /// <exception cref="ReferenceFormatException">One of them is not a valid tag.</exception>
    public static IReadOnlyList<string> Parse(IEnumerable<string> tags)
    {
        var parsed = new List<string>();
        foreach (var text in tags)
        {
            var tag = text.Trim();
            if (tag.Length > MaxLength || !Allowed().IsMatch(tag))
            {
                throw new ReferenceFormatException(
                    ReferencePart.Tag,
                    text,
                    "is not a valid image tag",
                    $"A tag has at most {MaxLength} letters, digits, . _ and -, and does not start with . or -. For example, use {Mended(tag)}."
                );
            }

            if (!parsed.Contains(tag, StringComparer.Ordinal))
            {
                parsed.Add(tag);
            }
        }

        return parsed;
    }

    /// <summary>The tag of a version: the version, with the <c>+</c> before build metadata as <c>_</c>.</summary>
    public static string OfVersion(string version) => version.Trim().Replace('+', '_');

    /// <summary>The closest valid tag.</summary>
    public static string Mended(string tag)
    {
        var corrected = NotAllowed().Replace(tag.Replace('+', '_'), "-").TrimStart('.', '-');
        return corrected.Length switch
        {
            0 => "latest",
            > MaxLength => corrected[..MaxLength],
            _ => corrected,
        };
    }

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9._-]*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Allowed();

    [GeneratedRegex("[^A-Za-z0-9._-]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotAllowed();
}
