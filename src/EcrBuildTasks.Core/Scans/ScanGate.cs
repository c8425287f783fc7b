using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Scans;

/// <summary>What a push waits for after the image is there.</summary>
/// <param name="FailOn">The severity at which, and above which, a finding fails the push.</param>
/// <param name="Timeout">How long it waits for the scan.</param>
public sealed record ScanGate(FindingSeverity FailOn, TimeSpan Timeout)
{
    /// <summary>Longer than almost all scans take.</summary>
    internal static TimeSpan StandardTimeout { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A step of a push on request: the image is in the repository, and its scan decides whether the push succeeds.</summary>
    internal async Task<(ScanReport? Report, EcrDiagnostic? Diagnostic)> CheckAsync(
        AwsSession session,
        ImageReference image,
        string digest,
        CancellationToken cancellationToken
    )
    {
        if (image.Registry.Kind is RegistryKind.Public)
        {
            return (null, ScanDiagnosis.Public(image.Registry));
        }

        using var ecr = session.CreateEcrClient(image.Registry);
        try
        {
            var report = await session.AskAsync(() =>
                new ImageScan(ecr, image, TimeProvider.System).WaitAsync(digest, Timeout, cancellationToken)
            );
            return (report, ScanDiagnosis.Describe(report, this, image, digest));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.Cancelled,
                    $"The push was cancelled while waiting for the scan. {image}@{digest} was pushed with its tags."
                )
            );
        }
    }
}
