using EcrBuildTasks.Aws;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks;

/// <summary>What AWS tells of a push: beforehand, and again when it has failed.</summary>
internal sealed class PushExamination(AwsIdentities identities)
{
    public Task<PreflightReport> RunAsync(
        PushTarget target,
        PushRequest request,
        PreflightMode mode,
        CancellationToken cancellationToken
    ) =>
        new PushPreflight(target.Session, cancellation => AuthorizeAsync(target, renew: false, cancellation))
        {
            MoreActions =
            [
                .. target.FloatingTags is { Floating.Count: > 0 } ? [PushAction.ListImages] : Array.Empty<string>(),
                .. request.Scan is not null && target.Registry is not { Kind: RegistryKind.Public }
                    ? [PushAction.DescribeImageScanFindings]
                    : Array.Empty<string>(),
            ],
        }.RunAsync(target.Registry, target.Repository, target.Tags, mode, request.Principal, cancellationToken);

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
        if (report.Denied.Count > 0 ? !report.IsCrossAccount : report.Repository.Repository is not Presence.Absent)
        {
            return report;
        }

        string[] regions =
        [
            .. request.Region is { } region ? [region] : Array.Empty<string>(),
            .. target.Session.NamedRegions,
        ];
        var template = new CreationTemplateLookup(target.Session).FindAsync(report, cancellationToken);
        var search = new RepositorySearch(target.Session, regions).RunAsync(report, cancellationToken);
        await Task.WhenAll(template, search);
        return report with { Repository = await search with { CreatedOnPushBy = await template } };
    }

    public Task<EcrAuthorization> AuthorizeAsync(PushTarget target, bool renew, CancellationToken cancellationToken) =>
        identities.GetAuthorizationAsync(target.Identity, target.Registry, renew, cancellationToken);
}
