using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>Asks AWS why a push has failed: engines and registries tell little.</summary>
internal sealed class FailedPush(AwsIdentities identities, PushExamination examination)
{
    /// <summary>An engine loses the registry's reason; the ECR API still has it.</summary>
    public async Task<PushOutcome> ExplainDenialAsync(
        PushRequest request,
        string denial,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var target = await PushTarget.ResolveAsync(request, identities, cancellationToken);
            var report = await examination.RepeatAsync(target, request, PreflightMode.Probe, cancellationToken);
            report = await PushExamination.TraceAsync(target, request, report, cancellationToken);
            var explained = PreflightDiagnosis.OfDeniedPush(report, denial);
            return new(null, explained.Diagnostics, explained.Fixes);
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is { } diagnostic)
        {
            return new(null, [diagnostic], []);
        }
    }

    public async Task<EcrDiagnostic> ExplainMissingAsync(
        PushRequest request,
        PushException missing,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var target = await PushTarget.ResolveAsync(request, identities, cancellationToken);
            var report = await examination.RepeatAsync(target, request, PreflightMode.Policy, cancellationToken);
            report = await PushExamination.TraceAsync(target, request, report, cancellationToken);
            return PreflightDiagnosis.OfMissingRepository(report, missing.RawMessage ?? missing.Message)
                ?? FailureDiagnosis.Of(missing)!;
        }
        catch (Exception failure) when (FailureDiagnosis.Of(failure) is not null)
        {
            return FailureDiagnosis.Of(missing)!;
        }
    }

    /// <summary>
    /// What is there under the tags of a push that was to be skipped then: that a tag stays where it is, the push tells first to who
    /// may not look at repositories.
    /// </summary>
    public async Task<PushResult?> FindSkippedAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (request.IfTagExists is not IfTagExists.Skip)
        {
            return null;
        }

        try
        {
            var target = await PushTarget.ResolveAsync(request, identities, cancellationToken);
            // Of several images one may be what this push has left.
            return await ExistingPush.FindAsync(
                target,
                ofOneImage: true,
                () => examination.AuthorizeAsync(target, renew: false, cancellationToken),
                cancellationToken
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The refusal is told.
            return null;
        }
    }

    /// <summary>A tag that exists, though the push did not find it: its image may be archived.</summary>
    public async Task<EcrDiagnostic> ExplainStuckAsync(
        PushRequest request,
        PushException stuck,
        CancellationToken cancellationToken
    )
    {
        if (stuck.Tag is not { } tag)
        {
            return FailureDiagnosis.Of(stuck)!;
        }

        try
        {
            var target = await PushTarget.ResolveAsync(request, identities, cancellationToken);
            var image = await target.GetImageAsync(cancellationToken);
            using var ecr = target.Session.CreateEcrClient(image.Registry);
            var answer = await ecr.DescribeImagesAsync(
                new()
                {
                    RegistryId = image.Registry.Account,
                    RepositoryName = image.Repository,
                    ImageIds = [new() { ImageTag = tag }],
                },
                cancellationToken
            );
            if (answer.ImageDetails is [{ ImageStatus: "ARCHIVED" or "ACTIVATING", ImageDigest: { } digest }, ..])
            {
                return RuleDiagnosis.Archived(image, tag, digest);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whoever may not look gets ECR's own sentence.
        }

        return FailureDiagnosis.Of(stuck)!;
    }
}
