namespace EcrBuildTasks.Failures;

/// <summary>Diagnostics for a push that failed for a reason other than a denial.</summary>
internal static class PushDiagnosis
{
    public static EcrDiagnostic Describe(PushException failure)
    {
        var message = failure.RawMessage is { Length: > 0 } raw ? raw.Trim() : failure.Message;
        var code = failure.Code;
        if (code == EcrCode.QuotaExceeded)
        {
            return RuleDiagnosis.Quota(message);
        }

        if (code == EcrCode.KmsRefused)
        {
            return RuleDiagnosis.Kms(message);
        }

        if (code == EcrCode.EngineUnavailable)
        {
            return EcrDiagnostic.Error(
                code,
                $"{FirstLine(failure.Message)} Start Docker or Podman, or set DOCKER_HOST or EcrDockerHost to the engine. To push a project without an engine, set EcrPushMode to Registry.",
                OtherLines(failure.Message)
            );
        }

        var sentence = failure.Message.TrimEnd('.');
        return EcrDiagnostic.Error(
            code,
            code == EcrCode.DeniedWithoutReason ? $"The registry denied the push: {message}"
                : code == EcrCode.TokenUnavailable
                    ? $"The registry rejected the authorization token as expired, and also a new one: {message}"
                : code == EcrCode.RepositoryMissing
                    ? $"The repository does not exist: {message} Create it, or set EcrCreateRepository to true."
                : code == EcrCode.TagImmutable
                    ? $"The tag exists and the repository does not allow overwriting it: {message} Push another version."
                : code == EcrCode.Throttled ? $"The registry throttled the push: {message} Try again in a minute."
                : code == EcrCode.RegistryUnreachable
                    ? $"{sentence}. Check the network and the proxy settings (HTTPS_PROXY, NO_PROXY); if the engine pushes, also check its proxy settings."
                : code == EcrCode.ImageRefused ? $"The registry does not accept the image. {failure.Message}"
                : code == EcrCode.RegistryFailed
                    ? $"{sentence}. Push again; layers that were already uploaded are not sent again."
                : code == EcrCode.AnsweredByOther
                    ? $"{failure.Message} A proxy or the login page of a network probably answered instead of the registry. Log in to the network, and check HTTPS_PROXY and NO_PROXY."
                : code == EcrCode.EngineFailed ? $"The engine failed to push the image: {message}"
                : failure.Message
        );
    }

    private static string FirstLine(string text) =>
        text.Split('\n')[0].TrimEnd('\r', ':', ' ') is var line && line.EndsWith('.')
            ? line
            : text.Split('\n')[0].TrimEnd('\r', ':', ' ') + ".";

    private static string[] OtherLines(string text) => [.. text.Split('\n').Skip(1).Select(line => line.TrimEnd('\r'))];
}
