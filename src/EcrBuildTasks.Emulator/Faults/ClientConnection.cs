using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>What can be done to a client's connection.</summary>
internal static class ClientConnection
{
    // The server itself does not hold on to a connection from which nothing is read: it would be collected, and so closed.
    private static readonly ConcurrentDictionary<TaskCompletionSource, byte> Outwaited = new();

    /// <summary>Ends the connection so that the client sees a reset: nothing that is on its way still arrives.</summary>
    public static void Reset(HttpContext context)
    {
        RequestEnd.Announce(context, status: 0);
        ResetOnClose(context.Features);
        context.Abort();
    }

    /// <inheritdoc cref="Reset(HttpContext)"/>
    public static void Reset(ConnectionContext connection)
    {
        ResetOnClose(connection.Features);
        connection.Abort();
    }

    /// <summary>Waits until the client gives up, or the server stops.</summary>
    public static async Task OutwaitAsync(CancellationToken closed)
    {
        var end = new TaskCompletionSource();
        Outwaited.TryAdd(end, 0);
        try
        {
            await using var registration = closed.Register(end.SetResult);
            await end.Task;
        }
        finally
        {
            Outwaited.TryRemove(end, out _);
        }
    }

    /// <summary>Sends bytes past the server's own HTTP, then nothing more.</summary>
    /// <exception cref="InvalidOperationException">The server's connections are no sockets.</exception>
    public static async Task SendLastAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        var socket = Socket(context.Features) ?? throw new InvalidOperationException("The connection is not a socket.");
        RequestEnd.Announce(context, context.Response.StatusCode);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, context.RequestAborted)..];
        }

        socket.Shutdown(SocketShutdown.Send);
        // To close at once could take back what the client has not read yet.
        await Task.WhenAny(
            OutwaitAsync(context.RequestAborted),
            Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None)
        );
        context.Abort();
    }

    private static void ResetOnClose(IFeatureCollection features) => Socket(features)?.LingerState = new(true, 0);

    private static Socket? Socket(IFeatureCollection features) => features.Get<IConnectionSocketFeature>()?.Socket;
}
