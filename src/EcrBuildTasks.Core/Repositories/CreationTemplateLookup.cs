using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>
/// Finds the template that ECR uses to create a missing repository on a push. Only the templates of the caller's own registry
/// can be read, and that requires a permission that a push does not need: a denial leaves the question open.
/// </summary>
internal sealed class CreationTemplateLookup(EcrClient ecr, EcrRegistry? registry, string repository)
{
    private const int PageSize = 1000;

    // A build should not wait long for what it does without.
    public CallLimit Limit { get; init; } = new(TimeSpan.FromSeconds(3));

    public async Task<CreationOnPush> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Limit.RunAsync(
                cancellation =>
                    ecr.DescribeRepositoryCreationTemplatesAsync(new() { MaxResults = PageSize }, cancellation),
                cancellationToken
            );
            if (registry is not null && answer.RegistryId != registry.Account)
            {
                return new(null, $"only account {registry.Account} can read them");
            }

            var template = CreationTemplate.OfPushTo(
                repository,
                (answer.RepositoryCreationTemplates ?? []).Select(template => new CreationTemplate(
                    template.Prefix ?? "",
                    template.AppliedFor ?? []
                ))
            );
            return new(template, template is null && answer.NextToken is not null ? "too many templates" : null);
        }
        catch (AmazonServiceException failure) when (failure.ErrorCode is "AccessDeniedException")
        {
            return new(null, $"the caller is not allowed to call {EcrActions.DescribeRepositoryCreationTemplates}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(null, RepositoryLookup.WhyNot(failure));
        }
    }
}
