namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// Lets at most 10 manifests in any second go to a registry: the quota of PutImage, the lowest of a push
/// (https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html). Children of an index and tags would exceed it.
/// </summary>
internal sealed class ManifestPace(TimeProvider timeProvider)
{
    private const int PerSecond = 10;

    private readonly Lock _turn = new();
    private readonly Queue<long> _starts = new();

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan left;
        lock (_turn)
        {
            var now = timeProvider.GetTimestamp();
            var start =
                _starts.Count == PerSecond ? Math.Max(now, _starts.Dequeue() + timeProvider.TimestampFrequency) : now;
            _starts.Enqueue(start);
            left = timeProvider.GetElapsedTime(now, start);
        }

        return left > TimeSpan.Zero ? Task.Delay(left, timeProvider, cancellationToken) : Task.CompletedTask;
    }
}
