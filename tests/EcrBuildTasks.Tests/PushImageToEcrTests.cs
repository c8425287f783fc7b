using System.Reflection;
using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks.Tests;

public sealed class PushImageToEcrTests
{
    [Fact]
    public void One_cause_for_several_registries_is_one_error_of_the_build()
    {
        var engine = DispatchProxy.Create<IBuildEngine4, RecordingEngine>();
        var results = Directory.CreateTempSubdirectory("ecr-task-").FullName;
        try
        {
            var request = new TaskItem(Path.Combine(results, "App.csproj"));
            request.SetMetadata("ResultDirectory", results);
            request.SetMetadata(
                "EcrRegistry",
                "444455556666.dkr.ecr.eu-west-1.amazonaws.com;444455556666.dkr.ecr.eu-west-2.amazonaws.com"
            );
            request.SetMetadata("EcrRepository", "hello-api");
            request.SetMetadata("EcrImageTags", "1.0.0");
            request.SetMetadata("EcrSourceImage", "hello:1");
            request.SetMetadata("EcrDockerHost", "unix:///nowhere/docker.sock");
            using var task = new PushImageToEcr { BuildEngine = engine, Request = request };

            task.Execute().ShouldBeFalse();
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }

        ((RecordingEngine)engine).Errors.ShouldHaveSingleItem().Code.ShouldBe("ECR4001");
    }

    /// <summary>An MSBuild that keeps the errors and answers nothing; not sealed, since it is derived from at run time.</summary>
    public class RecordingEngine : DispatchProxy
    {
        public IList<BuildErrorEventArgs> Errors { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (args is [BuildErrorEventArgs error])
            {
                Errors.Add(error);
            }

            return targetMethod!.ReturnType == typeof(bool) ? false : null;
        }
    }
}
