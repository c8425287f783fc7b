using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Preflight;

/// <summary>Finds out from the ECR API why a push failed, because engines lose the reason of the registry.</summary>
internal sealed class FailedPush(PushPreflight preflight, AwsSession session)
{
    /// <param name="failure">The exception of the push; one that <see cref="FailureDiagnosis"/> supports.</param>
    /// <param name="question">The input of its preflight.</param>
    public async Task<PreflightDiagnosis> ExplainAsync(
        Exception failure,
        PreflightRequest question,
        CancellationToken cancellationToken
    )
    {
        try
        {
            switch (failure)
            {
                case PushException denied when denied.Code == EcrCode.DeniedWithoutReason:
                    return await ExplainDenialAsync(denied.RawMessage ?? denied.Message, question, cancellationToken);
                case AmazonServiceException { ErrorCode: "AccessDeniedException" } denied:
                    return await ExplainDenialAsync(denied.Message, question, cancellationToken);
                case PushException missing when missing.Code == EcrCode.RepositoryMissing:
                    var report = await preflight.RunAsync(
                        question with
                        {
                            Mode = PreflightMode.Policy,
                        },
                        cancellationToken
                    );
                    if (
                        PreflightDiagnosis.OfMissingRepository(report, missing.RawMessage ?? missing.Message) is { } why
                    )
                    {
                        return new([why], []);
                    }

                    break;
                case PushException { Tag: { } tag } immutable when immutable.Code == EcrCode.TagImmutable:
                    if (await FindArchivedAsync(tag, question, cancellationToken) is { } archived)
                    {
                        return new([archived], []);
                    }

                    break;
            }
        }
        catch (OperationCanceledException cancelled)
        {
            failure = cancelled;
        }
        catch (Exception)
        {
            // What the caller is not allowed to read, and what AWS does not answer now, explains nothing.
        }

        return new([FailureDiagnosis.Find(failure)!], []);
    }

    private async Task<PreflightDiagnosis> ExplainDenialAsync(
        string answer,
        PreflightRequest question,
        CancellationToken cancellationToken
    ) =>
        PreflightDiagnosis.OfDeniedPush(
            await preflight.RunAsync(question with { Mode = PreflightMode.Probe }, cancellationToken),
            answer
        );

    /// <summary>A tag that exists, though the push did not find it: its image may be archived.</summary>
    private async Task<EcrDiagnostic?> FindArchivedAsync(
        string tag,
        PreflightRequest question,
        CancellationToken cancellationToken
    )
    {
        var registry =
            question.Registry ?? session.RegistryOf((await session.GetCallerIdentityAsync(cancellationToken)).Account);
        using var ecr = session.CreateEcrClient(registry);
        var archived = await new TagLookup(ecr, registry, question.Repository).FindArchivedAsync(
            [tag],
            cancellationToken
        );
        return archived is [{ Digest: var digest }]
            ? TagDiagnosis.Archived(new(registry, question.Repository, question.Tags), tag, digest)
            : null;
    }
}
