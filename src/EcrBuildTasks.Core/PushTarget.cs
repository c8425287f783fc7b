using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>Where an image is pushed, under which tags, and with which identity: what a request says of it, checked.</summary>
/// <param name="Registry">The registry; <see langword="null"/> for that of the caller's account, which AWS has to tell.</param>
/// <param name="Tags">The tags that are pushed; floating tags follow.</param>
/// <param name="FloatingTags"><see langword="null"/> if no tag floats.</param>
internal sealed record PushTarget(
    EcrRegistry? Registry,
    string Repository,
    IReadOnlyList<string> Tags,
    FloatingTags? FloatingTags,
    AwsSettings Identity
)
{
    /// <summary>Asks nobody.</summary>
    /// <exception cref="ReferenceFormatException">A name is invalid.</exception>
    /// <exception cref="DiagnosedException">Tags cannot float in this registry.</exception>
    public static PushTarget Resolve(PushRequest request)
    {
        var (registry, repository) = RepositoryAddress.Parse(request.Registry, request.Repository);
        var tags = ImageTags.Parse(request.Tags);
        var floating = request.FloatingTags ? FloatingTags.FromTags(tags) : null;
        if (floating is not null && registry is { Kind: RegistryKind.Public })
        {
            throw new DiagnosedException(TagDiagnosis.Public(registry));
        }

        return new(
            registry,
            repository,
            ImageTags.Parse([.. floating?.Fixed ?? tags, .. request.SourceTags]),
            floating,
            request.IdentityIn(registry?.Region)
        );
    }
}

/// <summary>A target, and the identity that acts on it.</summary>
internal sealed class OpenTarget
{
    private readonly AwsIdentities _identities;

    private OpenTarget(PushTarget target, AwsSession session, AwsIdentities identities) =>
        (Target, Session, _identities) = (target, session, identities);

    public PushTarget Target { get; }

    public AwsSession Session { get; }

    /// <exception cref="AwsSessionException">There are no credentials, or no such profile.</exception>
    public static async Task<OpenTarget> OpenAsync(
        PushTarget target,
        AwsIdentities identities,
        CancellationToken cancellationToken
    ) => new(target, await identities.OpenAsync(target.Identity, cancellationToken), identities);

    /// <summary>The target's name, with the registry that AWS tells where the request does not name one.</summary>
    /// <exception cref="AwsSessionException">AWS cannot be asked whose registry it is.</exception>
    public async Task<ImageReference> GetImageAsync(CancellationToken cancellationToken) =>
        new(
            Target.Registry ?? Session.RegistryOf((await Session.GetCallerIdentityAsync(cancellationToken)).Account),
            Target.Repository,
            Target.Tags
        );

    /// <param name="renew">Whether the last token was refused.</param>
    /// <exception cref="AwsSessionException">AWS cannot be asked.</exception>
    public Task<EcrAuthorization> AuthorizeAsync(bool renew, CancellationToken cancellationToken) =>
        _identities.GetAuthorizationAsync(Target.Identity, Target.Registry, renew, cancellationToken);

    public PushPreflight CreatePreflight() => new(Session, cancellation => AuthorizeAsync(renew: false, cancellation));

    public async Task<ExistingTags?> FindTagsAsync(ImageReference image, CancellationToken cancellationToken)
    {
        using var ecr = Session.CreateEcrClient(image.Registry);
        return await RepositoryLookup.FindTagsAsync(ecr, image, cancellationToken);
    }

    /// <summary>The result of a push that is not needed.</summary>
    /// <param name="tags">What the repository has under the tags.</param>
    public async Task<PushResult> SkipAsync(
        ImageReference image,
        ExistingTags tags,
        CallerIdentity caller,
        CancellationToken cancellationToken
    ) =>
        PushResult.Skip(
            image,
            (await AuthorizeAsync(renew: false, cancellationToken)).HostOf(image.Registry),
            tags,
            caller,
            Session.CredentialsSource
        );
}
