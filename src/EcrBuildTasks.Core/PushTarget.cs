using EcrBuildTasks.Aws;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Registry;

namespace EcrBuildTasks;

/// <summary>Where a request goes and as whom.</summary>
/// <param name="Image">Where to.</param>
/// <param name="Identity">The settings of the identity.</param>
/// <param name="Session">The identity.</param>
internal sealed record PushTarget(ImageReference Image, AwsSettings Identity, AwsSession Session)
{
    /// <summary>Resolves a request. Names are read before anyone is asked.</summary>
    public static async Task<PushTarget> ResolveAsync(
        PushRequest request,
        AwsIdentities identities,
        CancellationToken cancellationToken
    )
    {
        var repository = RepositoryName.Parse(request.Repository);
        var tags = ImageTags.Parse(request.Tags);
        var registry = request.Registry is null ? null : EcrRegistry.Parse(request.Registry);
        if (registry is { Kind: RegistryKind.Public })
        {
            throw new DiagnosedException(SettingDiagnosis.PublicRegistry(registry));
        }

        var settings = new AwsSettings
        {
            Profile = request.Profile,
            Region = registry?.Region ?? request.Region,
            RoleArn = request.RoleArn,
            ExternalId = request.ExternalId,
        };
        var session = identities.Open(settings, cancellationToken);
        if (registry is null)
        {
            var caller = await session.GetCallerIdentityAsync(cancellationToken);
            registry = EcrRegistry.Of(caller.Account, session.Region!);
        }

        return new(new(registry, repository, tags), settings, session);
    }
}
