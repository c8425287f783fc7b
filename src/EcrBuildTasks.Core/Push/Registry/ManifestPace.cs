namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// Lets at most 10 manifests in any second go to a registry: the quota of PutImage, the lowest of a push
/// (https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html). Children of an index and tags would exceed it.
/// </summary>
internal sealed class ManifestPace(TimeProvider timeProvider)
{
    private const int PerSecond = 10;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<long> _started = new();

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_started.Count == PerSecond)
            {
                var left = TimeSpan.FromSeconds(1) - timeProvider.GetElapsedTime(_started.Peek());
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, timeProvider, cancellationToken);
                }

                _started.Dequeue();
            }

            _started.Enqueue(timeProvider.GetTimestamp());
        }
        finally
        {
            _turn.Release();
        }
    }
}
