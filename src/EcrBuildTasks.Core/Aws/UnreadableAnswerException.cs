using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace EcrBuildTasks.Aws;

/// <summary>
/// A response that AWS would not send: something between created or damaged it. The message names the endpoint and describes
/// the response; the body and the SDK message are left out, because they can contain parts of a token.
/// </summary>
internal sealed class UnreadableAnswerException(
    Uri? endpoint,
    HttpStatusCode statusCode,
    IWebResponseData? answer,
    bool isRead
)
    : AmazonServiceException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{endpoint?.ToString() ?? "AWS"} returned {(int)statusCode} with {Looks(statusCode, answer, isRead)}, which is not a valid AWS response"
        ),
        innerException: null,
        ErrorType.Unknown,
        errorCode: "",
        requestId: "",
        statusCode
    )
{
    /// <summary>A successful response that was damaged in transit can succeed on a retry.</summary>
    public override RetryableDetails? Retryable =>
        StatusCode is HttpStatusCode.OK ? new RetryableDetails(throttling: false) : null;

    private static string Looks(HttpStatusCode status, IWebResponseData? answer, bool isRead) =>
        (int)status is >= 300 and < 400
        && Uri.TryCreate(answer?.GetHeaderValue("Location"), UriKind.Absolute, out var target)
            ? $"a redirect to {target.Host}"
        : answer?.ContentType?.Contains("html", StringComparison.OrdinalIgnoreCase) is true ? "a web page"
        : isRead ? "no error code"
        : "an unreadable body";
}
