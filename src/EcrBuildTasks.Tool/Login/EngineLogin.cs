using System.Diagnostics;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Login;

/// <summary>Logs in the command-line client of an engine.</summary>
internal static class EngineLogin
{
    private const string Docker = "docker";
    private const string Podman = "podman";

    /// <summary>Runs <c>docker login</c>, or <c>podman login</c> if docker is not installed.</summary>
    /// <param name="password">
    /// The credentials; the password is passed on standard input, because other users can read command lines.
    /// </param>
    /// <param name="note">Receives the output of the program.</param>
    /// <returns>The program that was logged in.</returns>
    /// <exception cref="DiagnosedException">Neither program is installed, or the login failed.</exception>
    public static async Task<string> RunAsync(
        RegistryCredentials password,
        Action<string> note,
        CancellationToken cancellationToken
    )
    {
        var (name, process) =
            ProgramInPath.Start(Docker, ArgumentsFor(password), isFed: true) is { } docker ? (Docker, docker)
            : ProgramInPath.Start(
                Podman,
                [
                    .. ArgumentsFor(password),
                    .. password is { UsePlainHttp: true, Address.IsLoopback: true }
                        ? ["--tls-verify=false"]
                        : Array.Empty<string>(),
                ],
                isFed: true
            )
                is { } podman
                ? (Podman, podman)
            : throw Failure(
                "Neither docker nor podman is installed.",
                "`dotnet ecr login --print-password` prints the password for another program; `dotnet ecr push` does not need a login."
            );
        using (process)
        {
            try
            {
                var message = await TellAsync(process, password.Password, cancellationToken);
                if (process.ExitCode != 0)
                {
                    throw Failure(
                        $"`{name} login {password.Host}` failed with exit code {process.ExitCode}{(message.Length > 0 ? $": {message.ReplaceLineEndings(" ")}" : ".")}"
                    );
                }

                foreach (var line in message.Split('\n', StringSplitOptions.RemoveEmptyEntries))
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

    /// <summary>Passes the password, and returns the output of the program without the password.</summary>
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
            // It exited before reading; its output shows why.
        }

        await process.WaitForExitAsync(cancellationToken);
        return $"{await error}\n{await output}".Trim();
    }

    private static DiagnosedException Failure(string message, params IReadOnlyList<string> details) =>
        new(EcrDiagnostic.Error(EcrCode.LoginFailed, message, details));
}
