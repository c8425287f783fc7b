using EcrBuildTasks.Images;
using EcrBuildTasks.Reporting;
using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks;

/// <content>What a build gets to know of its images.</content>
public abstract partial class EcrTask
{
    /// <summary>The property <c>EcrImageUri</c>: the reference of the first tag in the first registry.</summary>
    [Output]
    public string ImageUri { get; set; } = "";

    /// <summary>The property <c>EcrImageDigest</c>.</summary>
    [Output]
    public string ImageDigest { get; set; } = "";

    /// <summary>The items <c>EcrPushedImage</c>, one for each tag in each registry.</summary>
    [Output]
    public ITaskItem[] PushedImages { get; set; } = [];

    private protected void Tell(PushResult result, ResultFolder results)
    {
        var pushed = result.Pushed;
        if (ImageUri.Length == 0)
        {
            ImageUri = result.UriOf(pushed.Tags[0]);
            ImageDigest = pushed.Digest;
        }

        PushedImages = [.. PushedImages, .. pushed.Tags.Select(tag => Item(result, tag))];
        Write(results, ResultFiles.Push, ResultFiles.ToJson(result));
        foreach (var tag in pushed.Tags)
        {
            Log.LogMessage(
                MessageImportance.High,
                "{0}",
                result.IsSkipped
                    ? $"Nothing to push: {result.UriOf(tag)}@{pushed.Digest} is there already"
                    : $"Pushed {result.UriOf(tag)}@{pushed.Digest}"
            );
        }

        foreach (var line in FloatingTagLines.Of(result))
        {
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }

        if (!result.IsSkipped)
        {
            Log.LogMessage(MessageImportance.High, "{0}", $"  {ProgressLines.Caller(result)}");
            Log.LogMessage(MessageImportance.High, "{0}", $"  {ProgressLines.Totals(result)}");
        }
    }

    private static TaskItem Item(PushResult result, string tag)
    {
        var item = new TaskItem(result.UriOf(tag));
        item.SetMetadata("Uri", result.UriOf(tag));
        item.SetMetadata("Tag", tag);
        item.SetMetadata("Digest", result.Pushed.Digest);
        item.SetMetadata("SizeInBytes", $"{result.Pushed.SizeInBytes}");
        item.SetMetadata("PushedBytes", $"{result.Pushed.PushedBytes}");
        return item;
    }
}
