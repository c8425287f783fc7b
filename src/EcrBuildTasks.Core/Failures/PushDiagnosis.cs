namespace EcrBuildTasks.Failures;

/// <summary>Words for a push that failed for another reason than a denial.</summary>
internal static class PushDiagnosis
{
    public static EcrDiagnostic Of(PushException failure)
    {
        var said = failure.RawMessage is { Length: > 0 } raw ? raw.Trim() : failure.Message;
        var code = failure.Code;
        if (code == EcrCode.QuotaExceeded)
        {
            return RuleDiagnosis.Quota(said);
        }

        if (code == EcrCode.KmsRefused)
        {
            return RuleDiagnosis.Kms(said);
        }

        if (code == EcrCode.EngineUnavailable)
        {
            return EcrDiagnostic.Error(
                code,
                $"{FirstLine(failure.Message)} Start Docker or Podman, or name the engine with DOCKER_HOST or EcrDockerHost. A project is pushed without an engine with EcrPushMode=Registry.",
                OtherLines(failure.Message)
            );
        }

        var sentence = failure.Message.TrimEnd('.');
        return EcrDiagnostic.Error(
            code,
            code == EcrCode.DeniedWithoutReason ? $"The registry refused the push: {said}"
                : code == EcrCode.TokenUnavailable
                    ? $"The registry refused the authorization token as expired, and a new one too: {said}"
                : code == EcrCode.RepositoryMissing
                    ? $"The repository does not exist: {said} Create it, or set EcrCreateRepository to true."
                : code == EcrCode.TagImmutable
                    ? $"The tag exists and the repository does not allow it to be overwritten: {said} Push another version."
                : code == EcrCode.Throttled ? $"The registry throttles the push: {said} Push again in a minute."
                : code == EcrCode.RegistryUnreachable
                    ? $"{sentence}. Check the network and the proxy settings (HTTPS_PROXY, NO_PROXY), those of the engine if it pushes."
                : code == EcrCode.ImageRefused ? $"The registry does not accept the image. {failure.Message}"
                : code == EcrCode.RegistryFailed ? $"{sentence}. Push again; what was sent is not sent twice."
                : code == EcrCode.AnsweredByOther
                    ? $"{failure.Message} A proxy or the login page of a network seems to answer in place of the registry: log in there, and check HTTPS_PROXY and NO_PROXY."
                : code == EcrCode.EngineFailed ? $"The engine failed to push the image: {said}"
                : failure.Message
        );
    }

    private static string FirstLine(string text) =>
        text.Split('\n')[0].TrimEnd('\r', ':', ' ') is var line && line.EndsWith('.')
            ? line
            : text.Split('\n')[0].TrimEnd('\r', ':', ' ') + ".";

    private static string[] OtherLines(string text) => [.. text.Split('\n').Skip(1).Select(line => line.TrimEnd('\r'))];
}
