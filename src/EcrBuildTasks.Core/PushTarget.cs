using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <summary>Where a request goes and as whom, as far as it can be known without asking anyone.</summary>
/// <param name="Registry">
/// The registry; <see langword="null"/> for that of the caller's account, which AWS has to tell.
/// </param>
/// <param name="Repository">The repository's name.</param>
/// <param name="FloatingTags">The tags, told apart; <see langword="null"/> where none is to float.</param>
internal sealed record PushTarget(
    EcrRegistry? Registry,
    string Repository,
    IReadOnlyList<string> Tags,
    FloatingTags? FloatingTags,
    AwsSettings Identity,
    AwsSession Session
)
{
    public static async Task<PushTarget> ResolveAsync(
        PushRequest request,
        AwsIdentities identities,
        CancellationToken cancellationToken
    )
    {
        var (registry, repository) = RepositoryAddress.Parse(request.Registry, request.Repository);
        var tags = ImageTags.Parse(request.Tags);
        var floating = request.FloatingTags ? FloatingTags.Of(tags) : null;
        if (floating is not null && registry is { Kind: RegistryKind.Public })
        {
            throw new DiagnosedException(FloatingTagDiagnosis.Public(registry));
        }

        var settings = request.IdentityIn(registry?.Region);
        return new(
            registry,
            repository,
            ImageTags.Parse([.. floating?.Fixed ?? tags, .. request.SourceTags]),
            floating,
            settings,
            await identities.OpenAsync(settings, cancellationToken)
        );
    }

    /// <exception cref="AwsSessionException">AWS cannot be asked whose registry it is.</exception>
    public async Task<ImageReference> GetImageAsync(CancellationToken cancellationToken) =>
        new(
            Registry ?? Session.RegistryOf((await Session.GetCallerIdentityAsync(cancellationToken)).Account),
            Repository,
            Tags
        );
}
