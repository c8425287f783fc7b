using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EcrBuildTasks.RealParts;

/// <summary>Runs programs as a person at a shell would, and keeps what they said.</summary>
public static class Cli
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    // A grandchild that outlives the program (a build server) may hold its pipes open.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(5);

    static Cli() => AcceptInterrupts();

    /// <summary>Runs a program to its end; a non-zero exit code is a result, not an exception.</summary>
    /// <param name="program">A path, or a name that is looked up in <c>PATH</c>.</param>
    /// <param name="arguments">Passed as they are; no shell is in between.</param>
    /// <param name="workingDirectory">Defaults to the current directory.</param>
    /// <param name="environment">Overrides for this process; <see langword="null"/> as a value removes a variable.</param>
    /// <param name="standardInput">Text for the program's standard input, which is otherwise empty.</param>
    /// <param name="timeout">After this (5 minutes by default) the program is killed with all its children.</param>
    /// <param name="onLine">Called for each line, of either stream, as it arrives.</param>
    /// <param name="cancellationToken">Kills the program with all its children.</param>
    /// <exception cref="TimeoutException">The program ran longer than <paramref name="timeout"/>; the message has its transcript.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<CliResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? standardInput = null,
        TimeSpan? timeout = null,
        Action<string>? onLine = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var startInfo = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            startInfo.Environment[name] = value;
        }

        using var deadline = new CancellationTokenSource(timeout ?? DefaultTimeout);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(startInfo)!;
        var output = new Transcript(onLine);
        var error = new Transcript(onLine);
        var reading = Task.WhenAll(output.ReadAsync(process.StandardOutput), error.ReadAsync(process.StandardError));
        try
        {
            await WriteAsync(process.StandardInput, standardInput, stop.Token);
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAny(reading, Task.Delay(PipeGrace, CancellationToken.None));
            throw new TimeoutException(
                $"Killed after {timeout ?? DefaultTimeout}:{Environment.NewLine}{Result(-1)}",
                e
            );
        }

        await Task.WhenAny(reading, Task.Delay(PipeGrace, cancellationToken));
        return Result(process.ExitCode);

        CliResult Result(int exitCode) =>
            new(program, arguments, exitCode, output.Text, error.Text, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>The full path of a program that <c>PATH</c> or a system folder holds.</summary>
    public static string? Find(string program) => FindAll(program).FirstOrDefault();

    /// <summary>The full paths of all programs of that name in <c>PATH</c> and the system folders, in this order.</summary>
    public static IEnumerable<string> FindAll(string program)
    {
        var names = OperatingSystem.IsWindows() ? [program + ".exe", program + ".cmd"] : new[] { program };
        // Daemons stand in sbin folders, which an ordinary user's PATH leaves out.
        string[] systemFolders = OperatingSystem.IsWindows() ? [] : ["/usr/local/sbin", "/usr/sbin", "/sbin"];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(systemFolders)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .Where(File.Exists);
    }

    // A shell that runs the tests in the background lets them ignore SIGINT, and a child inherits that.
    private static void AcceptInterrupts()
    {
        const int Interrupt = 2;
        const string Ignored = "SigIgn:";
        if (
            OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").First(line => line.StartsWith(Ignored, StringComparison.Ordinal))
                is var line
            && (
                ulong.Parse(line[Ignored.Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    >> (Interrupt - 1)
                & 1
            ) == 1
        )
        {
            _ = SetSignalHandler(Interrupt, handler: 0);
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetSignalHandler(int signal, nint handler);

    private static async Task WriteAsync(StreamWriter input, string? text, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(text.AsMemory(), cancellationToken);
            input.Close();
        }
        catch (IOException)
        {
            // The program ended, or closed its input, before it had read everything: its exit code tells.
        }
    }

    private sealed class Transcript(Action<string>? onLine)
    {
        private readonly Lock _gate = new();
        private readonly List<string> _lines = [];

        public string Text
        {
            get
            {
                lock (_gate)
                {
                    return string.Join('\n', _lines);
                }
            }
        }

        public async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_gate)
                {
                    _lines.Add(line);
                }

                onLine?.Invoke(line);
            }
        }
    }
}
