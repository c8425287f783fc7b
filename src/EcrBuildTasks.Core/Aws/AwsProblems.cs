using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;

namespace EcrBuildTasks.Aws;

/// <summary>Classifies exceptions of the AWS SDK.</summary>
internal static class AwsProblems
{
    private const string EndpointKey = "EcrBuildTasks.Endpoint";

    /// <summary>
    /// The problem with identity or connection that caused <paramref name="failure"/>; null for any other cause:
    /// a denial of an action, a missing repository, a cancellation, a fault of the service.
    /// </summary>
    public static AwsSessionException? From(Exception failure, AwsSession session)
    {
        if (failure is OperationCanceledException { InnerException: not TimeoutException })
        {
            return null;
        }

        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is AwsSessionException complete && IsComplete(complete))
            {
                return complete;
            }

            if (Classify(cause) is { } problem)
            {
                return Tell(problem, cause, failure, session);
            }
        }

        return null;
    }

    private static bool IsComplete(AwsSessionException problem) =>
        (problem.Profile ?? problem.CredentialsSource ?? (object?)problem.Endpoint) is not null;

    internal static void NoteEndpoint(object sender, ExceptionEventArgs e)
    {
        if (e is WebServiceExceptionEventArgs { Exception: { } exception, Endpoint: { } endpoint })
        {
            // A request that needs credentials fails with the credentials' exception, whose endpoint is already recorded.
            exception.Data[EndpointKey] ??= endpoint;
        }
    }

    private static AwsProblem? Classify(Exception cause) =>
        cause switch
        {
            AwsSessionException known => known.Problem,
            AmazonServiceException { ErrorCode: { Length: > 0 } code } answer => ClassifyCode(code, answer),
            UnreadableAnswerException answer => AwsRetries.IsThrottling(answer)
                ? AwsProblem.Throttled
                : AwsProblem.AnsweredByOther,
            AmazonClientException when cause.Message.Contains("capacity could not be obtained", Ignoring) =>
                AwsProblem.Throttled,
            HttpRequestException or SocketException or AuthenticationException or TimeoutException =>
                AwsProblem.EndpointUnreachable,
            _ => null,
        };

    private static AwsProblem? ClassifyCode(string code, AmazonServiceException answer) =>
        code switch
        {
            "ExpiredToken" or "ExpiredTokenException" => AwsProblem.ExpiredCredentials,
            "RequestExpired" or "RequestTimeTooSkewed" or "RequestInTheFuture" => AwsProblem.ClockSkew,
            "InvalidSignatureException"
            or "SignatureDoesNotMatch"
                when answer.Message.Contains("Signature expired", Ignoring)
                    || answer.Message.Contains("Signature not yet current", Ignoring) => AwsProblem.ClockSkew,
            "UnrecognizedClientException"
            or "InvalidClientTokenId"
            or "InvalidSignatureException"
            or "SignatureDoesNotMatch"
            or "InvalidAccessKeyId"
            or "IncompleteSignature"
            or "IncompleteSignatureException"
            or "MissingAuthenticationToken"
            or "MissingAuthenticationTokenException"
            or "NotAuthorized" => AwsProblem.InvalidCredentials,
            "LimitExceededException" => null,
            _ when AwsRetries.IsThrottling(answer) => AwsProblem.Throttled,
            _ when (int)answer.StatusCode >= 500 => AwsProblem.ServiceFailed,
            _ => null,
        };

    private const StringComparison Ignoring = StringComparison.OrdinalIgnoreCase;

    private static AwsSessionException Tell(AwsProblem problem, Exception cause, Exception failure, AwsSession session)
    {
        var endpoint = EndpointOf(failure);
        return new AwsSessionException(problem, Sentence(problem, cause, endpoint, session), failure)
        {
            Profile = session.Profile,
            CredentialsSource = session.CredentialsSource,
            RoleArn = session.RoleArn,
            Endpoint = endpoint,
            ErrorCode = (cause as AmazonServiceException)?.ErrorCode ?? (cause as AwsSessionException)?.ErrorCode,
        };
    }

    private static string Sentence(AwsProblem problem, Exception cause, Uri? endpoint, AwsSession session) =>
        problem switch
        {
            AwsProblem.ExpiredCredentials => $"The AWS credentials from {session.CredentialsSource} have expired.",
            AwsProblem.InvalidCredentials =>
                $"AWS does not accept the credentials from {session.CredentialsSource}: {cause.Message}",
            AwsProblem.EndpointUnreachable => $"{endpoint?.ToString() ?? "AWS"} cannot be reached: {Reason(cause)}",
            AwsProblem.Throttled => $"AWS throttled the requests: {cause.Message}",
            AwsProblem.ServiceFailed => $"{endpoint?.ToString() ?? "AWS"} failed with {Code(cause)}: {cause.Message}",
            AwsProblem.ClockSkew => $"The clock of this machine differs too much from the AWS clock: {cause.Message}",
            _ => cause.Message,
        };

    private static string Code(Exception cause) =>
        cause is AmazonServiceException answer
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {answer.ErrorCode}")
            : "an error";

    /// <summary>For a failure during TLS, the message of .NET only refers to the inner exception.</summary>
    private static string Reason(Exception cause) =>
        cause is HttpRequestException { InnerException: AuthenticationException or IOException }
            ? cause.InnerException.Message
            : cause.Message;

    private static Uri? EndpointOf(Exception failure)
    {
        Uri? innermost = null;
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            innermost = cause.Data[EndpointKey] as Uri ?? innermost;
        }

        return innermost;
    }
}
