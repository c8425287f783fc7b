using System.Globalization;
using NuGet.Versioning;

namespace EcrBuildTasks.Tags;

/// <summary>
/// A tag that always points to the highest stable version of a range: <c>1.4</c>, <c>1</c> or <c>latest</c>.
/// </summary>
/// <param name="Major">The first number of its versions; <see langword="null"/> for any.</param>
/// <param name="Minor">The second number of its versions; <see langword="null"/> for any.</param>
internal sealed record FloatingTag(string Name, int? Major, int? Minor)
{
    public const string Latest = "latest";

    /// <summary>The floating tags of versions, the narrowest first; a prerelease has none.</summary>
    public static IReadOnlyList<FloatingTag> FromVersions(IEnumerable<VersionTag> versions) =>
        [
            .. versions
                .Select(tag => tag.Version)
                .Where(version => !version.IsPrerelease)
                .SelectMany<NuGetVersion, FloatingTag>(version =>
                    [
                        new(
                            string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}"),
                            version.Major,
                            version.Minor
                        ),
                        new(version.Major.ToString(CultureInfo.InvariantCulture), version.Major, Minor: null),
                        new(Latest, Major: null, Minor: null),
                    ]
                )
                .Distinct(),
        ];

    public bool Covers(NuGetVersion version) =>
        !version.IsPrerelease && (Major ?? version.Major) == version.Major && (Minor ?? version.Minor) == version.Minor;
}
