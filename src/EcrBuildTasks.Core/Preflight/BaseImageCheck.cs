using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Determines before a build whether the caller may pull the base image, if that is in a private registry of Amazon ECR. A denial is a
/// warning, because the .NET SDK pulls with Docker's login, which can be another identity.
/// </summary>
internal static class BaseImageCheck
{
    /// <returns><see langword="null"/> if no denial was seen.</returns>
    public static async Task<EcrDiagnostic?> RunAsync(
        AwsSession session,
        string? baseImage,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (
                baseImage is null
                || ImageAddress.FromText(baseImage) is not { Host: not null, Path: var repository } address
                || address.Locate().Registry is not { Kind: RegistryKind.Private } registry
                || !RepositoryName.IsValid(repository, RegistryKind.Private)
            )
            {
                return null;
            }

            using var ecr = session.CreateEcrClient(registry);
            var probe = new PermissionProbe(ecr, registry.Account, repository, CallLimit.Standard);
            var verdict = await probe.AskAsync(EcrActions.GetDownloadUrlForLayer, cancellationToken);
            // Asking a pull-through cache for an image can create a missing repository.
            verdict =
                verdict.Permission is Permission.Allowed
                    ? await probe.AskAsync(PushAction.BatchGetImage, cancellationToken)
                    : verdict;
            return verdict.Permission is Permission.Denied
                ? Explain(new(registry, repository, []), verdict.Reason)
                : null;
        }
        catch (ReferenceFormatException)
        {
            // Another registry; the .NET SDK reports a host that is none.
            return null;
        }
    }

    private static EcrDiagnostic Explain(ImageReference image, string reason)
    {
        var denial = DenialMessage.Find(reason);
        var account = Arn.Parse(denial?.Principal)?.Account;
        var fixes =
            denial is null || account is null
                ? []
                : PolicyFixes.For(
                    new()
                    {
                        Caller = new(denial.Principal, account, ""),
                        RepositoryArn = image.RepositoryArn,
                        RepositoryAccount = image.Registry.Account,
                        Image = image.ToString(),
                        Actions = EcrActions.ForPull,
                        Wanting =
                            denial.PolicyKind is { } kind ? [kind]
                            : account == image.Registry.Account ? [PolicyKind.Identity]
                            : [PolicyKind.Repository, PolicyKind.Identity],
                        IsExplicitlyDenied = denial.IsExplicit,
                    }
                );
        return EcrDiagnostic.Warning(
            EcrCode.BaseImageUnreadable,
            $"The base image {image} cannot be pulled with the identity of the push: {reason}",
            [
                .. fixes.SelectMany(fix => fix.ToLines(PolicyFix.TerminalWidth)),
                "The .NET SDK pulls it with the login of Docker. If that is another identity, which may pull it, the build succeeds.",
            ]
        );
    }
}
