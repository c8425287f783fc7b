using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether other users can read the files with the user's keys.</summary>
internal static class SecretFilesCheck
{
    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        var open = SecretFiles.ReadableByOthers(place.Environment);
        return Task.FromResult(
            open.Count == 0
                ? Finding.Ok("Other users cannot read the files with your keys.")
                : Finding.Warning(
                    $"Other users can read the keys in {string.Join(" and ", open)}.",
                    $"chmod 600 {string.Join(' ', open.Select(path => $"'{path}'"))}"
                )
        );
    }
}
