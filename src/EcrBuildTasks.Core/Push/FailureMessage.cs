using System.Text.RegularExpressions;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push;

/// <summary>Classifies the error message of an engine or a registry.</summary>
internal static partial class FailureMessage
{
    // First match wins: ECR says "denied" for expired tokens and quotas too, and engines wrap its words in their own.
    private static readonly (Regex Words, EcrCode Code, bool IsOpaque)[] Table =
    [
        (TokenExpired(), EcrCode.TokenUnavailable, false),
        (QuotaExceeded(), EcrCode.QuotaExceeded, false),
        (TagImmutable(), EcrCode.TagImmutable, false),
        (KeyRefused(), EcrCode.KmsRefused, false),
        (RateLimited(), EcrCode.Throttled, false),
        (RepositoryNotFound(), EcrCode.RepositoryMissing, false),
        (NotAuthorizedToPerform(), EcrCode.DeniedWithoutReason, false),
        (ImageNotFound(), EcrCode.SourceImageMissing, false),
        (Network(), EcrCode.RegistryUnreachable, false),
        (DeniedWithoutReason(), EcrCode.DeniedWithoutReason, true),
        (Unauthorized(), EcrCode.DeniedWithoutReason, false),
    ];

    public static (EcrCode Code, bool IsOpaque) Classify(string message)
    {
        foreach (var (words, code, isOpaque) in Table)
        {
            if (words.IsMatch(message))
            {
                return (code, isOpaque);
            }
        }

        return (EcrCode.EngineFailed, false);
    }

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const int Timeout = 1000;

    [GeneratedRegex("authorization token has expired", Options, Timeout)]
    private static partial Regex TokenExpired();

    [GeneratedRegex("maximum allowed number of", Options, Timeout)]
    private static partial Regex QuotaExceeded();

    [GeneratedRegex("cannot be overwritten because the .* is immutable", Options, Timeout)]
    private static partial Regex TagImmutable();

    // ECR passes on what KMS says, such as "KmsException: … is disabled" or "The ciphertext refers to a customer master key …".
    [GeneratedRegex(
        "KmsException|kms key|customer master key|kms:(?:decrypt|generatedatakey|creategrant)",
        Options,
        Timeout
    )]
    private static partial Regex KeyRefused();

    [GeneratedRegex("toomanyrequests|rate exceeded|429 too many requests", Options, Timeout)]
    private static partial Regex RateLimited();

    [GeneratedRegex("name unknown|the repository with name '[^']*' does not exist|404 not found", Options, Timeout)]
    private static partial Regex RepositoryNotFound();

    [GeneratedRegex("is not authorized to perform:? ", Options, Timeout)]
    private static partial Regex NotAuthorizedToPerform();

    [GeneratedRegex("image does not exist locally|no such image|image not known|tag does not exist", Options, Timeout)]
    private static partial Regex ImageNotFound();

    [GeneratedRegex(
        "dial (?:tcp|unix)|no such host|connection re(?:fused|set)|i/o timeout|tls: |tls handshake|x509: |broken pipe"
            + "|unexpected eof|deadline exceeded|client.timeout|gave http response to https client"
            + "|server misbehaving|unexpected http status: 5\\d\\d|5\\d\\d (?:internal server error|bad gateway|service unavailable)",
        Options,
        Timeout
    )]
    private static partial Regex Network();

    // "no basic auth credentials" comes although credentials are always sent: the engine had them for another host.
    [GeneratedRegex(
        "\\bEOF\\s*$|error parsing http 403 response body|403 \\(?forbidden|status:? 403|no basic auth credentials|\\bdenied\\b",
        Options,
        Timeout
    )]
    private static partial Regex DeniedWithoutReason();

    [GeneratedRegex(
        "unauthori[sz]ed|authentication required|401 \\(?unauthorized|incorrect username or password",
        Options,
        Timeout
    )]
    private static partial Regex Unauthorized();
}
