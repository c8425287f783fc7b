using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Preflight;

/// <summary>What AWS tells of a push: beforehand, and again when it has failed.</summary>
internal sealed class PushExamination(AwsIdentities identities)
{
    /// <summary>Before a push: changes nothing.</summary>
    public async Task<PreflightReport> RunAsync(
        PushTarget target,
        PushRequest request,
        PreflightMode mode,
        CancellationToken cancellationToken
    ) =>
        Of(
            request,
            await Preflight(target, request, looksForCache: true)
                .RunAsync(target.Registry, target.Repository, target.Tags, mode, request.Principal, cancellationToken)
        );

    /// <summary>After a push has failed: changes nothing either.</summary>
    public async Task<PreflightReport> RepeatAsync(
        PushTarget target,
        PushRequest request,
        PreflightMode mode,
        CancellationToken cancellationToken
    ) =>
        Of(
            request,
            await Preflight(target, request, looksForCache: false)
                .RunAsync(target.Registry, target.Repository, target.Tags, mode, principal: null, cancellationToken)
        );

    /// <summary>Where the push creates the repository itself, no template does.</summary>
    private static PreflightReport Of(PushRequest request, PreflightReport report) =>
        request.CreateRepository
            ? report with
            {
                CreatesRepository = true,
                Repository = report.Repository with { CreatedOnPushBy = null },
            }
            : report;

    /// <summary>
    /// Looks where else a repository may be that is known to be absent, or denied in another account's registry; any other costs
    /// no call.
    /// </summary>
    public static async Task<PreflightReport> TraceAsync(
        PushTarget target,
        PushRequest request,
        PreflightReport report,
        CancellationToken cancellationToken
    )
    {
        if (
            report.Denied.Count > 0
                ? !report.IsCrossAccount
                : report.Repository is not { Repository: Presence.Absent, CreatedOnPushBy: null }
        )
        {
            return report;
        }

        string[] regions =
        [
            .. request.Region is { } region ? [region] : Array.Empty<string>(),
            .. target.Session.NamedRegions,
        ];
        return report with
        {
            Repository = await new RepositorySearch(target.Session, regions).RunAsync(report, cancellationToken),
        };
    }

    private PushPreflight Preflight(PushTarget target, PushRequest request, bool looksForCache) =>
        new(target.Session, cancellation => AuthorizeAsync(target, renew: false, cancellation))
        {
            MoreActions =
            [
                .. target.FloatingTags is { Floating.Count: > 0 } ? [PushAction.ListImages] : Array.Empty<string>(),
                .. request.Scan is not null && target.Registry is not { Kind: RegistryKind.Public }
                    ? [PushAction.DescribeImageScanFindings]
                    : Array.Empty<string>(),
            ],
            LooksForCache = looksForCache,
        };

    public Task<EcrAuthorization> AuthorizeAsync(PushTarget target, bool renew, CancellationToken cancellationToken) =>
        identities.GetAuthorizationAsync(target.Identity, target.Registry, renew, cancellationToken);
}
