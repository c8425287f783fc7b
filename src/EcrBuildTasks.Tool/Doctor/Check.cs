using EcrBuildTasks.Diagnostics;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>A look at one thing.</summary>
/// <param name="Name">The thing, in a word or two.</param>
/// <param name="LookAsync">Looks.</param>
internal sealed record Check(string Name, Func<Surroundings, CancellationToken, Task<Finding>> LookAsync)
{
    /// <summary>All that is looked at, in the order of reading.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new("Region", RegionCheck.LookAsync),
        new("Credentials", CredentialsCheck.LookAsync),
        new("Clock", ClockCheck.LookAsync),
        new("AWS STS", (place, cancellation) => EndpointCheck.LookAsync(place, one => one.StsEndpoint, cancellation)),
        new("ECR API", (place, cancellation) => EndpointCheck.LookAsync(place, one => one.EcrEndpoint, cancellation)),
        new("Registry", RegistryCheck.LookAsync),
        new("Proxy", ProxyCheck.LookAsync),
        new("Certificates", CertificatesCheck.LookAsync),
        new("Engine", EngineCheck.LookAsync),
        new(".NET SDK", SdkCheck.LookAsync),
    ];

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
            return Finding.Problem(
                $"No answer within {limit.TotalSeconds:0.#} s.",
                "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and whether a firewall drops the packets."
            );
        }
        catch (Exception failure)
            when (failure is not OperationCanceledException && FailureDiagnosis.Of(failure) is { } known)
        {
            return Finding.Problem(known.Message, $"See {known.HelpLink}");
        }
    }
}
