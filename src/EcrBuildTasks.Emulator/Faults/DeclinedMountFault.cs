namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Answers a request to mount a blob as if it had asked for an upload: with 202 and where to send the blob.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public sealed record DeclinedMountFault(string Step = FaultStep.MountBlob) : Fault(Step)
{
    internal override Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.QueryString = QueryString.Create(
            context.Request.Query.Where(pair => pair.Key is not ("mount" or "from"))
        );
        return next(context);
    }
}
