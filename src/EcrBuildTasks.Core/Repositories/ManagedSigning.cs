using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using SigningRule = EcrBuildTasks.Policies.Names.SigningRule;

namespace EcrBuildTasks.Repositories;

/// <summary>
/// What ECR signs by itself, with the identity of the caller who pushes. The push succeeds without the permission for it, and the signature
/// fails later. Requires permissions that no push needs: what cannot be read is not reported.
/// </summary>
internal static class ManagedSigning
{
    // A build should not wait long for what it does without.
    private static readonly CallLimit Limit = new(TimeSpan.FromSeconds(3));

    /// <summary>The rules for a repository in the caller's own registry, the only one whose rules AWS returns.</summary>
    public static async Task<IReadOnlyList<SigningRule>> FindRulesAsync(
        EcrClient ecr,
        string repository,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var answer = await Limit.RunAsync(
                cancellation => ecr.GetSigningConfigurationAsync(new(), cancellation),
                cancellationToken
            );
            return
            [
                .. (answer.SigningConfiguration?.Rules ?? [])
                    .Select(rule => new SigningRule(
                        rule.SigningProfileArn ?? "",
                        [.. (rule.RepositoryFilters ?? []).Select(filter => filter.Filter ?? "")]
                    ))
                    .Where(rule => rule.AppliesTo(repository)),
            ];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>
    /// Whether a push to a repository is worth a look at its signature: a rule applies, or it is the registry of another account, whose rules
    /// AWS does not return.
    /// </summary>
    public static async Task<bool> IsExpectedAsync(
        AwsSession session,
        ImageReference image,
        CallerInquiry caller,
        CancellationToken cancellationToken
    )
    {
        if (image.Registry.Kind is RegistryKind.Public)
        {
            return false;
        }

        if ((await caller.AnswerAsync()).Account != image.Registry.Account)
        {
            return true;
        }

        using var ecr = session.CreateEcrClient(image.Registry);
        return await FindRulesAsync(ecr, image.Repository, cancellationToken) is [_, ..];
    }

    /// <summary>One look at how the signing of a pushed image goes. What cannot be read is not reported: the image is pushed.</summary>
    /// <returns>A warning for each profile with which it failed.</returns>
    public static async Task<IReadOnlyList<EcrDiagnostic>> FindFailuresAsync(
        AwsSession session,
        ImageReference image,
        string digest,
        CallerIdentity caller,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var ecr = session.CreateEcrClient(image.Registry);
            var answer = await Limit.RunAsync(
                cancellation =>
                    ecr.DescribeImageSigningStatusAsync(
                        new()
                        {
                            RegistryId = image.Registry.Account,
                            RepositoryName = image.Repository,
                            ImageId = new() { ImageDigest = digest },
                        },
                        cancellation
                    ),
                cancellationToken
            );
            return
            [
                .. (answer.SigningStatuses ?? [])
                    .Where(status => status.Status is "FAILED")
                    .Select(status => Failed(status, image, digest, caller)),
            ];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>The statement that the caller needs for the signature.</summary>
    /// <returns><see langword="null"/> when a name in it is not valid.</returns>
    public static PolicyFix? FixFor(string profile, ImageReference image, CallerIdentity caller) =>
        PolicyFixes.ForSigning(
            new()
            {
                Caller = new(caller.Arn, caller.Account, caller.UserId),
                RoleArn = caller.RoleArn,
                RepositoryArn = image.RepositoryArn,
                RepositoryAccount = image.Registry.Account,
                Image = image.ToString(),
                Actions = [SignerActions.SignPayload],
                Wanting = [PolicyKind.Identity],
            },
            profile
        );

    private static EcrDiagnostic Failed(
        ImageSigningStatus status,
        ImageReference image,
        string digest,
        CallerIdentity caller
    )
    {
        var (profile, reason) = (status.SigningProfileArn ?? "", status.FailureReason ?? status.FailureCode ?? "");
        return EcrDiagnostic.Warning(
            EcrCode.SigningFailed,
            $"Amazon ECR could not sign {image.Registry}/{image.Repository}@{digest} with the signing profile {profile}: {reason.TrimEnd('.')}.",
            [
                $"The image is pushed. Amazon ECR signs with the identity of the caller, who needs {SignerActions.SignPayload} on the profile.",
                .. FixFor(profile, image, caller)?.ToLines(PolicyFix.TerminalWidth) ?? [],
            ]
        );
    }
}
