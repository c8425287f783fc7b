using System.Net.Http.Headers;
using System.Text;

namespace EcrBuildTasks.Push.Distribution;

/// <summary>The credentials of a push, renewed once for all its requests when they end or are refused.</summary>
internal sealed class CurrentCredentials(
    Func<CancellationToken, Task<RegistryCredentials>> getCredentials,
    TimeProvider timeProvider
) : IDisposable
{
    private static readonly TimeSpan LongestReserve = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Credentials? _current;

    /// <summary>The header to send; the same object as long as nothing new was fetched.</summary>
    public async ValueTask<AuthenticationHeaderValue> GetAsync(CancellationToken cancellationToken) =>
        _current is { } current && timeProvider.GetUtcNow() < current.RenewAt
            ? current.Header
            : await FetchAsync(_current?.Header, cancellationToken);

    /// <summary>New credentials in place of refused ones, unless another request was faster.</summary>
    public async Task<AuthenticationHeaderValue> RenewAsync(
        AuthenticationHeaderValue refused,
        CancellationToken cancellationToken
    ) => await FetchAsync(refused, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<AuthenticationHeaderValue> FetchAsync(
        AuthenticationHeaderValue? outdated,
        CancellationToken cancellationToken
    )
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current && !ReferenceEquals(current.Header, outdated))
            {
                return current.Header;
            }

            var fetched = await getCredentials(cancellationToken);
            var header = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{fetched.Username}:{fetched.Password}"))
            );
            _current = new(header, RenewAt(fetched.ExpiresAt));
            return header;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A short life is not used up by its reserve.</summary>
    private DateTimeOffset RenewAt(DateTimeOffset? expiresAt)
    {
        if (expiresAt is not { } end)
        {
            return DateTimeOffset.MaxValue;
        }

        var tenth = (end - timeProvider.GetUtcNow()) / 10;
        return end - (tenth < LongestReserve ? tenth : LongestReserve);
    }

    private sealed record Credentials(AuthenticationHeaderValue Header, DateTimeOffset RenewAt);
}
