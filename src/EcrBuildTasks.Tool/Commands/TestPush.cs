using Amazon.Runtime;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>Pushes a tiny image with a unique tag, and deletes it.</summary>
internal sealed class TestPush(Invocation invocation)
{
    public async Task<int> RunAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var tag = $"ecr-check-{Guid.NewGuid():N}";
        using var image = new TinyImage(tag);
        var outcomes = await new PushPipeline(invocation.Identities).PushAsync(
            [
                request with
                {
                    Source = new ImageSource.OciLayout(image.Layout),
                    Tags = [tag],
                    SourceTags = [],
                    FloatingTags = false,
                    Mode = PushMode.Registry,
                    CreateRepository = false,
                    Scan = null,
                },
            ],
            _ => new ProgressLines(
                invocation.Output.Detail,
                invocation.Output.Detail,
                target: null,
                TimeProvider.System
            ),
            cancellationToken
        );
        invocation.Output.Reporter.Report(outcomes[0].Diagnostics);
        if (outcomes[0].Result is { } result)
        {
            invocation.Output.Note($"A test image was pushed: {result.UriOf(tag)}");
            // The image exists, so it is deleted even after a cancellation.
            await DeleteAsync(request, result, CancellationToken.None);
        }

        return ExitCode.For(outcomes[0].Diagnostics);
    }

    private async Task DeleteAsync(PushRequest request, PushResult result, CancellationToken cancellationToken)
    {
        var registry = result.Image.Registry;
        var session = await invocation.Identities.OpenAsync(request.IdentityIn(registry.Region), cancellationToken);
        using var ecr = session.CreateEcrClient(registry);
        try
        {
            var answer = await ecr.BatchDeleteImageAsync(
                new()
                {
                    RegistryId = registry.Alias ?? registry.Account,
                    RepositoryName = result.Image.Repository,
                    ImageIds = [new() { ImageDigest = result.Pushed.Digest }],
                },
                cancellationToken
            );
            if (answer.Failures is [{ FailureReason: var why }, ..])
            {
                TellHowToDelete(registry, result, why ?? "AWS did not report a reason");
            }
            else
            {
                invocation.Output.Note("The test image was deleted.");
            }
        }
        catch (AmazonServiceException failure)
        {
            TellHowToDelete(registry, result, failure.Message);
        }
    }

    private void TellHowToDelete(EcrRegistry registry, PushResult result, string why)
    {
        invocation.Output.Note($"The test image could not be deleted: {why}");
        var service = registry.Kind is RegistryKind.Public ? "ecr-public" : "ecr";
        invocation.Output.Note(
            $"Someone with permission to delete images can run: aws {service} batch-delete-image --registry-id {registry.Alias ?? registry.Account} --region {registry.Region} --repository-name {result.Image.Repository} --image-ids imageDigest={result.Pushed.Digest}"
        );
    }
}
