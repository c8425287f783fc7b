using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace EcrBuildTasks.Aws;

/// <summary>
/// An answer that is not as AWS answers: something on the way gave it, or broke it. The message says where it came from and what
/// it looks like; the body and the SDK's words, which may hold parts of a token, are left out.
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
            $"{endpoint?.ToString() ?? "AWS"} answered {(int)statusCode} with {Looks(statusCode, answer, isRead)}, not as AWS does"
        ),
        innerException: null,
        ErrorType.Unknown,
        errorCode: "",
        requestId: "",
        statusCode
    )
{
    /// <summary>A good answer that broke on the way may come whole the next time.</summary>
    public override RetryableDetails? Retryable =>
        StatusCode is HttpStatusCode.OK ? new RetryableDetails(throttling: false) : null;

    private static string Looks(HttpStatusCode status, IWebResponseData? answer, bool isRead) =>
        (int)status is >= 300 and < 400
        && Uri.TryCreate(answer?.GetHeaderValue("Location"), UriKind.Absolute, out var target)
            ? $"a redirection to {target.Host}"
        : answer?.ContentType?.Contains("html", StringComparison.OrdinalIgnoreCase) is true ? "a web page"
        : isRead ? "no error code"
        : "something that cannot be read";
}
