using System.Text;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Carries a request out and gives another answer, as a service would that behaves differently.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Body">The body of the answer, JSON.</param>
public sealed record ReplacedAnswerFault(string Step, int Status, string Body) : Fault(Step)
{
    /// <summary>
    /// A part of the body of the errors that it replaces, such as <c>AccessDeniedException</c>; <see langword="null"/>, the default, to replace
    /// successes.
    /// </summary>
    public string? Error { get; init; }

    internal override string? FindMistake() =>
        base.FindMistake() ?? (Status is < 200 or > 599 ? "Status must be between 200 and 599." : null);

    internal override async Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        using var held = new MemoryStream();
        await HeldAnswer.RunAsync(context, held, next);
        var response = context.Response;
        var answer = held.ToArray();
        if (
            Error is null
                ? response.StatusCode < 400
                : response.StatusCode >= 400
                    && Encoding.UTF8.GetString(answer).Contains(Error, StringComparison.Ordinal)
        )
        {
            response.StatusCode = Status;
            response.Headers.Remove("Location");
            response.Headers.Remove("Range");
            response.Headers.Remove("Docker-Content-Digest");
            answer = Encoding.UTF8.GetBytes(Body);
        }

        response.ContentLength = answer.Length;
        await response.Body.WriteAsync(answer, context.RequestAborted);
    }
}
