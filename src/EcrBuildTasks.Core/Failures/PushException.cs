namespace EcrBuildTasks.Failures;

/// <summary>A push failed in a way that a user can act on.</summary>
public sealed class PushException : Exception
{
    internal PushException(
        EcrCode code,
        string message,
        string? rawMessage = null,
        bool isOpaque = false,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Code = code;
        RawMessage = rawMessage;
        IsOpaque = isOpaque;
    }

    public EcrCode Code { get; }

    /// <summary>The message of the engine or registry, unchanged; <see langword="null"/> if neither responded.</summary>
    public string? RawMessage { get; }

    /// <summary>The tag that could not be pushed, if the failure concerns a tag.</summary>
    public string? Tag { get; internal set; }

    /// <summary>
    /// Whether the registry's reason was lost on the way (an engine shows <c>EOF</c> or an empty 403), so that the ECR API
    /// has to be called to find it. Then <see cref="Code"/> is the most probable one.
    /// </summary>
    public bool IsOpaque { get; }

    /// <summary>The diagnostic of a push that failed for another reason than a denial.</summary>
    internal EcrDiagnostic Describe()
    {
        var message = RawMessage is { Length: > 0 } raw ? raw.Trim() : Message;
        if (Code == EcrCode.QuotaExceeded)
        {
            return RuleDiagnosis.Quota(message);
        }

        if (Code == EcrCode.KmsRefused)
        {
            return RuleDiagnosis.Kms(message);
        }

        if (Code == EcrCode.EngineUnavailable)
        {
            return EcrDiagnostic.Error(
                Code,
                $"{FirstLine(Message)} Start Docker or Podman, or set DOCKER_HOST or EcrDockerHost to the engine. To push a project without an engine, set EcrPushMode to Registry.",
                OtherLines(Message)
            );
        }

        var sentence = Message.TrimEnd('.');
        return EcrDiagnostic.Error(
            Code,
            Code == EcrCode.DeniedWithoutReason ? $"The registry denied the push: {message}"
                : Code == EcrCode.TokenUnavailable
                    ? $"The registry rejected the authorization token as expired, and also a new one: {message}"
                : Code == EcrCode.RepositoryMissing
                    ? $"The repository does not exist: {message} Create it, or set EcrCreateRepository to true."
                : Code == EcrCode.TagImmutable
                    ? $"The tag exists and the repository does not allow overwriting it: {message} Push another version."
                : Code == EcrCode.Throttled ? $"The registry throttled the push: {message} Try again in a minute."
                : Code == EcrCode.RegistryUnreachable
                    ? $"{sentence}. Check the network and the proxy settings (HTTPS_PROXY, NO_PROXY); if the engine pushes, also check its proxy settings."
                : Code == EcrCode.ImageRefused ? $"The registry does not accept the image. {Message}"
                : Code == EcrCode.RegistryFailed
                    ? $"{sentence}. Push again; layers that were already uploaded are not sent again."
                : Code == EcrCode.AnsweredByOther
                    ? $"{Message} A proxy or the login page of a network probably answered instead of the registry. Log in to the network, and check HTTPS_PROXY and NO_PROXY."
                : Code == EcrCode.EngineFailed ? $"The engine failed to push the image: {message}"
                : Message
        );
    }

    private static string FirstLine(string text) =>
        text.Split('\n')[0].TrimEnd('\r', ':', ' ') is var line && line.EndsWith('.')
            ? line
            : text.Split('\n')[0].TrimEnd('\r', ':', ' ') + ".";

    private static string[] OtherLines(string text) => [.. text.Split('\n').Skip(1).Select(line => line.TrimEnd('\r'))];
}
