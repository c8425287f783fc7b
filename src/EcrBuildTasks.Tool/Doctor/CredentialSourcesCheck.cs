using EcrBuildTasks.Aws;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Which source of credentials is used, and which others it hides: a frequent way to the wrong identity.</summary>
internal static class CredentialSourcesCheck
{
    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken) =>
        Task.FromResult(Of(place.Settings, place.Environment));

    internal static Finding Of(AwsSettings settings, EnvironmentVariables environment)
    {
        var sources = CredentialSources.Of(settings, environment);
        if (sources.Count == 0)
        {
            return Finding.Ok("None is named; an EC2 instance's role is used where there is one.");
        }

        var used = char.ToUpperInvariant(sources[0].Name[0]) + sources[0].Name[1..];
        if (sources.Count == 1)
        {
            return Finding.Ok($"{used}, and no other.");
        }

        var hidden = sources.Skip(1).ToList();
        var found = $"{used}. What goes after it is not used: {string.Join(", ", hidden.Select(one => one.Name))}.";
        // What the command line says is meant to go first.
        return settings.Profile is null && hidden.Any(one => one.IsChosen)
            ? Finding.Warning(
                found,
                "If that is not meant: unset the variable that goes first, or name a profile with --profile, in a build with EcrProfile."
            )
            : Finding.Ok(found);
    }
}
