using EcrBuildTasks.Aws;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Which source of credentials is used, and which others it overrides: a frequent cause of a wrong identity.</summary>
internal static class CredentialSourcesCheck
{
    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken) =>
        Task.FromResult(Evaluate(place.Settings, place.Environment));

    internal static Finding Evaluate(AwsSettings settings, EnvironmentVariables environment)
    {
        var sources = CredentialSources.List(settings, environment);
        if (sources.Count == 0)
        {
            return Finding.Ok("No source is configured; the role of the EC2 instance is used if there is one.");
        }

        var used = sources[0].Name;
        if (sources.Count == 1)
        {
            return Finding.Ok($"Using {used}; no other source is configured.");
        }

        var hidden = sources.Skip(1).ToList();
        var found =
            $"Using {used}; ignored because of lower precedence: {string.Join(", ", hidden.Select(one => one.Name))}.";
        // An option of the command line overrides other sources on purpose.
        return settings.Profile is null && hidden.Any(one => one.IsChosen)
            ? Finding.Warning(
                found,
                "If this is not intended, unset the variable with higher precedence, or set a profile with --profile (in a build: EcrProfile)."
            )
            : Finding.Ok(found);
    }
}
