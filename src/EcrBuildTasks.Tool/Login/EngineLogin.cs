using System.Diagnostics;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Login;

/// <summary>Logs the command line of an engine in.</summary>
internal static class EngineLogin
{
    private const string Docker = "docker";
    private const string Podman = "podman";

    /// <summary>Runs <c>docker login</c>, or Podman's where docker is not installed.</summary>
    /// <param name="password">
    /// What to log in with; it goes to standard input, for command lines can be read by everybody.
    /// </param>
    /// <param name="note">Takes what the program says.</param>
    /// <returns>The program that is logged in now.</returns>
    /// <exception cref="DiagnosedException">Neither is installed, or it refuses.</exception>
    public static async Task<string> RunAsync(
        RegistryCredentials password,
        Action<string> note,
        CancellationToken cancellationToken
    )
    {
        var (name, process) =
            Start(Docker, ArgumentsFor(password)) is { } docker ? (Docker, docker)
            : Start(
                Podman,
                [.. ArgumentsFor(password), .. password.UsePlainHttp ? ["--tls-verify=false"] : Array.Empty<string>()]
            )
                is { } podman
                ? (Podman, podman)
            : throw Failure(
                "Neither docker nor podman is installed, so there is nothing to log in.",
                "`dotnet ecr login --print-password` prints the password for another program; `dotnet ecr push` needs no login."
            );
        using (process)
        {
            try
            {
                var said = await TellAsync(process, password.Password, cancellationToken);
                if (process.ExitCode != 0)
                {
                    throw Failure(
                        $"`{name} login {password.Host}` failed with exit code {process.ExitCode}: {said.ReplaceLineEndings(" ")}"
                    );
                }

                foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    note(line.TrimEnd());
                }

                return name;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    private static string[] ArgumentsFor(RegistryCredentials password) =>
        ["login", "--username", password.Username, "--password-stdin", password.Host];

    private static Process? Start(string program, IReadOnlyList<string> arguments)
    {
        return ProgramInPath.Find(program) is { } path
            ? Process.Start(
                new ProcessStartInfo(path, arguments)
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )
            : null;
    }

    /// <summary>Hands the password over, and gives what the program says, without it.</summary>
    private static async Task<string> TellAsync(Process process, string secret, CancellationToken cancellationToken)
    {
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.StandardInput.WriteAsync(secret.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read: what it says tells why.
        }

        await process.WaitForExitAsync(cancellationToken);
        return $"{await error}\n{await output}".Replace(secret, "***", StringComparison.Ordinal).Trim();
    }

    private static DiagnosedException Failure(string message, params IReadOnlyList<string> details) =>
        new(EcrDiagnostic.Error(EcrCode.LoginFailed, message, details));
}
