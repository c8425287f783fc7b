using EcrBuildTasks.Aws;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Scans;

namespace EcrBuildTasks;

/// <summary>A step of a push on request: the image is there, and its scan decides whether the push succeeds.</summary>
internal static class ScanStep
{
    /// <returns>The result with what the scan found, and what has to be said of it.</returns>
    public static async Task<(PushResult Result, EcrDiagnostic? Said)> RunAsync(
        AwsSession session,
        PushResult result,
        ScanGate gate,
        CancellationToken cancellationToken
    )
    {
        var image = result.Image;
        if (image.Registry.Kind is RegistryKind.Public)
        {
            return (result, ScanDiagnosis.Public(image.Registry));
        }

        using var ecr = session.CreateEcrClient(image.Registry);
        try
        {
            var report = await session.AskAsync(() =>
                new ImageScan(ecr, image, TimeProvider.System).WaitAsync(
                    result.Pushed.Digest,
                    gate.Timeout,
                    cancellationToken
                )
            );
            return (result with { Scan = report }, ScanDiagnosis.Of(report, gate, image, result.Pushed.Digest));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.Cancelled,
                    $"The push was cancelled while it waited for the scan; {image}@{result.Pushed.Digest} is there under its tags."
                )
            );
        }
    }
}
