using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace EcrBuildTasks.Aws;

/// <summary>What the attempts of a call have brought so far.</summary>
internal sealed class CallHistory
{
    private static readonly ConditionalWeakTable<IRequestContext, CallHistory> Histories = [];

    /// <summary>The last answer with an error's status.</summary>
    public IWebResponseData? Answer { get; set; }

    /// <summary>How the last attempt failed, if it was answered.</summary>
    public AmazonServiceException? Refusal { get; set; }

    public static CallHistory FromContext(IExecutionContext executionContext) =>
        Histories.GetOrCreateValue(executionContext.RequestContext);
}

/// <summary>Beside the network: keeps the answers that are errors, which the SDK drops where it cannot read them.</summary>
internal sealed class AnswerHandler : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (HttpErrorResponseException answered)
        {
            CallHistory.FromContext(executionContext).Answer = answered.Response;
            throw;
        }
    }
}

/// <summary>Around each attempt: says of what did not come from AWS that it did not.</summary>
internal sealed class AttemptHandler : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var history = CallHistory.FromContext(executionContext);
        history.Answer = null;
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (AmazonServiceException refusal) when (!string.IsNullOrEmpty(refusal.ErrorCode))
        {
            history.Refusal = refusal;
            throw;
        }
        catch (Exception failure) when (failure is AmazonServiceException or XmlException or JsonException)
        {
            history.Refusal = Unreadable(failure, history, executionContext);
            throw history.Refusal;
        }
    }

    private static UnreadableAnswerException Unreadable(
        Exception failure,
        CallHistory history,
        IExecutionContext executionContext
    )
    {
        if (failure is UnreadableAnswerException nested)
        {
            return nested;
        }

        var answer = history.Answer ?? executionContext.ResponseContext.HttpResponse;
        return new(
            executionContext.RequestContext.Request.Endpoint,
            answer?.StatusCode ?? (failure as AmazonServiceException)?.StatusCode ?? HttpStatusCode.OK,
            answer,
            isRead: failure is AmazonServiceException and not AmazonUnmarshallingException
        );
    }
}

/// <summary>Around all attempts: gives the end of a call the reason that it has.</summary>
internal sealed class OutcomeHandler : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        ProvidedCredentials.CancelBy(executionContext.RequestContext.CancellationToken);
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (OperationCanceledException cancelled)
            when (CallHistory.FromContext(executionContext).Refusal is { } refusal)
        {
            throw new OperationCanceledException(cancelled.Message, refusal, cancelled.CancellationToken);
        }
    }
}
