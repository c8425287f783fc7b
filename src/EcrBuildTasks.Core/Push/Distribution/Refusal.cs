using System.Net;
using System.Net.Http.Headers;

namespace EcrBuildTasks.Push.Distribution;

/// <summary>What a registry's refusal means.</summary>
internal static class Refusal
{
    private const string TokenExpired = "authorization token has expired";

    /// <summary>Whether new credentials may help. An answer without a text, as to HEAD, does not tell.</summary>
    /// <param name="answer">The refusal.</param>
    /// <param name="sent">The credentials that it was an answer to.</param>
    public static bool IsOfCredentials(RegistryAnswer answer, AuthenticationHeaderValue sent) =>
        answer.Status is HttpStatusCode.Unauthorized
        // So ECR Public answers to a token that has expired: https://github.com/aws/containers-roadmap/issues/2835
        || (
            answer is { Status: HttpStatusCode.BadRequest, Error.Code: "" or "DENIED" or "UNAUTHORIZED" }
            && sent.Scheme is TokenService.Bearer
        )
        || (
            answer.Status is HttpStatusCode.Forbidden
            && answer.Body.Contains(TokenExpired, StringComparison.OrdinalIgnoreCase)
        );

    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || (
            (int)status >= 500
            && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported)
        );

    /// <param name="answer">The refusal.</param>
    /// <param name="step">What was refused, as the beginning of a sentence: "Opening an upload in host/name".</param>
    public static PushException Of(RegistryAnswer answer, string step)
    {
        var (code, message) = answer.Error;
        var status = $"{(int)answer.Status} {answer.Status}";
        var said = message.Length > 0 ? message : status;
        var (problem, isOpaque) = Problem(answer, code, message);
        return new PushException(problem, $"{step} failed ({status}): {said}", said, isOpaque);
    }

    private static (PushProblem Problem, bool IsOpaque) Problem(RegistryAnswer answer, string code, string message)
    {
        if (FailureMessage.Classify(message) is { Problem: not PushProblem.EngineFailure, IsOpaque: false } known)
        {
            return known;
        }

        return (answer.Status, code) switch
        {
            (HttpStatusCode.Unauthorized, _) => (PushProblem.Unauthorized, false),
            (HttpStatusCode.Forbidden, _) => (PushProblem.Denied, true),
            (HttpStatusCode.TooManyRequests, _) => (PushProblem.RateLimited, false),
            (_, "NAME_UNKNOWN") => (PushProblem.RepositoryNotFound, false),
            (HttpStatusCode.RequestEntityTooLarge, _)
            or (
                _,
                "MANIFEST_INVALID"
                    or "MANIFEST_BLOB_UNKNOWN"
                    or "TAG_INVALID"
                    or "DIGEST_INVALID"
                    or "SIZE_INVALID"
            ) => (PushProblem.ImageRefused, false),
            _ => (PushProblem.RegistryFailure, false),
        };
    }
}
