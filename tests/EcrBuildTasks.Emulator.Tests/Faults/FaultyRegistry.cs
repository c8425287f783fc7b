using System.Net;
using System.Net.Sockets;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests.Faults;

/// <summary>An emulator that things go wrong in, and a client that takes a new connection for each request and follows nothing.</summary>
internal sealed class FaultyRegistry : IAsyncDisposable
{
    private FaultyRegistry(EcrEmulator emulator, HttpClient client) => (Emulator, Client) = (emulator, client);

    public EcrEmulator Emulator { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<FaultyRegistry> StartAsync(params Fault[] faults) =>
        StartAsync(Scenario.Options() with { Faults = faults });

    public static async Task<FaultyRegistry> StartAsync(EmulatorOptions options)
    {
        var emulator = await EcrEmulator.StartAsync(options with { Faults = [] }, Cancellation);
        using var owner = new EcrCaller(emulator, Scenario.OwnerKey);
        using var registry = await owner.RegistryAsync();
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = registry.BaseAddress,
        };
        client.DefaultRequestHeaders.ConnectionClose = true;
        client.DefaultRequestHeaders.Authorization = registry.DefaultRequestHeaders.Authorization;
        // Only now, so that no fault strikes the way here.
        foreach (var fault in options.Faults)
        {
            emulator.Faults.Add(fault);
        }

        return new(emulator, client);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body = null) =>
        Client.SendAsync(
            new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) },
            Cancellation
        );

    public async Task<bool> HasAsync(string path) => (await SendAsync(HttpMethod.Head, path)).IsSuccessStatusCode;

    /// <summary>Waits for a reset, and nothing else, to end the request.</summary>
    public static async Task ShouldBeResetAsync(Func<Task> request)
    {
        var failure = await Should.ThrowAsync<HttpRequestException>(request);
        failure
            .GetBaseException()
            .ShouldBeOfType<SocketException>()
            .SocketErrorCode.ShouldBeOneOf(
                SocketError.ConnectionReset,
                // As the sender of a body sees it.
                SocketError.Shutdown
            );
    }

    public static async Task<string> TextAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(status, text);
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Emulator.DisposeAsync();
    }
}
