namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>Programs that are always there.</summary>
internal static class Programs
{
    public static string Dotnet { get; } =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
}
