using System.Diagnostics;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>
/// Starts other programs, without the AWS credentials that this one has.
/// </summary>
internal static class ProgramInPath
{
    /// <summary>The variables that hold credentials, or an address that gives them to anyone who knows it.</summary>
    private static readonly string[] Credentials =
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SECRET_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ];

    /// <summary>Starts a program; null if it is not installed.</summary>
    /// <param name="isFed">Whether it is given its standard input.</param>
    public static Process? Start(string name, IReadOnlyList<string> arguments, bool isFed = false)
    {
        if (EnvironmentVariables.OfProcess().FindProgram(name) is not { } path)
        {
            return null;
        }

        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = isFed,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in Credentials)
        {
            start.Environment.Remove(variable);
        }

        return Process.Start(start);
    }
}
