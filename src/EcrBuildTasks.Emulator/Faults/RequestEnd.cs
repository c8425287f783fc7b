namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Tells once how a request ended, before its client can know.</summary>
internal sealed class RequestEnd
{
    private readonly Action<int> _tell;
    private int _isTold;

    private RequestEnd(Action<int> tell) => this._tell = tell;

    /// <param name="context">The request.</param>
    /// <param name="next">Answers it.</param>
    /// <param name="tell">Gets the status of the answer, or 0 when the connection broke before there was any.</param>
    public static async Task WatchAsync(HttpContext context, RequestDelegate next, Action<int> tell)
    {
        var end = new RequestEnd(tell);
        context.Features.Set(end);
        context.Response.OnStarting(() =>
        {
            end.Tell(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            end.Tell(0);
            throw;
        }
        catch (Exception)
        {
            // The server answers it after this, when nobody watches any more.
            end.Tell(StatusCodes.Status500InternalServerError);
            throw;
        }
        finally
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                end.Tell(0);
            }
        }
    }

    /// <summary>Says how a request ends that will not be answered in the ordinary way.</summary>
    public static void Announce(HttpContext context, int status) => context.Features.Get<RequestEnd>()?.Tell(status);

    private void Tell(int status)
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            _tell(status);
        }
    }
}
