using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>A push that is not needed, since its image is there.</summary>
internal static class ExistingPush
{
    /// <summary>
    /// The result of a push that a preflight has found to be skipped; <see langword="null"/> of any other.
    /// </summary>
    /// <param name="report">What the preflight has found.</param>
    /// <param name="authorize">Gives the token, which names the host.</param>
    public static async Task<PushResult?> FindSkippedAsync(
        PushRequest request,
        PreflightReport report,
        Func<Task<EcrAuthorization>> authorize
    )
    {
        if (
            report.Denied.Count > 0
            // Which tags it will have beside that of its commit is not known yet.
            || request.Tags.Count == 0
            || request.TagsMayChange
            || report.Repository is not { Tags: { } tags, TagMutability: { } mutability }
            || tags.Decide(mutability, request.IfTagExists) is not TagDecision.Skip
        )
        {
            return null;
        }

        return Result(report.Image, (await authorize()).HostOf(report.Image.Registry), tags) with
        {
            Caller = report.Caller,
            CredentialsSource = report.CredentialsSource,
        };
    }

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
        var lookup = new RepositoryLookup(ecr, image.Registry, image.Repository, CallLimit.Standard);
        lookup.Begin(cancellationToken);
        var view = await lookup.CompleteAsync(
            image.Tags,
            RepositoryPresence.AskAsync(ecr, image, cancellationToken),
            cancellationToken
        );
        return view.Tags?.Decide(view.TagMutability, IfTagExists.Skip) is TagDecision.Skip ? view.Tags : null;
    }

    /// <summary>What is there under the tags of a push.</summary>
    /// <param name="ofOneImage">Whether all tags have to stand for the same image.</param>
    /// <param name="authorize">Gives the token, which names the host.</param>
    /// <returns><see langword="null"/> if a tag is not there, or cannot be seen.</returns>
    public static async Task<PushResult?> FindAsync(
        PushTarget target,
        bool ofOneImage,
        Func<Task<EcrAuthorization>> authorize,
        CancellationToken cancellationToken
    )
    {
        var caller = new CallerInquiry(target.Session, cancellationToken);
        var image = await target.GetImageAsync(cancellationToken);
        using var ecr = target.Session.CreateEcrClient(image.Registry);
        if (
            image.Registry.Kind is RegistryKind.Private
            && await RepositoryPresence.AskAsync(ecr, image, cancellationToken) is not Presence.Present
        )
        {
            return null;
        }

        var tags = await new TagLookup(ecr, image.Registry, image.Repository).RunAsync(image.Tags, cancellationToken);
        if (
            tags is not { Absent.Count: 0 }
            || (ofOneImage && tags.There.DistinctBy(there => there.Digest, StringComparer.Ordinal).Count() > 1)
        )
        {
            return null;
        }

        return Result(image, (await authorize()).HostOf(image.Registry), tags) with
        {
            Caller = await caller.AnswerAsync(),
            CredentialsSource = target.Session.CredentialsSource,
        };
    }

    /// <summary>What a push comes to that sends nothing; who asked is not filled in.</summary>
    /// <param name="host">The host, with its port, from which the image can be pulled.</param>
    /// <param name="tags">Its tags, which are all there.</param>
    public static PushResult Result(ImageReference image, string host, ExistingTags tags) =>
        new(
            image,
            host,
            new()
            {
                Digest = tags.There[0].Digest,
                // Of several images the result tells of the first.
                Tags = [.. tags.There.Where(there => there.Digest == tags.There[0].Digest).Select(there => there.Tag)],
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
