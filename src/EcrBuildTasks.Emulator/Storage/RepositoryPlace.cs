using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>Where a repository is kept.</summary>
/// <param name="Account">The account.</param>
/// <param name="Region">The region, or <see cref="PublicRegion"/>.</param>
/// <param name="Name">The name.</param>
internal sealed record RepositoryPlace(string Account, string Region, string Name)
{
    /// <summary>Stands for a region where the public registry of an account is meant, which is in none.</summary>
    public const string PublicRegion = "public";

    /// <summary>The region in which the API of public registries is.</summary>
    public const string PublicApiRegion = "us-east-1";

    public bool IsPublic => Region == PublicRegion;

    public RegistryKind Kind => KindIn(Region);

    /// <summary>The region of requests about it.</summary>
    public string ApiRegion => IsPublic ? PublicApiRegion : Region;

    /// <summary>The service in its ARN and its actions.</summary>
    public string Service => ServiceIn(Region);

    public static RegistryKind KindIn(string region) =>
        region == PublicRegion ? RegistryKind.Public : RegistryKind.Private;

    public static string ServiceIn(string region) => region == PublicRegion ? "ecr-public" : "ecr";
}
