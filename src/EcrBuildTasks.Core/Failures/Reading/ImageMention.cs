using System.Text.RegularExpressions;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>A registry that a log names, and the repository behind it.</summary>
internal sealed partial record ImageMention(EcrRegistry Registry, string? Repository)
{
    public static ImageMention? LastIn(string line)
    {
        ImageMention? last = null;
        for (var image = Image().Match(line); image.Success; image = image.NextMatch())
        {
            if (EcrRegistry.IsEcrHost(image.Groups["host"].Value))
            {
                var registry = EcrRegistry.Parse(image.Groups["host"].Value);
                var (named, repository) = registry.TakeAlias(PathIn(image.Groups["repository"].Value));
                last = repository.Length > 0 && named.HasAllowedAlias ? new(named, repository) : new(registry, null);
            }
        }

        return last;
    }

    /// <summary>The name behind the host; the registry's own paths, of its protocol and its token service, are none.</summary>
    private static string PathIn(string text) =>
        text is "v2/" or "token/" ? "" : text.Split("/blobs/")[0].Split("/manifests/")[0].TrimEnd('.', '-', '/', '_');

    [GeneratedRegex(
        @"(?<host>[0-9]{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]*[a-z]|(public\.ecr|ecr-public)\.aws(\.com)?)(:[0-9]+)?(/(v2/)?(?<repository>[a-z0-9][a-z0-9._/-]*))?",
        RegexOptions.ExplicitCapture
            | RegexOptions.NonBacktracking
            | RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
    )]
    private static partial Regex Image();
}
