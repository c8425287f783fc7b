using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Login;

/// <summary>
/// The passwords of earlier runs, each until shortly before it ends. A cache that cannot be read is empty, and one that cannot
/// be written keeps nothing: neither is worth a failure.
/// </summary>
internal sealed class TokenCache(SecretFile file, TimeProvider clock)
{
    // As long as whoever gets a password may need to finish a push with it.
    private static readonly TimeSpan AboutToExpire = TimeSpan.FromMinutes(15);

    /// <summary>The password that was kept under a key, if it is good for a while yet.</summary>
    public EcrAuthorization? Find(TokenKey key) => Usable().GetValueOrDefault(key.Digest);

    /// <summary>Keeps a password, and drops those that have ended.</summary>
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

/// <summary>Whose password for which registry, as a digest: names and key ids are nobody's business.</summary>
internal sealed record TokenKey
{
    /// <param name="identity">The identity, as <see cref="AwsSession.GetIdentityKeyAsync"/> tells it apart from others.</param>
    /// <param name="endpoint">Where the ECR API is asked.</param>
    /// <param name="region">The registry's region, of which an endpoint of the user's own says nothing.</param>
    /// <param name="registry">
    /// The registry's account, or the host of ECR Public, whose password is good for all aliases; <see langword="null"/> for the
    /// caller's own registry.
    /// </param>
    public TokenKey(string identity, Uri endpoint, string? region, string? registry) =>
        Digest = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{identity}\n{endpoint}\n{region}\n{registry}"))
        );

    public string Digest { get; }
}
