using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Registry;

/// <summary>A step failed in a way that may pass: it is tried again.</summary>
/// <param name="failure">What to say if it does not pass.</param>
/// <param name="retryAfter">The wait time that the registry requests.</param>
internal sealed class TransientFailure(PushException failure, TimeSpan? retryAfter = null)
    : Exception(failure.Message, failure)
{
    public PushException Failure { get; } = failure;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
