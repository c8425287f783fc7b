using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;

namespace EcrBuildTasks.Emulator;

/// <summary>A bare Kestrel: no configuration from the environment, no log, no hold on Ctrl+C.</summary>
internal static class WebServer
{
    public static WebApplication Create(EmulatorOptions options, FaultPlan faults, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Address, options.Port, endpoint => endpoint.UseFaults(faults));
            kestrel.Listen(options.Address, options.PublicPort, endpoint => endpoint.UseFaults(faults));
            kestrel.AddServerHeader = false;
            // A layer may have any size and take any time.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var server = builder.Build();
        server.Run(answer);
        return server;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
