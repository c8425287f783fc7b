using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>
/// A failure at one step of a push. The derived records are the kinds of failure; in a JSON file, <c>kind</c> selects one. A
/// <see cref="FaultPlan"/> holds faults and counts how often each struck.
/// </summary>
/// <param name="Step">
/// The request that it strikes: one of <see cref="FaultStep"/>, or an action of the API such as <c>GetAuthorizationToken</c>.
/// </param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ResetFault), "reset")]
[JsonDerivedType(typeof(StallFault), "stall")]
[JsonDerivedType(typeof(RefusalFault), "refusal")]
[JsonDerivedType(typeof(ExpiredTokenFault), "expiredToken")]
[JsonDerivedType(typeof(PolicyDenialFault), "policyDenial")]
[JsonDerivedType(typeof(DeclinedMountFault), "declinedMount")]
[JsonDerivedType(typeof(LaggingLayersFault), "laggingLayers")]
[JsonDerivedType(typeof(TruncatedAnswerFault), "truncatedAnswer")]
[JsonDerivedType(typeof(WrongDigestFault), "wrongDigest")]
[JsonDerivedType(typeof(ReplacedAnswerFault), "replacedAnswer")]
[JsonDerivedType(typeof(RedirectFault), "redirect")]
[JsonDerivedType(typeof(DelayFault), "delay")]
[JsonDerivedType(typeof(BandwidthFault), "bandwidth")]
public abstract record Fault(string Step)
{
    /// <summary>How often it strikes; <see langword="null"/>, the default, for always.</summary>
    public int? Times { get; init; }

    /// <summary>The number of requests of its step that succeed first.</summary>
    public int After { get; init; }

    /// <summary>Whether it can strike a connection before a request is read from it.</summary>
    internal virtual bool StrikesConnections => false;

    /// <summary>The error in the values of the fault; <see langword="null"/> if they are valid.</summary>
    internal virtual string? FindMistake() =>
        string.IsNullOrEmpty(Step) ? "Step is required."
        : Times < 1 ? "Times must be at least 1."
        : After < 0 ? "After must not be negative."
        : Step == FaultStep.Connect && !StrikesConnections
            ? "Only reset, stall and delay faults support the step Connect."
        : null;

    /// <summary>Answers a request in place of <paramref name="next"/>, or lets that answer and interferes.</summary>
    internal abstract Task StrikeAsync(HttpContext context, RequestDelegate next);

    /// <summary>As <see cref="StrikeAsync(HttpContext, RequestDelegate)"/>, before a request is read.</summary>
    internal virtual Task StrikeAsync(ConnectionContext connection, ConnectionDelegate next) => next(connection);
}
