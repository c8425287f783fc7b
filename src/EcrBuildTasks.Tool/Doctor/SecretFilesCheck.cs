using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether others may read the files with the user's keys.</summary>
internal static class SecretFilesCheck
{
    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        var open = SecretFiles.ReadableByOthers(place.Environment);
        return Task.FromResult(
            open.Count == 0
                ? Finding.Ok("None with keys that others may read.")
                : Finding.Warning(
                    $"Others may read the keys in {string.Join(" and ", open)}.",
                    $"chmod 600 {string.Join(' ', open.Select(path => $"'{path}'"))}"
                )
        );
    }
}
