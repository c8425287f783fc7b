using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The .NET SDK for this folder, which global.json can select.</summary>
internal static class SdkCheck
{
    private const int Needed = 10;
    private const string Remedy = "Install the .NET SDK 10: https://dotnet.microsoft.com/download";

    public static async Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        using var process = ProgramInPath.Start("dotnet", ["--version"]);
        if (process is null)
        {
            return Finding.Warning("dotnet is not on the PATH, so projects cannot be published.", Remedy);
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return Evaluate(process.ExitCode, (await output).Trim(), (await error).Trim());
        }
        catch (OperationCanceledException)
        {
            Stop(process);
            throw;
        }
    }

    internal static Finding Evaluate(int exitCode, string output, string error)
    {
        if (exitCode != 0)
        {
            var message = $"{output}\n{error}".Trim().Split('\n')[0].TrimEnd();
            return Finding.Problem(
                $"`dotnet --version` failed: {message}",
                $"{Remedy}. Or correct global.json in this folder or a parent folder."
            );
        }

        return
            int.TryParse(output.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && major >= Needed
            ? Finding.Ok($"{output}.")
            : Finding.Problem($"{output} is older than 10.", Remedy);
    }

    private static void Stop(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has already exited.
        }
    }
}
