using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>A JSON web token, not yet believed.</summary>
internal sealed record WebIdentityToken(IReadOnlyDictionary<string, IReadOnlyList<string>> Claims)
{
    private byte[] Signed { get; init; } = [];

    private byte[] Signature { get; init; } = [];

    public string Issuer => Claim("iss").Replace("https://", "", StringComparison.Ordinal);

    public string Subject => Claim("sub");

    public string Audience => Claim("aud");

    public string ProviderArn { get; init; } = "";

    public DateTimeOffset ExpiresAt =>
        long.TryParse(Claim("exp"), out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MinValue;

    /// <summary>Null when the text is no such token.</summary>
    public static WebIdentityToken? Parse(string text)
    {
        try
        {
            if (text.Split('.') is not [var header, var payload, var signature])
            {
                return null;
            }

            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return new(
                json.RootElement.EnumerateObject()
                    .ToDictionary(claim => claim.Name, claim => Texts(claim.Value), StringComparer.Ordinal)
            )
            {
                Signed = Encoding.ASCII.GetBytes($"{header}.{payload}"),
                Signature = Base64Url.DecodeFromChars(signature),
            };
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether the owner of the key has signed the token, by RS256.</summary>
    public bool IsSignedFor(string publicKey)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(publicKey);
        return rsa.VerifyData(Signed, Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private string Claim(string name) => Claims.GetValueOrDefault(name) is [var first, ..] ? first : "";

    private static IReadOnlyList<string> Texts(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.ToString())]
            : [value.ToString()];
}
