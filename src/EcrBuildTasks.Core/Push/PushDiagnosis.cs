using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push;

/// <summary>Words for a push that failed for another reason than a denial.</summary>
internal static class PushDiagnosis
{
    public static EcrDiagnostic Of(PushException failure)
    {
        var said = failure.RawMessage is { Length: > 0 } raw ? raw.Trim() : failure.Message;
        return failure.Problem switch
        {
            PushProblem.EngineUnavailable => EcrDiagnostic.Error(
                EcrCode.EngineUnavailable,
                $"{FirstLine(failure.Message)} Start Docker or Podman, or name the engine with DOCKER_HOST or the property EcrDockerHost; a project is also pushed without any by EcrPushMode=Registry.",
                OtherLines(failure.Message)
            ),
            PushProblem.EngineImageNotFound => EcrDiagnostic.Error(EcrCode.SourceImageMissing, failure.Message),
            PushProblem.ArchiveInvalid => EcrDiagnostic.Error(EcrCode.ArchiveInvalid, failure.Message),
            PushProblem.Denied or PushProblem.Unauthorized => EcrDiagnostic.Error(
                EcrCode.DeniedWithoutReason,
                $"The registry refused the push: {said}"
            ),
            PushProblem.TokenExpired => EcrDiagnostic.Error(
                EcrCode.TokenUnavailable,
                $"The registry refused the authorization token as expired, a new one too: {said}"
            ),
            PushProblem.RepositoryNotFound => EcrDiagnostic.Error(
                EcrCode.RepositoryMissing,
                $"The repository does not exist: {said} Create it, or set EcrCreateRepository to true."
            ),
            PushProblem.TagImmutable => EcrDiagnostic.Error(
                EcrCode.TagImmutable,
                $"The tag exists and the repository does not let it be overwritten: {said} Push another version."
            ),
            PushProblem.QuotaExceeded => RuleDiagnosis.Quota(said),
            PushProblem.KeyRefused => RuleDiagnosis.Kms(said),
            PushProblem.RateLimited => EcrDiagnostic.Error(
                EcrCode.Throttled,
                $"The registry throttles the push: {said} Push again in a minute."
            ),
            PushProblem.NetworkFailure => EcrDiagnostic.Error(
                EcrCode.RegistryUnreachable,
                $"{failure.Message.TrimEnd('.')}. Check the network and the proxy settings (HTTPS_PROXY, NO_PROXY), those of the engine where one pushes."
            ),
            PushProblem.ImageRefused => EcrDiagnostic.Error(
                EcrCode.ImageRefused,
                $"The registry does not take the image. {failure.Message}"
            ),
            PushProblem.RegistryFailure => EcrDiagnostic.Error(
                EcrCode.RegistryFailed,
                $"{failure.Message.TrimEnd('.')}. Push again; what was sent is not sent twice."
            ),
            PushProblem.AnsweredByOther => EcrDiagnostic.Error(
                EcrCode.AnsweredByOther,
                $"{failure.Message} A proxy or the login page of a network seems to answer in place of the registry: log in there, and check HTTPS_PROXY and NO_PROXY."
            ),
            _ => EcrDiagnostic.Error(EcrCode.EngineFailed, $"The engine failed to push the image: {said}"),
        };
    }

    private static string FirstLine(string text) =>
        text.Split('\n')[0].TrimEnd('\r', ':', ' ') is var line && line.EndsWith('.')
            ? line
            : text.Split('\n')[0].TrimEnd('\r', ':', ' ') + ".";

    private static string[] OtherLines(string text) => [.. text.Split('\n').Skip(1).Select(line => line.TrimEnd('\r'))];
}
