using System.Collections;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>What a developer's shell would have, whatever runs the tests.</summary>
internal static class ChildEnvironment
{
    // Several tests make their home at once, and some of them the same.
    private static readonly Lock Turn = new();

    // MSBuild and the CLI tell their children, this process among them, what they are; a build that inherits it differs.
    private static readonly string[] BuildSettings =
    [
        "MSBUILD",
        "DOTNET_CLI",
        "DOTNET_HOST_PATH",
        "VSTEST",
        "TESTINGPLATFORM",
    ];

    private static readonly string[] Strangers =
    [
        .. BuildSettings,
        "AWS_",
        "DOCKER_",
        "CONTAINER_HOST",
        "GITHUB_",
        "GITLAB_",
        "TEAMCITY_",
        "TF_BUILD",
        "BUILD_",
        "SDK_CONTAINER",
        "NUGET_PACKAGES",
        "ECR",
    ];

    /// <summary>The packages that this repository was restored with.</summary>
    public static string PackagesOfThisMachine { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>This process's environment, less what a build inherits from the build that started the tests.</summary>
    public static Dictionary<string, string?> WithoutBuildSettings() =>
        new(Without(BuildSettings), StringComparer.Ordinal) { ["MSBUILDDISABLENODEREUSE"] = "1" };

    /// <summary>An environment with neither AWS nor engine, and with its own home.</summary>
    /// <param name="folder">Holds the home and the packages that all builds of a run share.</param>
    public static Dictionary<string, string?> Of(string folder)
    {
        var home = Path.Combine(folder, "home");
        KeepPackageSources(home);
        return new(Without(Strangers), StringComparer.Ordinal)
        {
            ["CI"] = null,
            ["HOME"] = home,
            ["USERPROFILE"] = home,
            ["DOTNET_CLI_HOME"] = home,
            ["XDG_RUNTIME_DIR"] = null,
            ["NUGET_PACKAGES"] = Path.Combine(folder, "packages"),
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["NO_PROXY"] = "localhost,127.0.0.1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "true",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["DOTNET_NOLOGO"] = "1",
        };
    }

    private static IEnumerable<KeyValuePair<string, string?>> Without(string[] prefixes) =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(variable => (string)variable.Key)
            .Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .Select(name => KeyValuePair.Create(name, (string?)null));

    /// <summary>Where packages come from is the machine's business, also for a build with another home.</summary>
    private static void KeepPackageSources(string home)
    {
        var own = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var (from, to) = (PathOf(own), PathOf(home));
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        lock (Turn)
        {
            if (File.Exists(from) && !File.Exists(to))
            {
                File.Copy(from, to);
            }
        }

        static string PathOf(string home) => Path.Combine(home, ".nuget", "NuGet", "NuGet.Config");
    }
}
