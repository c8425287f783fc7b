using Microsoft.Build.Logging.StructuredLogger;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>A binary log.</summary>
internal sealed class BuildLog(string file)
{
    private readonly Microsoft.Build.Logging.StructuredLogger.Build build = BinaryLog.ReadBuild(file);

    /// <summary>The targets whose tasks ran.</summary>
    public IReadOnlySet<string> TargetsThatRan =>
        build
            .FindChildrenRecursive<Target>(target =>
                target.Children.OfType<Microsoft.Build.Logging.StructuredLogger.Task>().Any()
            )
            .Select(target => target.Name)
            .ToHashSet(StringComparer.Ordinal);

    public IReadOnlySet<string> TasksThatRan =>
        build
            .FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>()
            .Select(task => task.Name)
            .ToHashSet(StringComparer.Ordinal);
}
