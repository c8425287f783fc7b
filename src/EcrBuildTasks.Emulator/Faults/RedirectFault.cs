namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Sends the client elsewhere, with the same path and query.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
/// <param name="Target">Where to: scheme, host and port.</param>
public sealed record RedirectFault(string Step, Uri Target) : Fault(Step)
{
    internal override string? FindMistake() =>
        base.FindMistake() ?? (Target is not { IsAbsoluteUri: true } ? "Target must be an absolute address." : null);

    internal override Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = new Uri(
            Target,
            request.PathBase.ToUriComponent() + request.Path.ToUriComponent() + request.QueryString.ToUriComponent()
        ).AbsoluteUri;
        return Task.CompletedTask;
    }
}
