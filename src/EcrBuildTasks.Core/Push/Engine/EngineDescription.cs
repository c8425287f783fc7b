using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Engine;

/// <summary>What kind of engine answers.</summary>
/// <param name="Name"><c>Docker</c> or <c>Podman</c>.</param>
/// <param name="IsRootless">Whether it runs as an ordinary user.</param>
/// <param name="KeepsImagesInContainerd">Whether containerd holds its images, not the engine's own store.</param>
public sealed record EngineDescription(
    EngineEndpoint Endpoint,
    string Name,
    string Version,
    bool IsRootless,
    bool KeepsImagesInContainerd
)
{
    /// <summary>Finds the engine as a push does, and reads its name and version.</summary>
    /// <exception cref="PushException">None answers, or the one that does answers with an error.</exception>
    public static async Task<EngineDescription> AskAsync(EngineSearch search, CancellationToken cancellationToken)
    {
        var (client, endpoint) = await EngineConnection.OpenAsync(EngineEndpoint.Candidates(search), cancellationToken);
        using (client)
        {
            try
            {
                var version = client.System.GetVersionAsync(cancellationToken);
                return Describe(endpoint, await client.System.GetSystemInfoAsync(cancellationToken), await version);
            }
            catch (DockerApiException failure)
            {
                throw EngineConnection.Failure(failure, $"The engine at {endpoint} did not report its version");
            }
            catch (JsonException failure)
            {
                throw EngineConnection.Unreadable(endpoint, failure);
            }
        }
    }

    internal static EngineDescription Describe(
        EngineEndpoint endpoint,
        SystemInfoResponse system,
        VersionResponse version
    ) =>
        new(
            endpoint,
            version.Components?.Any(part => part.Name?.StartsWith("Podman", StringComparison.Ordinal) is true) is true
                ? "Podman"
                : "Docker",
            version.Version is { Length: > 0 } own ? own : system.ServerVersion ?? "",
            system.SecurityOptions?.Any(option => option.Split(',').Contains("name=rootless")) is true,
            system.DriverStatus?.Any(status =>
                status.Any(word => word.StartsWith("io.containerd.snapshotter.", StringComparison.Ordinal))
            )
                is true
        );
}
