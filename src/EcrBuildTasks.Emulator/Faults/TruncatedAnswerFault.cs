using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Carries a request out and closes the connection in the middle of the answer.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public sealed record TruncatedAnswerFault(string Step) : Fault(Step)
{
    // Declared beyond what there is, so that an empty body lacks something too.
    private const int Missing = 64;

    /// <summary>
    /// Whether the answer already ends within its headers. Otherwise half of its body follows them, which is less than they
    /// declare.
    /// </summary>
    public bool InHeaders { get; init; }

    internal override async Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        using var body = new MemoryStream();
        await HeldAnswer.RunAsync(context, body, next);
        var answer = Encoding.Latin1.GetBytes(Head(context.Response, body.Length + Missing));
        await ClientConnection.SendLastAsync(
            context,
            InHeaders || HttpMethods.IsHead(context.Request.Method)
                ? answer.AsMemory(0, answer.Length / 2)
                : (byte[])[.. answer, .. body.ToArray().AsSpan(0, (int)body.Length / 2)]
        );
    }

    private static string Head(HttpResponse response, long declaredLength)
    {
        var status = response.StatusCode;
        var head = new StringBuilder(
            string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\n"
            )
        );
        response.ContentLength = declaredLength;
        response.Headers.Remove("Transfer-Encoding");
        foreach (var (name, values) in response.Headers)
        {
            foreach (var value in values)
            {
                head.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        return head.Append("\r\n").ToString();
    }
}
