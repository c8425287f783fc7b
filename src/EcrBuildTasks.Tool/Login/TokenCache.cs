using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Login;

/// <summary>
/// The passwords of earlier runs, each until shortly before it ends. An unreadable cache is empty, and an unwritable
/// one stores nothing: neither is an error.
/// </summary>
internal sealed class TokenCache(SecretFile file, TimeProvider clock)
{
    // Long enough for a push with the password to finish.
    private static readonly TimeSpan AboutToExpire = TimeSpan.FromMinutes(15);

    /// <summary>The cached password for a key, if it is still valid long enough.</summary>
    public EcrAuthorization? Find(TokenKey key) => Usable().GetValueOrDefault(key.Digest);

    /// <summary>The registries with cached passwords.</summary>
    public IReadOnlyList<string> Hosts() =>
        [
            .. Usable()
                .Values.Select(authorization => authorization.ProxyEndpoint.Authority)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary>Stores a password, and removes expired ones.</summary>
    public void Keep(TokenKey key, EcrAuthorization authorization)
    {
        var kept = Usable();
        kept[key.Digest] = authorization;
        Write(kept);
    }

    public void Forget(TokenKey key)
    {
        var kept = Usable();
        if (kept.Remove(key.Digest))
        {
            Write(kept);
        }
    }

    private Dictionary<string, EcrAuthorization> Usable()
    {
        var usable = new Dictionary<string, EcrAuthorization>(StringComparer.Ordinal);
        foreach (var (digest, authorization) in Parse(file.Read()))
        {
            if (authorization.ExpiresAt - clock.GetUtcNow() > AboutToExpire)
            {
                usable[digest] = authorization;
            }
        }

        return usable;
    }

    private static IEnumerable<(string Digest, EcrAuthorization Authorization)> Parse(byte[] content)
    {
        try
        {
            // Two runs that write at once may leave anything behind.
            return content.Length == 0
                ? []
                :
                [
                    .. JsonNode
                        .Parse(content)!
                        .AsObject()
                        .Select(entry => (entry.Key, EcrAuthorization.FromCacheEntry(entry.Value!))),
                ];
        }
        catch (Exception failure)
            when (failure
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
                        or NullReferenceException
            )
        {
            return [];
        }
    }

    private void Write(Dictionary<string, EcrAuthorization> kept)
    {
        var json = new JsonObject();
        foreach (var (digest, authorization) in kept)
        {
            json[digest] = authorization.ToCacheEntry();
        }

        file.Write(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}

/// <summary>The owner and registry of a password, as a digest that reveals neither names nor key IDs.</summary>
internal sealed record TokenKey
{
    /// <param name="identity">The identity, as <see cref="AwsSession.GetIdentityKeyAsync"/> distinguishes it.</param>
    /// <param name="endpoint">The endpoint of the ECR API.</param>
    /// <param name="region">The region of the registry, which a custom endpoint does not contain.</param>
    /// <param name="registry">
    /// The registry's account, or the host of ECR Public, whose password is valid for all aliases; <see langword="null"/> for the
    /// caller's own registry.
    /// </param>
    public TokenKey(string identity, Uri endpoint, string? region, string? registry) =>
        Digest = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{identity}\n{endpoint}\n{region}\n{registry}"))
        );

    public string Digest { get; }
}
