using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests.Clients;

/// <summary>Finds the programs that the tests drive; where everything is required, a missing one fails.</summary>
internal static class Programs
{
    private static bool Required =>
        Environment.GetEnvironmentVariable("CI") == "true"
        || Environment.GetEnvironmentVariable("ECR_REQUIRE_ENGINE") == "true";

    public static string Find(string program)
    {
        // The distribution's own, where a version manager has put another in front.
        var packaged = $"/usr/bin/{program}";
        var path = File.Exists(packaged) ? packaged : Cli.Find(program);
        return path ?? throw Unavailable($"{program} is not installed: apt-get install awscli skopeo podman docker.io");
    }

    public static Exception Unavailable(string reason)
    {
        if (!Required)
        {
            Assert.Skip(reason);
        }

        return new InvalidOperationException(reason);
    }
}
