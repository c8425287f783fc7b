using EcrBuildTasks.Aws;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks;

/// <summary>A push that is not needed, since its image is there.</summary>
internal static class ExistingPush
{
    /// <summary>Looks whether <see cref="IfTagExists.Skip"/> skips a push; what cannot be seen does not.</summary>
    public static async Task<ExistingTags?> FindSkippedAsync(
        AwsSession session,
        ImageReference image,
        CancellationToken cancellationToken
    )
    {
        if (image.Registry.Kind is RegistryKind.Public)
        {
            return null;
        }

        using var ecr = session.CreateEcrClient(image.Registry);
        var view = await new RepositoryLookup(ecr, image.Registry, image.Repository, CallLimit.Standard).RunAsync(
            image.Tags,
            cancellationToken
        );
        return view.Tags?.Decide(view.TagMutability, IfTagExists.Skip) is TagDecision.Skip ? view.Tags : null;
    }

    /// <summary>What a push comes to that sends nothing; who asked is not filled in.</summary>
    /// <param name="image">The image.</param>
    /// <param name="host">The host, with its port, from which the image can be pulled.</param>
    /// <param name="tags">Its tags, which are all there.</param>
    public static PushResult Result(ImageReference image, string host, ExistingTags tags) =>
        new(
            image,
            host,
            new()
            {
                Digest = tags.There[0].Digest,
                Tags = [.. tags.There.Select(there => there.Tag)],
                SizeInBytes = tags.There[0].SizeInBytes,
                PushedBytes = 0,
                Layers = [],
            },
            "not pushed",
            TimeSpan.Zero,
            CallerIdentity.NotKnown,
            ""
        )
        {
            IsSkipped = true,
        };
}
