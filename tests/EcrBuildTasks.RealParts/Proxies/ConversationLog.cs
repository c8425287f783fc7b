using System.Diagnostics;

namespace EcrBuildTasks.RealParts;

/// <summary>Finds the exchanges in what goes back and forth on one connection.</summary>
internal sealed class ConversationLog(long started)
{
    private readonly Lock _gate = new();
    private readonly List<Exchange> _exchanges = [];

    public IReadOnlyList<Exchange> Exchanges
    {
        get
        {
            lock (_gate)
            {
                return [.. _exchanges];
            }
        }
    }

    public void OnQuestion()
    {
        lock (_gate)
        {
            if (_exchanges.Count == 0 || _exchanges[^1].End is not null)
            {
                _exchanges.Add(new(Stopwatch.GetElapsedTime(started), End: null));
            }
        }
    }

    public void OnAnswer()
    {
        lock (_gate)
        {
            if (_exchanges.Count > 0 && _exchanges[^1].End is null)
            {
                _exchanges[^1] = _exchanges[^1] with { End = Stopwatch.GetElapsedTime(started) };
            }
        }
    }
}
