using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>The AWS config and credentials files, as keepers of secrets.</summary>
public static class SecretFiles
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The files with secrets that users other than the owner can read; none on Windows, which has no file modes.</summary>
    public static IReadOnlyList<string> ReadableByOthers(EnvironmentVariables environment) =>
        OperatingSystem.IsWindows()
            ? []
            :
            [
                .. new AwsProfiles(environment).FilesWithSecrets.Where(path =>
                    (ModeOf(path) & Others) != UnixFileMode.None
                ),
            ];

    private static UnixFileMode ModeOf(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return UnixFileMode.None;
        }
    }
}
