using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Emulator.Identity;

namespace EcrBuildTasks.Emulator.Signing;

/// <summary>Finds out who signed a request, or why that is not believed.</summary>
internal sealed class SignatureVerifier(IdentityDirectory directory, TimeProvider clock)
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(5);

    public (CallingPrincipal Principal, string Region) Verify(SignedRequest request, string service)
    {
        var authorization = AuthorizationHeader.Parse(request.Headers.Authorization);
        var scope = authorization.Scope;
        if (scope.Service != service)
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                $"Credential should be scoped to correct service: '{service}'."
            );
        }

        var timestamp = CheckTimestamp(request, scope);
        CheckSignedHeaders(request, authorization.SignedHeaders);
        var credential = directory.FindCredential(authorization.AccessKeyId) ?? throw UnknownToken();
        CheckSessionToken(request, credential);
        CheckSignature(request, authorization, timestamp, credential.Key.Secret);
        if (credential.ExpiresAt <= clock.GetUtcNow())
        {
            throw new SignatureException(
                SignatureFault.Expired,
                "The security token included in the request is expired"
            );
        }

        return (credential.Principal, scope.Region);
    }

    private string CheckTimestamp(SignedRequest request, CredentialScope scope)
    {
        const string Format = "yyyyMMdd'T'HHmmss'Z'";
        var timestamp = request.Headers["x-amz-date"].ToString();
        if (
            !DateTimeOffset.TryParseExact(
                timestamp,
                Format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var signedAt
            )
        )
        {
            throw AuthorizationHeader.Incomplete(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
            );
        }

        if (!timestamp.StartsWith(scope.Date, StringComparison.Ordinal))
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{scope.Date}' != '{timestamp}'."
            );
        }

        var now = clock.GetUtcNow();
        string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
        if (signedAt < now - AllowedSkew)
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                $"Signature expired: {timestamp} is now earlier than {Text(now - AllowedSkew)} ({Text(now)} - 5 min.)"
            );
        }

        if (signedAt > now + AllowedSkew)
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                $"Signature not yet current: {timestamp} is still later than {Text(now + AllowedSkew)} ({Text(now)} + 5 min.)"
            );
        }

        return timestamp;
    }

    private static void CheckSignedHeaders(SignedRequest request, IReadOnlyList<string> signedHeaders)
    {
        var required = request
            .Headers.Keys.Select(name => name.ToLowerInvariant())
            .Where(name => name.StartsWith("x-amz-", StringComparison.Ordinal) || name == "host");
        foreach (var name in required.Except(signedHeaders, StringComparer.Ordinal))
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                $"'{name}' must be a 'SignedHeader' in the AWS Authorization."
            );
        }
    }

    private static void CheckSessionToken(SignedRequest request, Credential credential)
    {
        var given = Encoding.UTF8.GetBytes(request.Headers["x-amz-security-token"].ToString());
        var expected = Encoding.UTF8.GetBytes(credential.Key.SessionToken ?? "");
        if (!CryptographicOperations.FixedTimeEquals(given, expected))
        {
            throw UnknownToken();
        }
    }

    private static void CheckSignature(
        SignedRequest request,
        AuthorizationHeader authorization,
        string timestamp,
        string secret
    )
    {
        var expected = CanonicalRequest.Signature(
            secret,
            authorization.Scope,
            timestamp,
            CanonicalRequest.Compute(request, authorization.SignedHeaders)
        );
        var declaredHash = request.Headers["x-amz-content-sha256"].ToString();
        var bodyIsDeclared = declaredHash.Length == 0 || declaredHash == CanonicalRequest.BodyHash(request.Body);
        if (
            !bodyIsDeclared
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(expected),
                Encoding.ASCII.GetBytes(authorization.Signature)
            )
        )
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
            );
        }
    }

    private static SignatureException UnknownToken() =>
        new(SignatureFault.UnknownToken, "The security token included in the request is invalid.");
}
