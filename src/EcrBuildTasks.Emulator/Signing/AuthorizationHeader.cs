namespace EcrBuildTasks.Emulator.Signing;

/// <summary><c>AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…</c></summary>
internal sealed record AuthorizationHeader(
    string AccessKeyId,
    CredentialScope Scope,
    IReadOnlyList<string> SignedHeaders,
    string Signature
)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    public static AuthorizationHeader Parse(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            throw new SignatureException(SignatureFault.Missing, "Request is missing Authentication Token");
        }

        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw Incomplete($"Unsupported AWS 'algorithm': must be '{Algorithm}'.");
        }

        var parameters = header[Algorithm.Length..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        string Parameter(string name) =>
            parameters.GetValueOrDefault(name)
            ?? throw Incomplete($"Authorization header requires '{name}' parameter.");

        var credential = Parameter("Credential");
        if (credential.Split('/') is not [var key, var date, var region, var service, "aws4_request"])
        {
            throw Incomplete("Credential must have exactly 5 slash-delimited elements.");
        }

        return new(
            key,
            new CredentialScope(date, region, service),
            Parameter("SignedHeaders").Split(';'),
            Parameter("Signature")
        );
    }

    public static SignatureException Incomplete(string message) => new(SignatureFault.Incomplete, message);
}

/// <summary>Why a signature is not accepted. ECR and STS have different names for each.</summary>
internal enum SignatureFault
{
    Missing,
    Incomplete,
    UnknownToken,
    Mismatch,
    Expired,
}

/// <summary>A signature that is not accepted, in AWS's words.</summary>
internal sealed class SignatureException(SignatureFault fault, string message) : Exception(message)
{
    public SignatureFault Fault { get; } = fault;
}
