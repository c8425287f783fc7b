using System.Diagnostics;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;

namespace Tests;

/// <summary>Runs the .NET SDK in the folder of the service, as the pipeline does.</summary>
internal static class Pipeline
{
    /// <summary>The folder of this sample.</summary>
    public static string Root { get; } = Path.GetFullPath("../../../..", AppContext.BaseDirectory);

    public static async Task<(int ExitCode, string Output)> RunAsync(EcrEmulator emulator, params string[] arguments)
    {
        // A base image that needs no internet.
        var baseImage = $"localhost:{emulator.Endpoint.Port}/{ExampleAccount.BaseImage}";
        var start = new ProcessStartInfo("dotnet", [.. arguments, $"-p:ContainerBaseImage={baseImage}"])
        {
            WorkingDirectory = Path.Combine(Root, "Service"),
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in emulator.EnvironmentFor(ExampleAccount.Key))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
