using Microsoft.AspNetCore.Connections;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Delays a request before it is processed.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
/// <param name="Delay">For how long.</param>
public sealed record DelayFault(string Step, TimeSpan Delay) : Fault(Step)
{
    internal override bool StrikesConnections => true;

    internal override string? FindMistake() =>
        base.FindMistake() ?? (Delay <= TimeSpan.Zero ? "Delay must be positive." : null);

    internal override async Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        await Task.Delay(Delay, context.RequestAborted);
        await next(context);
    }

    internal override async Task StrikeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await Task.Delay(Delay, connection.ConnectionClosed);
        await next(connection);
    }
}
