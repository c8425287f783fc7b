using System.Diagnostics.CodeAnalysis;
using NuGet.Versioning;

namespace EcrBuildTasks.Tags;

/// <summary>A tag that is a version, in NuGet's sense and order. All other tags are ignored.</summary>
/// <param name="Tag">The tag, with <c>_</c> where the version has the <c>+</c> of its build metadata.</param>
internal sealed record VersionTag(string Tag, NuGetVersion Version)
{
    private const int FewestNumbers = 3;

    /// <returns><see langword="null"/> for a tag that is not a version, also for <c>1.4</c> and <c>1</c>, which float.</returns>
    public static VersionTag? Parse(string tag) =>
        TryRead(tag, out var version)
        && tag.AsSpan(0, tag.AsSpan().IndexOfAny('-', '_') is >= 0 and var end ? end : tag.Length).Count('.')
            >= FewestNumbers - 1
            ? new(tag, version)
            : null;

    /// <summary>Whether NuGet would read a version in a tag, with however many numbers.</summary>
    public static bool TryRead(string tag, [NotNullWhen(true)] out NuGetVersion? version)
    {
        var metadata = tag.IndexOf('_', StringComparison.Ordinal);
        return NuGetVersion.TryParse(metadata < 0 ? tag : $"{tag[..metadata]}+{tag[(metadata + 1)..]}", out version);
    }
}
