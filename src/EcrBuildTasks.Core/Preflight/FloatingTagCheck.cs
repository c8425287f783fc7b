using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Finds the floating tags that would have to move and may not, since they exist and the repository does not let them be moved.
/// Where it lets them, nothing is asked; what cannot be listed costs the finding, not the build.
/// </summary>
internal sealed class FloatingTagCheck(AwsSession session)
{
    public CallLimit Limit { get; init; } = CallLimit.Standard;

    /// <summary>What a report can say of the floating tags.</summary>
    public async Task<PreflightReport> RunAsync(
        PreflightReport report,
        FloatingTags tags,
        CancellationToken cancellationToken
    )
    {
        if (
            report.Denied.Count > 0
            || report.Repository.TagMutability is not { } mutability
            || !tags.Floating.Any(floating => mutability.IsImmutable(floating.Name))
        )
        {
            return report;
        }

        try
        {
            using var ecr = session.CreateEcrClient(report.Image.Registry);
            var there = new TagList(
                await Limit.RunAsync(
                    new RepositoryTags(ecr, report.Image.Registry.Account, report.Image.Repository).ListAsync,
                    cancellationToken
                ),
                tags.Versions
            );
            return report with { StuckTags = [.. StuckIn(there, tags, mutability)] };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return report;
        }
    }

    private static IEnumerable<string> StuckIn(TagList there, FloatingTags tags, TagMutability mutability) =>
        tags.MovingIn(there)
            .Select(floating => floating.Name)
            // The same image pushed again moves nothing; what it will be is not known before it is built.
            .Where(name =>
                mutability.IsImmutable(name)
                && there.DigestOf(name) is { } digest
                && tags.Versions.All(version => there.DigestOf(version.Tag) != digest)
            );
}
