using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
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
            var templates = new List<RepositoryCreationTemplate>();
            string? next = null;
            do
            {
                var page = await Limit.RunAsync(
                    cancellation =>
                        ecr.DescribeRepositoryCreationTemplatesAsync(
                            new() { MaxResults = PageSize, NextToken = next },
                            cancellation
                        ),
                    cancellationToken
                );
                if (registry is not null && page.RegistryId != registry.Account)
                {
                    return new(null, $"only account {registry.Account} can read them");
                }

                templates.AddRange(page.RepositoryCreationTemplates ?? []);
                next = page.NextToken;
            } while (next is not null);

            var chosen = CreationTemplate.OfPushTo(
                repository,
                templates.Select(template => new CreationTemplate(template.Prefix ?? "", template.AppliedFor ?? []))
            );
            return chosen is null
                ? new(null, null)
                : Describe(chosen, templates.First(template => (template.Prefix ?? "") == chosen.Prefix));
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

    private static CreationOnPush Describe(CreationTemplate chosen, RepositoryCreationTemplate template) =>
        new(chosen, WhyNotSeen: null)
        {
            TagMutability = RepositoryLookup.MutabilityOf(
                template.ImageTagMutability,
                template.ImageTagMutabilityExclusionFilters
            ),
            Policy = ParsePolicy(template.RepositoryPolicy),
            // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepositoryCreationTemplate.html
            LacksRole =
                template
                    is { CustomRoleArn: null or "" }
                        and (
                            { ResourceTags: [_, ..] }
                            or { EncryptionConfiguration.EncryptionType: not (null or "" or "AES256") }
                        ),
        };

    private static PolicyDocument? ParsePolicy(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : PolicyDocument.Parse(text);
        }
        catch (PolicyFormatException)
        {
            // Then nothing is foretold, as without a policy.
            return null;
        }
    }
}
