using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>One check of the doctor.</summary>
/// <param name="Name">A name of one or two words.</param>
internal sealed record Check(string Name, Func<Surroundings, CancellationToken, Task<Finding>> LookAsync)
{
    private const string Remedy =
        "Check the network, the proxy settings (HTTPS_PROXY, NO_PROXY), and firewalls that drop packets.";

    /// <summary>All checks, in the order of the output.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new("Region", RegionCheck.LookAsync),
        new("Credentials", CredentialsCheck.LookAsync),
        new("Sources", CredentialSourcesCheck.LookAsync),
        // Windows has no file modes.
        .. OperatingSystem.IsWindows()
            ? Array.Empty<Check>()
            : [new("AWS files", SecretFilesCheck.LookAsync) { FailsAs = FindingState.Warning }],
        new("Clock", ClockCheck.LookAsync),
        new(
            "AWS STS",
            (place, cancellation) => EndpointCheck.LookAsync(place, "STS", one => one.StsEndpoint, cancellation)
        ),
        new(
            "ECR API",
            (place, cancellation) =>
                EndpointCheck.LookAsync(
                    place,
                    place.Registry is { Kind: RegistryKind.Public } ? "ECR PUBLIC" : "ECR",
                    one => one.EcrEndpointOf(place.Registry),
                    cancellation
                )
        ),
        new("Registry", RegistryCheck.LookAsync),
        new("Proxy", ProxyCheck.LookAsync),
        new("Certificates", CertificatesCheck.LookAsync),
        new("Engine", EngineCheck.LookAsync) { FailsAs = FindingState.Warning },
        new(".NET SDK", SdkCheck.LookAsync) { FailsAs = FindingState.Warning },
    ];

    /// <summary>The state if the check itself fails.</summary>
    public FindingState FailsAs { get; init; } = FindingState.Problem;

    /// <summary>Runs the check with a time limit; a failure is also a finding.</summary>
    public async Task<Finding> RunAsync(Surroundings place, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            // On its own thread and with its own time limit, because not every check can be cancelled.
            return await Task.Run(() => LookAsync(place, deadline.Token), deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(FailsAs, $"No response within {limit.TotalSeconds:0.#} s.", Remedy);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A failed check must not stop the others.
            return FailureDiagnosis.Find(failure) is { } known
                ? new(
                    FailsAs,
                    known.ForTool().Message,
                    known.Code == EcrCode.TokenDenied
                        ? "Run `dotnet ecr check`: it prints the statement that allows it."
                        : null
                )
                {
                    Help = known.HelpLink,
                }
                : new(FailsAs, $"The check failed: {failure.GetBaseException().Message}");
        }
    }
}
