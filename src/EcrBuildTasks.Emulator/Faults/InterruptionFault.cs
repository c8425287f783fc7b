namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Breaks a request off at a moment.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public abstract record InterruptionFault(string Step) : Fault(Step)
{
    /// <summary>How far the request gets.</summary>
    public FaultMoment Moment { get; init; }

    /// <summary>
    /// For <see cref="FaultMoment.DuringBody"/>: how many bytes of the body pass on to who answers; all but the last byte when
    /// <see langword="null"/>, the default. A body whose length is not declared then lacks its end only.
    /// </summary>
    public long? AfterBytes { get; init; }

    internal override string? FindMistake() =>
        base.FindMistake()
        ?? (
            AfterBytes < 0 ? "AfterBytes must not be negative."
            : AfterBytes is not null && Moment is not FaultMoment.DuringBody
                ? "AfterBytes requires Moment = DuringBody."
            : null
        );

    internal sealed override Task StrikeAsync(HttpContext context, RequestDelegate next) =>
        Moment switch
        {
            FaultMoment.DuringBody when HasBody(context.Request) => InterruptBodyAsync(context, next),
            FaultMoment.AfterBody => DrainAsync(context),
            FaultMoment.AfterEffect => LoseAnswerAsync(context, next),
            _ => InterruptAsync(context),
        };

    /// <summary>What happens in place of an answer.</summary>
    private protected abstract Task InterruptAsync(HttpContext context);

    internal static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private async Task InterruptBodyAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var body = new InterruptedBody(request.Body, AfterBytes ?? request.ContentLength - 1 ?? long.MaxValue);
        request.Body = body;
        try
        {
            await next(context);
        }
        catch (Exception) when (body.IsInterrupted)
        {
            // Who answers has what it got, and is done before the client can notice anything.
            await InterruptAsync(context);
        }
    }

    private async Task DrainAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await InterruptAsync(context);
    }

    private async Task LoseAnswerAsync(HttpContext context, RequestDelegate next)
    {
        await HeldAnswer.RunAsync(context, Stream.Null, next);
        context.Response.Clear();
        await InterruptAsync(context);
    }
}
