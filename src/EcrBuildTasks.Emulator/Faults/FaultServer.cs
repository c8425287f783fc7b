using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Lets faults strike a Kestrel that answers HTTP/1.1 without TLS, whatever it serves.</summary>
public static class FaultServer
{
    /// <summary>Lets the plan's faults strike the requests that reach this place in the pipeline.</summary>
    public static IApplicationBuilder UseFaults(this IApplicationBuilder app, FaultPlan plan) =>
        app.Use((context, next) => plan.AnswerAsync(context, next));

    /// <summary>Lets the plan's faults at <see cref="FaultStep.Connect"/> strike the connections to this endpoint.</summary>
    public static ListenOptions UseFaults(this ListenOptions endpoint, FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Use(next => connection => plan.ConnectAsync(connection, next));
        return endpoint;
    }
}
