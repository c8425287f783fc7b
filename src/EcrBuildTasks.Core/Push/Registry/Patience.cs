namespace EcrBuildTasks.Push.Registry;

/// <summary>Ends a request that makes no progress; any progress restarts the wait.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _asked;

    public Patience(TimeSpan wait, CancellationToken cancellationToken)
    {
        _asked = cancellationToken;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Restart(wait);
    }

    public CancellationToken Token => _end.Token;

    /// <summary>Whether the wait has elapsed, as opposed to a cancellation.</summary>
    public bool IsOver => _end.IsCancellationRequested && !_asked.IsCancellationRequested;

    /// <summary>How long the wait that ended, or goes on, was to last.</summary>
    public TimeSpan Wait { get; private set; }

    public void Restart(TimeSpan wait)
    {
        Wait = wait;
        _end.CancelAfter(wait);
    }

    public void Dispose() => _end.Dispose();
}
