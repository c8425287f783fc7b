using System.Collections.Concurrent;

namespace EcrBuildTasks.Emulator.Calls;

/// <summary>The newest calls, so that a client cannot fill the memory.</summary>
internal sealed class CallHistory
{
    public const int MostCalls = 10_000;

    private readonly ConcurrentQueue<ReceivedCall> _calls = new();

    public IReadOnlyList<ReceivedCall> Newest => [.. _calls];

    public void Add(ReceivedCall call)
    {
        _calls.Enqueue(call);
        while (_calls.Count > MostCalls && _calls.TryDequeue(out _)) { }
    }

    public void Clear() => _calls.Clear();
}
