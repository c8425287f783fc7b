using System.Net;
using System.Net.Http.Headers;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Registry;

/// <summary>Classifies error responses of a registry.</summary>
internal static class Refusal
{
    private const string TokenExpired = "authorization token has expired";

    /// <summary>Whether new credentials can help. A response without a body, as for HEAD, does not show that.</summary>
    /// <param name="sent">The credentials that it was an answer to.</param>
    public static bool IsOfCredentials(RegistryAnswer answer, AuthenticationHeaderValue? sent) =>
        answer.Status is HttpStatusCode.Unauthorized
        // ECR Public returns this for an expired token: https://github.com/aws/containers-roadmap/issues/2835
        || (
            answer is { Status: HttpStatusCode.BadRequest, Error.Code: "" or "DENIED" or "UNAUTHORIZED" }
            && sent?.Scheme is TokenService.Bearer
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

    /// <summary>Returns the expected response or a permanent error of a registry.</summary>
    /// <exception cref="TransientFailure">The failure may be temporary.</exception>
    /// <exception cref="PushException">Something else answered in place of the registry.</exception>
    public static RegistryAnswer Check(RegistryAnswer answer) =>
        IsTransient(answer.Status) ? throw new TransientFailure(FromAnswer(answer), answer.RetryAfter)
        : IsOfRegistry(answer) ? answer
        : throw OfOther(answer);

    public static PushException FromAnswer(RegistryAnswer answer)
    {
        var (code, message) = answer.Error;
        var error = message.Length > 0 ? message : Status(answer);
        return new PushException(
            Classify(answer, code, message.Length > 0 ? message : answer.Body),
            $"{answer.Request.Step} failed ({Status(answer)}): {error}",
            error
        );
    }

    private static bool IsOfRegistry(RegistryAnswer answer) =>
        answer.Request.Expected is not { } expected
        || (
            answer.IsSuccess
                ? expected.IsMetBy(answer)
                : (int)answer.Status is >= 400 and not (int)HttpStatusCode.ProxyAuthenticationRequired
                    // HEAD only asks, and some registries may give the type of an error page to a missing blob.
                    && (answer.Request.Method == HttpMethod.Head || !answer.IsWebPage)
        );

    /// <summary>Leaves out the body, which can be any web page.</summary>
    private static PushException OfOther(RegistryAnswer answer)
    {
        var request = answer.Request;
        string?[] facts =
        [
            answer.MediaType ?? "no content type",
            answer.Length is { } length ? $"length {length}" : null,
            Digest.IsDigest(answer.Digest) ? answer.Digest : null,
            answer is { IsSuccess: false, Location: { } location } ? $"to {location.Authority}" : null,
        ];
        return new(
            EcrCode.AnsweredByOther,
            $"{request.Step} failed: {request.Address.Authority} returned {Status(answer)} for {request.Method} ({string.Join(", ", facts.OfType<string>())}), but a registry returns {request.Expected!.Description}."
        );
    }

    private static string Status(RegistryAnswer answer) => $"{(int)answer.Status} {answer.Status}";

    private static EcrCode Classify(RegistryAnswer answer, string code, string message)
    {
        if (FailureText.CodeOfAnswer(message, out var isCertain) is { } known && isCertain)
        {
            return known;
        }

        return (answer.Status, code) switch
        {
            (HttpStatusCode.Unauthorized, _) => EcrCode.DeniedWithoutReason,
            (HttpStatusCode.Forbidden, _) => EcrCode.DeniedWithoutReason,
            (HttpStatusCode.TooManyRequests, _) => EcrCode.Throttled,
            (_, "NAME_UNKNOWN") => EcrCode.RepositoryMissing,
            (HttpStatusCode.RequestEntityTooLarge, _)
            or (
                _,
                "MANIFEST_INVALID"
                    or "MANIFEST_BLOB_UNKNOWN"
                    or "TAG_INVALID"
                    or "DIGEST_INVALID"
                    or "SIZE_INVALID"
            ) => EcrCode.ImageRefused,
            // ECR answers a manifest that it does not accept with 405 or 415, and the message may be missing.
            (>= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.NotFound, _)
                when answer.Request.IsManifestUpload => EcrCode.ImageRefused,
            _ => EcrCode.RegistryFailed,
        };
    }
}
