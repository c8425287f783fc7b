using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Registry;

/// <param name="Address">Where to; another host than the registry's gets no credentials.</param>
/// <param name="Step">What it is for, as the beginning of a sentence: "Opening an upload in host/name".</param>
internal sealed record RegistryRequest(HttpMethod Method, Uri Address, string Step)
{
    /// <summary>What shows that it succeeded; <see langword="null"/> where the caller accepts any answer.</summary>
    public required ExpectedAnswer? Expected { get; init; }

    /// <summary>Makes the body, for each time that the request is sent.</summary>
    public Func<Patience, HttpContent>? Body { get; init; }

    /// <summary>The manifests that are understood.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The maximum number of bytes to read of a successful response; the rest is ignored.</summary>
    public int ContentWanted { get; init; }

    /// <summary>
    /// The first byte of a blob to read; the response is then given to the caller, who reads it. Redirects of any kind are followed.
    /// </summary>
    public long? OpenFrom { get; init; }

    /// <summary>Whether the credentials are for the address, even if another host has it.</summary>
    public bool IsOfTokenService { get; init; }

    /// <summary>Whether a refusal concerns the image and not the transfer.</summary>
    public bool IsManifestUpload { get; init; }

    /// <summary>How long the answer may take once all is sent; <see langword="null"/> for the usual time.</summary>
    public TimeSpan? AnswerWithin { get; init; }
}

