using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>
/// Refuses with a status. Unless <see cref="Code"/> or <see cref="Message"/> say otherwise, in ECR's own words; and for 408, 502,
/// 503 and 504, which come from what stands before ECR, with a page of HTML.
/// </summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
/// <param name="Status">The HTTP status, such as 429.</param>
public sealed record RefusalFault(string Step, int Status) : InterruptionFault(Step)
{
    /// <summary>The code, such as <c>DIGEST_INVALID</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The message.</summary>
    public string? Message { get; init; }

    /// <summary>How long <c>Retry-After</c> asks to wait, in whole seconds; <see langword="null"/>, the default, for no such header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether <see cref="RetryAfter"/> is sent as a date in place of a number of seconds.</summary>
    public bool RetryAfterIsDate { get; init; }

    /// <summary>The refusal of a blob or a manifest that is not what its digest says.</summary>
    public static RefusalFault DigestInvalid(string step) =>
        new(step, StatusCodes.Status400BadRequest)
        {
            Code = "DIGEST_INVALID",
            Message = "The content does not have the digest that was given",
            Moment = FaultMoment.AfterBody,
        };

    internal override string? FindMistake() =>
        base.FindMistake()
        ?? (
            Status is < 400 or > 599 ? "Status must be between 400 and 599."
            : RetryAfter < TimeSpan.Zero ? "RetryAfter must not be negative."
            : RetryAfterIsDate && RetryAfter is null ? "RetryAfterIsDate requires RetryAfter."
            : null
        );

    private protected override Task InterruptAsync(HttpContext context)
    {
        if (RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = RetryAfterIsDate
                ? (TimeProvider.System.GetUtcNow() + wait).ToString("R", CultureInfo.InvariantCulture)
                : ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (Code is null && Message is null && Status is 408 or 502 or 503 or 504)
        {
            return RefusalAnswer.WritePageAsync(context, Status);
        }

        var (code, apiCode, message) = Status switch
        {
            401 => ("UNAUTHORIZED", "UnrecognizedClientException", "Not Authorized"),
            403 => ("DENIED", "AccessDeniedException", "Access is denied"),
            404 => ("NAME_UNKNOWN", "RepositoryNotFoundException", "The repository does not exist"),
            429 => ("TOOMANYREQUESTS", "ThrottlingException", "Rate exceeded"),
            >= 500 => ("INTERNAL_ERROR", "ServerException", "Internal failure"),
            _ => ("UNSUPPORTED", "InvalidParameterException", ReasonPhrases.GetReasonPhrase(Status)),
        };
        return RefusalAnswer.WriteAsync(context, Status, Code ?? code, Code ?? apiCode, Message ?? message);
    }
}
