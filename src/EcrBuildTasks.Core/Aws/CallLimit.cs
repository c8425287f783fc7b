using System.Runtime.ExceptionServices;
using Amazon.Runtime;

namespace EcrBuildTasks.Aws;

/// <summary>How long the preflight waits for one answer: an endpoint that only swallows requests must not hold up a build.</summary>
internal sealed record CallLimit(TimeSpan Longest)
{
    public static CallLimit Standard { get; } = new(TimeSpan.FromSeconds(10));

    /// <exception cref="TimeoutException">The call took longer.</exception>
    /// <exception cref="AmazonServiceException">The call took longer, and this is the error of the last attempt.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            return await call(limit.Token);
        }
        catch (OperationCanceledException waiting)
            when (waiting.InnerException is AmazonServiceException answer && !cancellationToken.IsCancellationRequested)
        {
            ExceptionDispatchInfo.Throw(answer);
            throw;
        }
        catch (Exception failure) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no response within {Longest.TotalSeconds} seconds", failure);
        }
    }
}
