using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Scans;

/// <summary>A step of a push on request: the image is there, and its scan decides whether the push succeeds.</summary>
internal static class ScanStep
{
    public static async Task<(ScanReport? Report, EcrDiagnostic? Diagnostic)> RunAsync(
        AwsSession session,
        ImageReference image,
        string digest,
        ScanGate gate,
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
                new ImageScan(ecr, image, TimeProvider.System).WaitAsync(digest, gate.Timeout, cancellationToken)
            );
            return (report, ScanDiagnosis.Describe(report, gate, image, digest));
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
