using EcrBuildTasks.Failures;
using Polly;
using Polly.Retry;

namespace EcrBuildTasks.Push.Registry;

/// <summary>Tries a step again, after growing and jittered waits, as long as what fails may pass.</summary>
internal sealed class Retries(PushTiming timing)
{
    /// <exception cref="PushException">It did not pass, or it was nothing that passes.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> step,
        CancellationToken cancellationToken,
        Action<TransientFailure, TimeSpan>? onRetry = null
    )
    {
        var pipeline = new ResiliencePipelineBuilder()
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = new PredicateBuilder().Handle<TransientFailure>(failure =>
                        !(failure.RetryAfter > timing.LongestRetryAfter)
                    ),
                    MaxRetryAttempts = timing.Attempts - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = timing.FirstDelay,
                    MaxDelay = timing.LongestDelay,
                    DelayGenerator = attempt =>
                        ValueTask.FromResult((attempt.Outcome.Exception as TransientFailure)?.RetryAfter),
                    OnRetry = attempt =>
                    {
                        onRetry?.Invoke((TransientFailure)attempt.Outcome.Exception!, attempt.RetryDelay);
                        return default;
                    },
                }
            )
            .Build();
        try
        {
            return await pipeline.ExecuteAsync(
                async (run, cancellation) => await run(cancellation),
                step,
                cancellationToken
            );
        }
        catch (TransientFailure failure)
        {
            throw failure.Failure;
        }
    }
}
