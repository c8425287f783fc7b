using System.Net;
using System.Text;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>The API of an ECR whose registries have names that no emulator has: it gives a password, and knows nothing else.</summary>
internal sealed class TokenEndpoint : IAsyncDisposable
{
    public const string Password = "password-of-another-partition";

    private readonly HttpListener _listener;
    private readonly Task _answers;

    private TokenEndpoint(HttpListener listener, Uri address, string registry)
    {
        (_listener, Address) = (listener, address);
        _answers = AnswerAsync(registry);
    }

    public Uri Address { get; }

    public int Asked { get; private set; }

    public static TokenEndpoint Start(string registry)
    {
        for (var attempt = 0; ; attempt++)
        {
            var address = new Uri($"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/");
            var listener = new HttpListener { Prefixes = { address.ToString() } };
            try
            {
                listener.Start();
                return new(listener, address, registry);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // The port is taken.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answers;
    }

    private async Task AnswerAsync(string registry)
    {
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{Password}"));
        var answer = Encoding.UTF8.GetBytes(
            $$"""{"authorizationData":[{"authorizationToken":"{{token}}","expiresAt":4102444800,"proxyEndpoint":"{{registry}}"}]}"""
        );
        try
        {
            while (true)
            {
                var call = await _listener.GetContextAsync();
                Asked++;
                call.Response.ContentType = "application/x-amz-json-1.1";
                await call.Response.OutputStream.WriteAsync(answer);
                call.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
