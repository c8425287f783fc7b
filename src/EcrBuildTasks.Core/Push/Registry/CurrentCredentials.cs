using System.Net.Http.Headers;
using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Registry;

/// <summary>The credentials of a push, renewed once for all its requests when they end or are refused.</summary>
/// <param name="getCredentials">Gets the password; <see langword="null"/> to ask without one.</param>
internal sealed class CurrentCredentials(
    Func<CancellationToken, Task<RegistryCredentials?>> getCredentials,
    TimeProvider timeProvider
) : IDisposable
{
    private static readonly TimeSpan LongestReserve = TimeSpan.FromMinutes(10);

    /// <summary>Gets the token that the registry accepts instead of the password, if it requires one.</summary>
    public TokenService? TokenService { get; set; }

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Credentials? _current;

    /// <summary>The header to send; the same object as long as nothing new was fetched.</summary>
    public async ValueTask<AuthenticationHeaderValue?> GetAsync(CancellationToken cancellationToken) =>
        _current is { } current && timeProvider.GetUtcNow() < current.RenewAt
            ? current.Header
            : await FetchAsync(_current?.Header, cancellationToken);

    /// <summary>New credentials in place of refused ones, unless another request was faster.</summary>
    public async Task<AuthenticationHeaderValue?> RenewAsync(
        AuthenticationHeaderValue? refused,
        CancellationToken cancellationToken
    ) => await FetchAsync(refused, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<AuthenticationHeaderValue?> FetchAsync(
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

            _current = await FetchAsync(cancellationToken);
            return _current.Header;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Credentials> FetchAsync(CancellationToken cancellationToken)
    {
        var fetched = await getCredentials(cancellationToken);
        if (TokenService is null)
        {
            return new(Header(fetched), RenewAt(fetched?.ExpiresAt));
        }

        try
        {
            return await ExchangeAsync(fetched);
        }
        catch (PushException refused)
            when (refused.Code == EcrCode.TokenUnavailable || refused.Code == EcrCode.DeniedWithoutReason)
        {
            return await ExchangeAsync(await getCredentials(cancellationToken));
        }

        async Task<Credentials> ExchangeAsync(RegistryCredentials? password)
        {
            var (header, end) = await TokenService.ExchangeAsync(password, cancellationToken);
            return new(header, RenewAt(end < password?.ExpiresAt ? end : password?.ExpiresAt ?? end));
        }
    }

    public static AuthenticationHeaderValue? Header(RegistryCredentials? credentials) =>
        credentials is null
            ? null
            : new(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}"))
            );

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

    private sealed record Credentials(AuthenticationHeaderValue? Header, DateTimeOffset RenewAt);
}
