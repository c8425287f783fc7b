using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace EcrBuildTasks.Aws;

/// <summary>
/// When a call is made again: the AWS SDK's own modes, back-off and retry quota. Unless the user has set a number of attempts,
/// throttling is waited out for longer than other failures: a build that starts together with many others had better wait than
/// fail, while one without a network had better fail at once.
/// </summary>
internal static class AwsRetries
{
    /// <summary>With the SDK's back-off half a minute on average, a little more than a minute at most.</summary>
    private const int WhenThrottled = 7;

    /// <summary>What the SDK has for everything.</summary>
    private const int Otherwise = 2;

    private const string RetriedKey = "EcrBuildTasks.Retried";

    private static readonly HashSet<string> ThrottlingCodes = new(StringComparer.OrdinalIgnoreCase)
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    };

    /// <summary>Whether AWS had no room for the request. A quota of ECR, <c>LimitExceededException</c>, is something else.</summary>
    public static bool IsThrottling(AmazonServiceException answer) =>
        answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        || (answer.ErrorCode is { } code && ThrottlingCodes.Contains(code));

    public static void Customize(RuntimePipeline pipeline, IClientConfig config)
    {
        RetryPolicy policy =
            config.RetryMode is RequestRetryMode.Adaptive
                ? new PatientAdaptiveRetryPolicy(config)
                : new PatientRetryPolicy(config);
        foreach (var code in ThrottlingCodes)
        {
            policy.ThrottlingErrorCodes.Add(code);
        }

        policy.ThrottlingErrorCodes.Remove("LimitExceededException");
        policy.HttpStatusCodesToRetryOn.Add(HttpStatusCode.TooManyRequests);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(policy));
        pipeline.AddHandlerBefore<RetryHandler>(new OutcomeHandler());
        pipeline.AddHandlerAfter<RetryHandler>(new AttemptHandler());
        pipeline.AddHandlerAfter<ErrorHandler>(new AnswerHandler());
    }

    /// <summary>Marks a failure of credentials, which their provider has tried long enough.</summary>
    public static void MarkRetried(Exception failure) => failure.Data[RetriedKey] = true;

    private static bool IsWorthAnother(IExecutionContext context, Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause.Data.Contains(RetriedKey))
            {
                return false;
            }
        }

        return context.RequestContext.ClientConfig.IsMaxErrorRetrySet
            || context.RequestContext.Retries < Otherwise
            || (failure is AmazonServiceException answer && IsThrottling(answer));
    }

    private sealed class PatientRetryPolicy : StandardRetryPolicy
    {
        public PatientRetryPolicy(IClientConfig config)
            : base(config) => MaxRetries = config.IsMaxErrorRetrySet ? config.MaxErrorRetry : WhenThrottled;

        public override async Task<bool> RetryForExceptionAsync(
            IExecutionContext executionContext,
            Exception exception
        ) =>
            IsWorthAnother(executionContext, exception)
            && await base.RetryForExceptionAsync(executionContext, exception);
    }

    private sealed class PatientAdaptiveRetryPolicy : AdaptiveRetryPolicy
    {
        public PatientAdaptiveRetryPolicy(IClientConfig config)
            : base(config) => MaxRetries = config.IsMaxErrorRetrySet ? config.MaxErrorRetry : WhenThrottled;

        public override async Task<bool> RetryForExceptionAsync(
            IExecutionContext executionContext,
            Exception exception
        ) =>
            IsWorthAnother(executionContext, exception)
            && await base.RetryForExceptionAsync(executionContext, exception);
    }
}
