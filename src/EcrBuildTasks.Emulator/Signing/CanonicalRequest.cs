using System.Security.Cryptography;
using System.Text;

namespace EcrBuildTasks.Emulator.Signing;

/// <summary>Signature Version 4: <see href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"/>.</summary>
internal static class CanonicalRequest
{
    public static string Compute(SignedRequest request, IReadOnlyList<string> signedHeaders)
    {
        var text = new StringBuilder()
            .Append(request.Method)
            .Append('\n')
            .Append(Path(request.RawPath))
            .Append('\n')
            .Append(Query(request.RawQuery))
            .Append('\n');
        foreach (var name in signedHeaders)
        {
            text.Append(name).Append(':').Append(HeaderValue(request.Headers[name])).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(BodyHash(request.Body)).ToString();
    }

    public static string BodyHash(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    public static string Signature(string secret, CredentialScope scope, string timestamp, string canonicalRequest)
    {
        var stringToSign =
            $"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{BodyHash(Encoding.UTF8.GetBytes(canonicalRequest))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[scope.Date, scope.Region, scope.Service, "aws4_request", stringToSign])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(key);
    }

    private static string Path(string rawPath)
    {
        // Every service but S3 encodes the encoded path once more.
        var segments = rawPath.Split('/').Select(Uri.EscapeDataString);
        var path = string.Join('/', segments);
        return path.Length == 0 ? "/" : path;
    }

    private static string Query(string rawQuery)
    {
        var parameters = rawQuery
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(pair => (Name: Encode(pair[0]), Value: Encode(pair.ElementAtOrDefault(1) ?? "")))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', parameters.Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string HeaderValue(IEnumerable<string?> values) =>
        string.Join(
            ',',
            values.Select(value => string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        );
}

/// <summary>The scope of a signature: <c>date/region/service/aws4_request</c>.</summary>
internal sealed record CredentialScope(string Date, string Region, string Service)
{
    public override string ToString() => $"{Date}/{Region}/{Service}/aws4_request";
}
