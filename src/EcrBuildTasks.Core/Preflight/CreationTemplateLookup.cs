using EcrBuildTasks.Aws;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Preflight;

/// <summary>
/// Looks for the template by which ECR creates a missing repository when an image is pushed to it. Only the caller's own registry
/// can be asked, and it takes a permission that no push needs: being refused finds nothing.
/// </summary>
internal sealed class CreationTemplateLookup(AwsSession session)
{
    private const int PageSize = 1000;

    // A build that fails anyway should not wait long for a hint.
    public CallLimit Limit { get; init; } = new(TimeSpan.FromSeconds(3));

    /// <summary>The template for the repository of a report that is absent.</summary>
    public async Task<CreationTemplate?> FindAsync(PreflightReport report, CancellationToken cancellationToken)
    {
        var image = report.Image;
        if (image.Registry.Kind is not RegistryKind.Private || report.IsCrossAccount)
        {
            return null;
        }

        try
        {
            using var ecr = session.CreateEcrClient(image.Registry);
            var answer = await Limit.RunAsync(
                cancellation =>
                    ecr.DescribeRepositoryCreationTemplatesAsync(new() { MaxResults = PageSize }, cancellation),
                cancellationToken
            );
            return CreationTemplate.OfPushTo(
                image.Repository,
                (answer.RepositoryCreationTemplates ?? []).Select(template => new CreationTemplate(
                    template.Prefix ?? "",
                    template.AppliedFor ?? []
                ))
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return null;
        }
    }
}
