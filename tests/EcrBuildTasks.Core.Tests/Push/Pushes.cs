using System.Net;
using System.Net.Http.Headers;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Core.Tests.Push;

/// <summary>The words in which the tests of pushes are written.</summary>
internal static class Pushes
{
    public static ImagePush To(
        string registryHost,
        string repository,
        ImageSource source,
        string[] tags,
        string username = RealEngine.Username,
        string password = RealEngine.Password
    ) =>
        new()
        {
            Source = source,
            RegistryHost = registryHost,
            UsePlainHttp = true,
            Repository = repository,
            Tags = tags,
            GetCredentials = _ => Task.FromResult(new RegistryCredentials(registryHost, username, password)),
        };

    public static ImageSource Source(this TestArchive archive) => new ImageSource.Archive(archive.Path);

    /// <summary>A repository that no other test uses.</summary>
    public static string NewRepository() => $"team/r{Guid.NewGuid():N}";

    /// <summary>The digest of a tag, computed from the manifest that the registry serves.</summary>
    public static Task<string?> DigestOfAsync(this DockerRegistry registry, string repository, string tag) =>
        registry.DigestOfAsync(
            repository,
            tag,
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.oci.image.manifest.v1+json"
        );

    /// <summary>The digest of a tag that points to an index.</summary>
    public static Task<string?> IndexDigestOfAsync(this DockerRegistry registry, string repository, string tag) =>
        registry.DigestOfAsync(repository, tag, "application/vnd.oci.image.index.v1+json");

    private static async Task<string?> DigestOfAsync(
        this DockerRegistry registry,
        string repository,
        string tag,
        params string[] mediaTypes
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v2/{repository}/manifests/{tag}");
        foreach (var mediaType in mediaTypes)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        }

        using var response = await registry.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : "sha256:"
                + TestArchive.Digest(
                    await response
                        .EnsureSuccessStatusCode()
                        .Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
                );
    }
}

/// <summary>Progress as the product's front ends take it: at once, in order.</summary>
internal sealed class Recorder(Action<PushProgress>? onReport = null) : IProgress<PushProgress>
{
    public List<PushProgress> Reports { get; } = [];

    public void Report(PushProgress value)
    {
        Reports.Add(value);
        onReport?.Invoke(value);
    }
}
