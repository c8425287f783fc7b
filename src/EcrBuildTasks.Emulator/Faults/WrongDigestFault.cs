namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Carries a request out and answers with the digest of something else in <c>Docker-Content-Digest</c>.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public sealed record WrongDigestFault(string Step) : Fault(Step)
{
    /// <summary>What the answer claims; unless set, the digest of nothing.</summary>
    public string Digest { get; init; } = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    internal override Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["Docker-Content-Digest"] = Digest;
            return Task.CompletedTask;
        });
        return next(context);
    }
}
