using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>A look at one thing.</summary>
/// <param name="Name">The thing, in a word or two.</param>
internal sealed record Check(string Name, Func<Surroundings, CancellationToken, Task<Finding>> LookAsync)
{
    private const string Remedy =
        "See what holds the answer up: the network, the proxy (HTTPS_PROXY, NO_PROXY), or a firewall that drops packets.";

    /// <summary>All that is looked at, in the order of reading.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new("Region", RegionCheck.LookAsync),
        new("Credentials", CredentialsCheck.LookAsync),
        new("Sources", CredentialSourcesCheck.LookAsync),
        new("AWS files", SecretFilesCheck.LookAsync) { FailsAs = FindingState.Warning },
        new("Clock", ClockCheck.LookAsync),
        new("AWS STS", (place, cancellation) => EndpointCheck.LookAsync(place, one => one.StsEndpoint, cancellation)),
        new(
            "ECR API",
            (place, cancellation) =>
                EndpointCheck.LookAsync(place, one => one.EcrEndpointOf(place.Registry), cancellation)
        ),
        new("Registry", RegistryCheck.LookAsync),
        new("Proxy", ProxyCheck.LookAsync),
        new("Certificates", CertificatesCheck.LookAsync),
        new("Engine", EngineCheck.LookAsync) { FailsAs = FindingState.Warning },
        new(".NET SDK", SdkCheck.LookAsync) { FailsAs = FindingState.Warning },
    ];

    /// <summary>How grave it is that nothing could be found out.</summary>
    public FindingState FailsAs { get; init; } = FindingState.Problem;

    /// <summary>Looks, but not for longer than a person likes to wait; what goes wrong is a finding too.</summary>
    public async Task<Finding> RunAsync(Surroundings place, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            // On a thread of its own and with a time limit of its own, for not everything that is asked can be cancelled.
            return await Task.Run(() => LookAsync(place, deadline.Token), deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(FailsAs, $"No answer within {limit.TotalSeconds:0.#} s.", Remedy);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A doctor has to end the round, whatever is found in one place.
            return FailureDiagnosis.Of(failure) is { } known
                ? new(FailsAs, known.Message) { Help = known.HelpLink }
                : new(FailsAs, $"Could not be found out: {failure.GetBaseException().Message}");
        }
    }
}
