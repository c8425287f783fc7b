namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>
/// A repository's tags, of which several builds read and write in an order that a seed decides: each call waits for its turn.
/// No registry can be made to answer in every order.
/// </summary>
internal sealed class InterleavedRepository(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<TaskCompletionSource> _waiting = [];

    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        await TurnAsync();
        return new Dictionary<string, string>(Tags, StringComparer.Ordinal);
    }

    public async Task PointAsync(string tag, string digest, CancellationToken cancellationToken)
    {
        await TurnAsync();
        Tags[tag] = digest;
    }

    /// <summary>Gives turns until all builds are done.</summary>
    public void Run(IEnumerable<Func<Task>> builds)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var running = Task.WhenAll([.. builds.Select(build => build())]);
            while (_waiting.Count > 0)
            {
                var next = _waiting[_random.Next(_waiting.Count)];
                _waiting.Remove(next);
                next.SetResult();
            }

            running.IsCompletedSuccessfully.ShouldBeTrue(running.Exception?.ToString());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private Task TurnAsync()
    {
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        return turn.Task;
    }
}
