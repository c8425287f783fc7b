using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>Finds the programs that the tests drive.</summary>
internal static class Programs
{
    public static string Dotnet { get; } =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Skips the test when a program is not installed; fails it in CI.</summary>
    public static string Find(string program)
    {
        // The distribution's own, where a version manager has put another in front.
        var packaged = $"/usr/bin/{program}";
        var path = File.Exists(packaged) ? packaged : Cli.Find(program);
        return path.OrSkip($"{program} is not installed: apt-get install awscli jq skopeo docker.io", Assert.Skip);
    }
}
