using Microsoft.AspNetCore.Connections;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>
/// Resets the connection. At <see cref="FaultStep.Connect"/> it does so before it reads anything, which is as near to a refused
/// connection as a server that listens can get.
/// </summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public sealed record ResetFault(string Step) : InterruptionFault(Step)
{
    internal override bool StrikesConnections => true;

    private protected override Task InterruptAsync(HttpContext context)
    {
        ClientConnection.Reset(context);
        return Task.CompletedTask;
    }

    internal override Task StrikeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        ClientConnection.Reset(connection);
        return Task.CompletedTask;
    }
}
