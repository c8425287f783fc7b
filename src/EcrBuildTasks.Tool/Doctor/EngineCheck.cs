using EcrBuildTasks.Failures;
using EcrBuildTasks.Push.Engine;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The engine and its version.</summary>
internal static class EngineCheck
{
    public static async Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        try
        {
            var engine = await EngineDescription.AskAsync(new(Host: null, place.Environment), cancellationToken);
            var kind = string.Concat(
                engine.IsRootless ? ", rootless" : "",
                engine.KeepsImagesInContainerd ? ", with the containerd image store" : ""
            );
            return Finding.Ok($"{engine.Name} {engine.Version}{kind}, at {engine.Endpoint}.");
        }
        catch (PushException failure)
        {
            return Finding.Warning(
                failure.Message,
                "Start Docker or Podman, or set DOCKER_HOST. Projects, archives and OCI layouts can be pushed without an engine."
            );
        }
    }
}
