using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Projects;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Settings;
using Microsoft.Build.Framework;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace EcrBuildTasks.Tasks;

/// <summary>A task that talks to AWS for a project.</summary>
/// <remarks>
/// No task is marked with <c>MSBuildMultiThreadableTask</c>. With <c>-mt</c>, MSBuild then runs it in its task host, whose environment
/// variables and current folder are those of the project. In MSBuild's own process they are not, so the push could use another identity;
/// <c>TaskEnvironment</c>, which would have them, does not exist in the first MSBuild of the .NET SDK 10.
/// </remarks>
public abstract class EcrTask : Microsoft.Build.Utilities.Task, IReportSink, ICancelableTask, IDisposable
{
    private protected EnvironmentVariables EnvironmentVariables { get; } = EnvironmentVariables.OfProcess();
    private readonly CancellationTokenSource _cancellation = new();
    private ProjectRequest? _project;
    private ProjectSettings? _settings;

    /// <summary>A task sees the environment as it is when the task is made.</summary>
    protected EcrTask() => Reporter = new(this, EnvironmentVariables);

    /// <summary>The item <c>EcrRequest</c>: the project file, with one metadata value for each property.</summary>
    [Required]
    public ITaskItem Request { get; set; } = null!;

    /// <summary>The property <c>EcrImageUri</c>: the reference of the first tag in the first registry.</summary>
    [Output]
    public string ImageUri { get; set; } = "";

    /// <summary>The property <c>EcrImageDigest</c>.</summary>
    [Output]
    public string ImageDigest { get; set; } = "";

    /// <summary>The items <c>EcrPushedImage</c>, one for each tag in each registry.</summary>
    [Output]
    public ITaskItem[] PushedImages { get; set; } = [];

    private protected Reporter Reporter { get; }

    private protected ProjectRequest Project =>
        _project ??= new(
            Request.ItemSpec,
            Request.MetadataNames.Cast<string>().ToDictionary(name => name, Request.GetMetadata, StringComparer.Ordinal)
        );

    private protected ProjectSettings Settings =>
        _settings ??= new(
            Project,
            BuildEngine is IBuildEngine6 engine
                ? engine.GetGlobalProperties()
                : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>The terminal logger does. It shows errors and warnings only, each whole, while other loggers repeat the code before each line of an error.</summary>
    public bool BreaksLines => Project["IsTerminalLogger"] is "true";

    /// <inheritdoc/>
    public void Cancel() => _cancellation.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            if (Project.Read(EnvironmentVariables, Reporter.Report) is { Count: > 0 } requests)
            {
                RunAsync(new(Identities()), requests, _cancellation.Token).GetAwaiter().GetResult();
            }
        }
        catch (Exception failure)
        {
            Reporter.Report(failure);
        }

        Reporter.Complete();
        return !Log.HasLoggedErrors;
    }

    private protected abstract Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    );

    private protected ResultFolder FolderOf(PushRequest request, IReadOnlyList<PushRequest> all) =>
        ResultFolder.ForRequest(request, all, Project["ResultDirectory"]!, Project.ProjectFile);

    /// <summary>Adds an image to the outputs.</summary>
    private protected PushResult Output(PushResult result)
    {
        if (ImageUri.Length == 0)
        {
            ImageUri = result.UriOf(result.Pushed.Tags[0]);
            ImageDigest = result.Pushed.Digest;
        }

        PushedImages = [.. PushedImages, .. result.Pushed.Tags.Select(tag => Item(result, tag))];
        return result;
    }

    /// <inheritdoc/>
    void IReportSink.Write(EcrDiagnostic diagnostic)
    {
        string[] details = [.. diagnostic.Details, $"Help: {diagnostic.HelpLink}"];
        // The terminal logger makes the code a link to the page.
        var text = BreaksLines
            ? string.Join(Environment.NewLine, diagnostic.Details.Prepend(diagnostic.Message))
            : diagnostic.Message;
        var (code, link) = (diagnostic.Code.Id, diagnostic.HelpLink.ToString());
        var file = Path.GetFileName(Project.ProjectFile);
        if (diagnostic.Severity is DiagnosticSeverity.Error)
        {
            Log.LogError("", code, "", link, file, 0, 0, 0, 0, "{0}", text);
        }
        else
        {
            Log.LogWarning("", code, "", link, file, 0, 0, 0, 0, "{0}", text);
        }

        foreach (var line in BreaksLines ? [] : details)
        {
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }
    }

    /// <summary>
    /// Of the messages, the terminal logger shows one: the last that begins with the project's name and an arrow, as that of
    /// the compiler does.
    /// </summary>
    void IReportSink.WriteResults(IReadOnlyList<ReportLine> lines)
    {
        var text = string.Join($"{Environment.NewLine}  ", lines.Select(line => line.Text.TrimStart()));
        Log.LogMessage(
            MessageImportance.High,
            "{0} -> {1}",
            Path.GetFileNameWithoutExtension(Project.ProjectFile),
            text
        );
    }

    /// <inheritdoc/>
    void IReportSink.WriteDetail(string line) => Log.LogMessage(MessageImportance.Normal, "{0}", line);

    /// <inheritdoc/>
    void IReportSink.WriteCommand(string command, bool isReadFromStandardError) =>
        Log.LogMessage(MessageImportance.High, "{0}", command);

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

    /// <summary>One build's identities, in the memory of its node and for no longer than the build.</summary>
    private protected AwsIdentities Identities()
    {
        // The build itself may change the environment, and with it what the same settings mean.
        var key = ("EcrBuildTasks.AwsIdentities", EnvironmentVariables);
        if (
            BuildEngine4.GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build)
            is not AwsIdentities identities
        )
        {
            identities = new(EnvironmentVariables);
            BuildEngine4.RegisterTaskObject(
                key,
                identities,
                RegisteredTaskObjectLifetime.Build,
                allowEarlyCollection: false
            );
        }

        return identities;
    }
}
