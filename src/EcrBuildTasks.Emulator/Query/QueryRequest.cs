using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Identity;
using Microsoft.Extensions.Primitives;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>A request of the query protocol.</summary>
/// <param name="Action">The operation.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Origin">Where it came from.</param>
internal sealed record QueryRequest(
    string Action,
    IReadOnlyDictionary<string, StringValues> Parameters,
    RequestOrigin Origin
)
{
    private readonly CallingPrincipal? _principal;

    /// <summary>The principal that signed the request; not available for unsigned operations.</summary>
    public CallingPrincipal Principal
    {
        get => _principal ?? throw new InvalidOperationException($"{Action} is not signed.");
        init => _principal = value;
    }

    public string? Optional(string name) => Parameters.TryGetValue(name, out var value) ? value.ToString() : null;

    public string Required(string name) => Optional(name) ?? throw Invalid(name, "Member must not be null");

    public static QueryException Invalid(string parameter, string constraint) =>
        new(
            "ValidationError",
            $"1 validation error detected: Value at '{parameter}' failed to satisfy constraint: {constraint}",
            StatusCodes.Status400BadRequest
        );
}

/// <summary>A refusal, as a service of the query protocol names it.</summary>
internal sealed class QueryException(string code, string message, int status) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;
}
