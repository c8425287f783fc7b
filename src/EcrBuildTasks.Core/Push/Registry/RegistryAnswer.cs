using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace EcrBuildTasks.Push.Registry;

/// <param name="Request">What was answered, with the address that a redirect led to.</param>
/// <param name="Location">Where an upload goes on, as an absolute address.</param>
/// <param name="Digest">The header <c>Docker-Content-Digest</c>.</param>
/// <param name="Range">The header <c>Range</c> of an upload.</param>
/// <param name="Body">The text of the answer, shortened; empty for a success.</param>
internal sealed record RegistryAnswer(
    RegistryRequest Request,
    HttpStatusCode Status,
    Uri? Location,
    string? Digest,
    string? Range,
    string Body
)
{
    /// <summary>The header <c>Docker-Distribution-Api-Version</c>.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The ID under which AWS can find the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>The header <c>Content-Length</c>.</summary>
    public long? Length { get; init; }

    /// <summary>The wait time that the registry requests before the next attempt.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The authentication challenge of a registry that requires credentials.</summary>
    public AuthenticationHeaderValue? Challenge { get; init; }

    /// <summary>The body of a successful response, if requested.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The successful response whose content the caller reads.</summary>
    public HttpResponseMessage? Opened { get; init; }

    /// <summary>The type in the header <c>Content-Type</c>.</summary>
    public string? MediaType { get; init; }

    public bool IsWebPage =>
        MediaType is "text/html" or "application/xhtml+xml"
        || Body.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
        || Body.StartsWith("<html", StringComparison.OrdinalIgnoreCase);

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>
    /// The code and the message of an error of the OCI distribution specification, or the message of an AWS API; both are empty for
    /// any other answer, which can be anything.
    /// </summary>
    public (string Code, string Message) Error
    {
        get
        {
            try
            {
                using var json = JsonDocument.Parse(Body);
                return json.RootElement.TryGetProperty("errors", out var errors)
                    ? (Text(errors[0], "code"), Text(errors[0], "message"))
                    : ("", Text(json.RootElement, "message"));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException)
            {
                return ("", "");
            }
        }
    }

    private static string Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
