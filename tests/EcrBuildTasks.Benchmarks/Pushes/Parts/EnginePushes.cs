using EcrBuildTasks.Benchmarks.Pushes.Images;
using EcrBuildTasks.Benchmarks.Pushes.Measuring;
using EcrBuildTasks.Benchmarks.Pushes.Peers;

namespace EcrBuildTasks.Benchmarks.Pushes.Parts;

/// <summary>An image that the engine holds, exported and pushed without it, and by the engine itself.</summary>
internal static class EnginePushes
{
    public static async Task ReportAsync(Workbench workbench)
    {
        var engine = await workbench.EngineAsync();
        foreach (var image in new[] { await workbench.Images.FourAsync(), await workbench.Images.RealisticAsync() })
        {
            var docker = await DockerPush.LoadAsync(engine, image, workbench.Folder);
            Report.Heading($"engine: the image '{image.Name}' held by the engine, into an empty registry");
            var series = await workbench.PushColdInTurnsAsync(OurPush.OfEngine(engine, image), docker);
            foreach (var one in series)
            {
                Report.Times(one, image.Length);
            }

            Report.Ratio(series[0], series[1], goal: 0.6);
        }
    }
}
