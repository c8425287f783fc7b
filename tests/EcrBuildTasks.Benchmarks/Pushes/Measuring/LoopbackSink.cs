using System.Net;
using System.Net.Sockets;

namespace EcrBuildTasks.Benchmarks.Pushes.Measuring;

/// <summary>Takes all that a connection on loopback brings, and forgets it.</summary>
internal sealed class LoopbackSink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;

    public LoopbackSink()
    {
        _listener.Start();
        // A thread of its own: waiting for a timer or a pool would be measured too.
        _accepting = Task.Factory.StartNew(Accept, TaskCreationOptions.LongRunning);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Sends that many bytes and waits until they have been taken.</summary>
    public static void Send(int port, long length)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        var bytes = new byte[1 << 18];
        for (var left = length; left > 0; )
        {
            left -= socket.Send(bytes.AsSpan(0, (int)Math.Min(bytes.Length, left)));
        }

        socket.Shutdown(SocketShutdown.Send);
        socket.Receive(bytes);
    }

    public void Dispose()
    {
        _listener.Stop();
        _accepting.Wait();
    }

    private void Accept()
    {
        var bytes = new byte[1 << 18];
        try
        {
            while (true)
            {
                using var socket = _listener.AcceptSocket();
                while (socket.Receive(bytes) > 0) { }
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }
}
