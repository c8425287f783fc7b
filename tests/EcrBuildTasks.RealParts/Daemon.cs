using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EcrBuildTasks.RealParts;

/// <summary>
/// A server process in a temporary folder of its own. A small shell watches a pipe to us: when the pipe closes, because
/// we dispose or because this process died in whatever way, it stops the server and removes the folder.
/// </summary>
internal sealed class Daemon : IAsyncDisposable
{
    private const string Watch = """
        folder=$1; shift
        trap '' HUP INT TERM PIPE
        exec 3<&0
        ( trap - HUP INT TERM PIPE; exec "$@" ) </dev/null 3<&- >"$folder/log" 2>&1 &
        server=$!
        ( cat <&3 >/dev/null; kill $server; sleep 20; kill -9 $server ) >/dev/null 2>&1 &
        watcher=$!
        wait $server
        status=$?
        kill -9 $watcher 2>/dev/null
        for child in "$folder"/*/containerd/containerd.pid; do
          [ -f "$child" ] && kill "$(cat "$child")" 2>/dev/null && sleep 1
        done
        grep -F " $folder/" /proc/self/mounts 2>/dev/null | cut -d' ' -f2 | sort -r | while read -r mount; do
          umount -l "$mount"
        done
        tail -n 30 "$folder/log" >&2
        rm -rf "$folder"
        exit $status
        """;

    private readonly Process _watcher;
    private readonly Task<string> _lastWords;
    private readonly Lazy<Task> _stop;

    private Daemon(Process watcher)
    {
        _watcher = watcher;
        _lastWords = watcher.StandardError.ReadToEndAsync();
        _stop = new Lazy<Task>(StopAsync);
    }

    /// <summary>A new folder whose path is short enough that a Unix socket fits in.</summary>
    public static string CreateFolder(string prefix, string? parent = null)
    {
        var temp = Path.GetTempPath();
        parent ??= temp.Length > 50 && Directory.Exists("/tmp") ? "/tmp" : temp;
        return Directory
            .CreateDirectory(Path.Combine(parent, $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 9)]))
            .FullName;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the server and returns when <paramref name="answers"/> says that it does.</summary>
    /// <exception cref="InvalidOperationException">It ended or stayed silent; the message has the end of its log.</exception>
    public static async Task<Daemon> StartAsync(
        string folder,
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> environment,
        Func<CancellationToken, Task<bool>> answers,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var startInfo = new ProcessStartInfo("/bin/sh", ["-c", Watch, "watch", folder, .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            startInfo.Environment[name] = value;
        }

        var daemon = new Daemon(Process.Start(startInfo)!);
        try
        {
            await daemon.WaitUntilAsync(answers, command[0], timeout, cancellationToken);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => new(_stop.Value);

    private async Task StopAsync()
    {
        _watcher.StandardInput.Close();
        await _watcher.WaitForExitAsync(CancellationToken.None);
        await _lastWords;
        _watcher.Dispose();
    }

    private async Task WaitUntilAsync(
        Func<CancellationToken, Task<bool>> answers,
        string program,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        while (!await answers(cancellationToken))
        {
            if (_watcher.HasExited)
            {
                throw new InvalidOperationException(
                    $"{program} ended with exit code {_watcher.ExitCode} before it answered. The end of its log:\n{await _lastWords}"
                );
            }

            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                _watcher.StandardInput.Close();
                throw new InvalidOperationException(
                    $"{program} did not answer within {timeout}. The end of its log:\n{await _lastWords}"
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
