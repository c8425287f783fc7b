using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Finds the floating tags that would have to move but cannot, because they exist and are immutable. If all tags are mutable,
/// nothing is requested; if the tags cannot be listed, nothing is found and the build continues.
/// </summary>
internal sealed class FloatingTagCheck(AwsSession session)
{
    public CallLimit Limit { get; init; } = CallLimit.Standard;

    /// <summary>The findings about floating tags for a report.</summary>
    public async Task<PreflightReport> RunAsync(
        PreflightReport report,
        FloatingTags tags,
        CancellationToken cancellationToken
    )
    {
        if (report.Repository.Creation is { TagMutability: { } later })
        {
            return report with
            {
                StuckTags = [.. tags.Floating.Select(floating => floating.Name).Where(later.IsImmutable)],
            };
        }

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
            var existing = new TagList(
                await Limit.RunAsync(
                    new RepositoryTags(ecr, report.Image.Registry.Account, report.Image.Repository).ListAsync,
                    cancellationToken
                ),
                tags.Versions
            );
            return report with { StuckTags = [.. StuckIn(existing, tags, mutability)] };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return report;
        }
    }

    private static IEnumerable<string> StuckIn(TagList existing, FloatingTags tags, TagMutability mutability) =>
        tags.MovingIn(existing)
            .Select(floating => floating.Name)
            // The same image pushed again moves nothing; what it will be is not known before it is built.
            .Where(name =>
                mutability.IsImmutable(name)
                && existing.DigestOf(name) is { } digest
                && tags.Versions.All(version => existing.DigestOf(version.Tag) != digest)
            );
}