/// <summary>
/// Sends requests to one registry: with its credentials, which never go to another host, renewed when they are refused; and
/// never for longer than there is progress.
/// </summary>
internal sealed class RegistryHttp(
    HttpMessageInvoker transport,
    Uri registry,
    CurrentCredentials credentials,
    PushTiming timing,
    TimeProvider timeProvider
)
{
    private const int LongestBody = 1 << 16;
    private const int MostRedirects = 5;

    public Uri Registry { get; } = registry;

    /// <summary>Sends the request once; again only when the credentials had to be renewed.</summary>
    /// <exception cref="TransientFailure">It failed in a way that may pass.</exception>
    /// <exception cref="PushException">The registry cannot be reached, and never will, or something else answers.</exception>
    public async Task<RegistryAnswer> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var header = await credentials.GetAsync(cancellationToken);
        var answer = await FollowAsync(request, header, cancellationToken);
        if (Refusal.IsOfCredentials(answer, header))
        {
            var renewed = await credentials.RenewAsync(header, cancellationToken);
            answer = await FollowAsync(request, renewed, cancellationToken);
        }

        try
        {
            return Refusal.Check(answer);
        }
        catch
        {
            answer.Opened?.Dispose();
            throw;
        }
    }

    private async Task<RegistryAnswer> FollowAsync(
        RegistryRequest request,
        AuthenticationHeaderValue? header,
        CancellationToken cancellationToken
    )
    {
        for (var redirects = 0; ; redirects++)
        {
            var answer = await ExchangeAsync(request, header, cancellationToken);
            var isRedirect =
                answer.Status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
                || (
                    request.OpenFrom is not null
                    && answer.Status
                        is HttpStatusCode.MovedPermanently
                            or HttpStatusCode.Found
                            or HttpStatusCode.SeeOther
                );
            if (!isRedirect || answer.Location is not { } elsewhere)
            {
                return answer;
            }

            if (redirects == MostRedirects)
            {
                throw NotFollowed(request, elsewhere, $"after {MostRedirects} redirects");
            }

            request = request with { Address = elsewhere };
        }
    }

    /// <summary>Sends the request once, and gives any answer back.</summary>
    /// <param name="header">The credentials, which are sent to the registry and its token service only.</param>
    public async Task<RegistryAnswer> ExchangeAsync(
        RegistryRequest request,
        AuthenticationHeaderValue? header,
        CancellationToken cancellationToken
    )
    {
        RequireAllowed(request);
        using var patience = new Patience(timing.Connect + (request.AnswerWithin ?? timing.Answer), cancellationToken);
        using var message = new HttpRequestMessage(request.Method, request.Address);
        foreach (var type in request.Accept)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        if (request.OpenFrom is > 0 and var first)
        {
            message.Headers.Range = new RangeHeaderValue(first, to: null);
        }

        if (IsOfRegistry(request.Address) || request.IsOfTokenService)
        {
            message.Headers.Authorization = header;
        }

        message.Content = request.Body?.Invoke(patience);
        try
        {
            var response = await transport.SendAsync(message, patience.Token);
            if (request.OpenFrom is not null && response.IsSuccessStatusCode)
            {
                return await ReadAsync(request, response, patience.Token) with { Opened = response };
            }

            using (response)
            {
                return await ReadAsync(request, response, patience.Token);
            }
        }
        catch (Exception failure) when (patience.IsOver)
        {
            throw Transient($"no data was transferred for {patience.Wait.TotalSeconds:0.#} s", failure);
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The push was cancelled.", failure, cancellationToken);
        }
        catch (HttpRequestException failure) when (IsPermanent(failure))
        {
            throw Failure(failure.GetBaseException().Message, failure);
        }
        catch (Exception failure)
            when (failure is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            throw Transient(failure.GetBaseException().Message, failure);
        }

        PushException Failure(string why, Exception inner) =>
            new(EcrCode.RegistryUnreachable, $"{request.Step} failed: {why}", why, innerException: inner);

        TransientFailure Transient(string why, Exception inner) => new(Failure(why, inner));
    }

    /// <summary>
    /// Checks where a redirect or an upload's Location leads: over TLS to any other machine, or to the registry itself. Only a registry
    /// on this machine can refer to this machine.
    /// </summary>
    /// <exception cref="PushException">It leads elsewhere.</exception>
    private void RequireAllowed(RegistryRequest request)
    {
        var address = request.Address;
        var isAllowed =
            IsOfRegistry(address)
            || (address.Scheme == Uri.UriSchemeHttps && !IsLocal(address))
            || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback && Registry.IsLoopback);
        if (!isAllowed)
        {
            throw NotFollowed(request, address, "for this request");
        }
    }

    private PushException NotFollowed(RegistryRequest request, Uri address, string when) =>
        new(
            EcrCode.AnsweredByOther,
            $"{request.Step} failed: {Registry.Authority} named {address.Scheme}://{address.Authority} {when}, which is not allowed."
        );

    /// <summary>Whether an address belongs to this machine or its link, where metadata services are.</summary>
    private static bool IsLocal(Uri address)
    {
        var host = address.IdnHost.TrimEnd('.');
        if (address.IsLoopback || !IPAddress.TryParse(host, out var ip))
        {
            return address.IsLoopback
                || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        }

        ip = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        return IPAddress.IsLoopback(ip)
            || ip.IsIPv6LinkLocal
            || ip.Equals(IPAddress.IPv6Any)
            // The second leads to this machine, too.
            || ip.GetAddressBytes() is [169, 254, _, _] or [0, _, _, _];
    }

    private async Task<RegistryAnswer> ReadAsync(
        RegistryRequest request,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var headers = response.Headers;
        return new RegistryAnswer(
            request,
            response.StatusCode,
            headers.Location is { } location ? Absolute(location) : null,
            Header("Docker-Content-Digest"),
            Header("Range"),
            response.IsSuccessStatusCode ? "" : await TextAsync(response, cancellationToken)
        )
        {
            ApiVersion = Header("Docker-Distribution-Api-Version"),
            RequestId = Header("x-amzn-RequestId"),
            Length = response.Content.Headers.ContentLength,
            RetryAfter = RetryAfter(headers.RetryAfter),
            Challenge = headers.WwwAuthenticate.FirstOrDefault(),
            MediaType = response.Content.Headers.ContentType?.MediaType,
            Content = response.IsSuccessStatusCode
                ? await ContentAsync(response, request.ContentWanted, cancellationToken)
                : default,
        };

        string? Header(string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
    }

    private static async Task<ReadOnlyMemory<byte>> ContentAsync(
        HttpResponseMessage response,
        int atMost,
        CancellationToken cancellationToken
    )
    {
        if (atMost == 0)
        {
            return default;
        }

        var content = new byte[Math.Min(atMost, response.Content.Headers.ContentLength ?? atMost)];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(content, content.Length, false, cancellationToken);
        return content.AsMemory(0, length);
    }

    /// <summary>An answer whose text breaks off still has its status.</summary>
    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = new byte[LongestBody];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return "";
        }

        return Encoding.UTF8.GetString(text, 0, length).Trim();
    }

    /// <returns><see langword="null"/> if it is not a valid URL.</returns>
    private Uri? Absolute(Uri location)
    {
        if (!Uri.TryCreate(Registry, location, out var absolute))
        {
            return null;
        }

        // A registry behind a proxy that ends TLS may not know that its clients use it.
        return
            absolute.Host == Registry.Host && absolute.Scheme == Uri.UriSchemeHttp && absolute.Scheme != Registry.Scheme
            ? new UriBuilder(absolute) { Scheme = Registry.Scheme, Port = Registry.Port }.Uri
            : absolute;
    }

    /// <summary>Whether an address is the registry's, which alone gets its credentials.</summary>
    public bool IsOfRegistry(Uri address) =>
        Uri.Compare(
            address,
            Registry,
            UriComponents.SchemeAndServer | UriComponents.StrongPort,
            UriFormat.Unescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date - timeProvider.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>A certificate that is not trusted now will not be in a second; nor a proxy that refuses.</summary>
    private static bool IsPermanent(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.ProxyTunnelError or HttpRequestError.UserAuthenticationError
        || failure.InnerException is AuthenticationException { InnerException: null };
}
