using Microsoft.AspNetCore.Connections;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Reads nothing more and answers never, on a connection that stays open until the client gives up.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
/// <remarks>The system and the server still take a few megabytes of a body into their buffers.</remarks>
public sealed record StallFault(string Step) : InterruptionFault(Step)
{
    internal override bool StrikesConnections => true;

    private protected override Task InterruptAsync(HttpContext context) =>
        ClientConnection.OutwaitAsync(context.RequestAborted);

    internal override Task StrikeAsync(ConnectionContext connection, ConnectionDelegate next) =>
        ClientConnection.OutwaitAsync(connection.ConnectionClosed);
}
