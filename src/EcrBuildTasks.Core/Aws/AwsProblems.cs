using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using EcrBuildTasks.Failures;

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

            if (Classify(cause) is { } code)
            {
                return Describe(code, cause, failure, session);
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

    private static EcrCode? Classify(Exception cause) =>
        cause switch
        {
            AwsSessionException known => known.Code,
            AmazonServiceException { ErrorCode: { Length: > 0 } code } answer => ClassifyCode(code, answer),
            UnreadableAnswerException answer => AwsRetries.IsThrottling(answer)
                ? EcrCode.Throttled
                : EcrCode.AnsweredByOther,
            AmazonClientException when cause.Message.Contains("capacity could not be obtained", Ignoring) =>
                EcrCode.Throttled,
            HttpRequestException or SocketException or AuthenticationException or TimeoutException =>
                EcrCode.EndpointUnreachable,
            _ => null,
        };

    private static EcrCode? ClassifyCode(string code, AmazonServiceException answer) =>
        code switch
        {
            "ExpiredToken" or "ExpiredTokenException" => EcrCode.CredentialsExpired,
            "RequestExpired" or "RequestTimeTooSkewed" or "RequestInTheFuture" => EcrCode.ClockSkewed,
            "InvalidSignatureException"
            or "SignatureDoesNotMatch"
                when answer.Message.Contains("Signature expired", Ignoring)
                    || answer.Message.Contains("Signature not yet current", Ignoring) => EcrCode.ClockSkewed,
            "UnrecognizedClientException"
            or "InvalidClientTokenId"
            or "InvalidSignatureException"
            or "SignatureDoesNotMatch"
            or "InvalidAccessKeyId"
            or "IncompleteSignature"
            or "IncompleteSignatureException"
            or "MissingAuthenticationToken"
            or "MissingAuthenticationTokenException"
            or "NotAuthorized" => EcrCode.CredentialsInvalid,
            "LimitExceededException" => null,
            _ when AwsRetries.IsThrottling(answer) => EcrCode.Throttled,
            _ when (int)answer.StatusCode >= 500 => EcrCode.RegistryFailed,
            _ => null,
        };

    private const StringComparison Ignoring = StringComparison.OrdinalIgnoreCase;

    private static AwsSessionException Describe(EcrCode code, Exception cause, Exception failure, AwsSession session)
    {
        var endpoint = EndpointOf(failure);
        var known = cause as AwsSessionException;
        return new AwsSessionException(code, Sentence(code, cause, endpoint, session), failure)
        {
            Profile = session.Profile,
            CredentialsSource = session.CredentialsSource,
            RoleArn = session.RoleArn,
            Endpoint = endpoint,
            ErrorCode = (cause as AmazonServiceException)?.ErrorCode ?? known?.ErrorCode,
            Details = known?.Details ?? [],
        };
    }

    // Of an answer about a signature only the code is shown: its message can repeat the session token.
    private static string Sentence(EcrCode code, Exception cause, Uri? endpoint, AwsSession session) =>
        cause is AwsSessionException ? cause.Message
        : code == EcrCode.CredentialsExpired ? $"The AWS credentials from {session.CredentialsSource} have expired."
        : code == EcrCode.CredentialsInvalid
            ? $"AWS does not accept the credentials from {session.CredentialsSource}{InParentheses(cause)}."
        : code == EcrCode.EndpointUnreachable ? $"{endpoint?.ToString() ?? "AWS"} cannot be reached: {Reason(cause)}"
        : code == EcrCode.Throttled
            ? $"AWS throttled the requests of this account, even after retries{InParentheses(cause)}."
        : code == EcrCode.RegistryFailed
            ? $"{endpoint?.ToString() ?? "AWS"} failed, even after retries, with {Code(cause)}: {cause.Message}"
        : code == EcrCode.ClockSkewed
            ? "The clock of this machine differs too much from the AWS clock, so AWS rejects its signatures."
        : cause.Message;

    private static string InParentheses(Exception cause) =>
        cause is AmazonServiceException { ErrorCode: { Length: > 0 } code } ? $" ({code})" : "";

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
