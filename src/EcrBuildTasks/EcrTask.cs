using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Push;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Settings;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>A task that talks to AWS for a project.</summary>
public abstract partial class EcrTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private ProjectRequest? _project;

    /// <summary>The item <c>EcrRequest</c>: the project file, with one metadata value for each property.</summary>
    [Required]
    public ITaskItem Request { get; set; } = null!;

    private protected EnvironmentVariables ProcessEnvironment { get; } = EnvironmentVariables.OfProcess();

    private protected ProjectRequest Project =>
        _project ??= new(
            Request.ItemSpec,
            Request.MetadataNames.Cast<string>().ToDictionary(name => name, Request.GetMetadata, StringComparer.Ordinal)
        );

    private protected string ResultDirectory => Project["ResultDirectory"]!;

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
            if (Project.Read(ProcessEnvironment, Report) is { Count: > 0 } requests)
            {
                RunAsync(new(Identities()), requests, _cancellation.Token).GetAwaiter().GetResult();
            }
        }
        catch (Exception failure)
        {
            Report(
                FailureDiagnosis.Of(failure)
                    ?? EcrDiagnostic.Error(
                        EcrCode.InternalError,
                        $"This is a bug in EcrBuildTasks, please report it: {failure.GetType().FullName}: {failure.Message}"
                    )
            );
        }

        return !Log.HasLoggedErrors;
    }

    private protected abstract Task RunAsync(
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    );

    /// <summary>Reports why the push is denied, and leaves the fixes as files for whoever has to apply them.</summary>
    private protected void Report(
        IReadOnlyList<EcrDiagnostic> diagnostics,
        IReadOnlyList<PolicyFix> fixes,
        ResultFolder results
    )
    {
        if (fixes.Count > 0)
        {
            Write(results, ResultFiles.PolicyFix, ResultFiles.ToJson(fixes));
        }

        string[] file = [];
        if (fixes.FirstOrDefault(fix => fix.ChangedPolicy is not null) is { } seen)
        {
            var path = results.PathOf(ResultFiles.RepositoryPolicy).Replace(Path.DirectorySeparatorChar, '/');
            if (seen.AwsCommand(path) is { } command)
            {
                Write(results, ResultFiles.RepositoryPolicy, seen.Render(FixFormat.Policy)!);
                file =
                [
                    $"{path} holds the whole policy with the statement. On this machine, as long as nobody else changes the policy, this sets it from any shell:",
                    $"  {command}",
                ];
            }
        }

        var explained = diagnostics.FirstOrDefault(diagnostic =>
            diagnostic.Code.Id.StartsWith("ECR2", StringComparison.Ordinal)
        );
        Report(
            diagnostics.Select(diagnostic =>
                diagnostic == explained ? diagnostic with { Details = [.. diagnostic.Details, .. file] } : diagnostic
            )
        );
    }

    /// <summary>A file that cannot be written is an error beside the others, and hides none of them.</summary>
    private protected void Write(ResultFolder results, string name, string text)
    {
        try
        {
            results.Write(name, text);
        }
        catch (DiagnosedException failure)
        {
            Report(failure.Diagnostic);
        }
    }

    /// <summary>The folder for the results of one target; with several registries, each has a folder of its own.</summary>
    private protected ResultFolder ResultsOf(PushRequest request, IReadOnlyList<PushRequest> all) =>
        new(all.Count == 1 ? ResultDirectory : Path.Combine(ResultDirectory, FolderOf(request.Registry!)));

    /// <summary>A registry as the name of a folder: one that is misspelled may hold slashes and colons.</summary>
    private static string FolderOf(string registry) =>
        string.Concat(
                registry.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_')
            )
            .Trim('.');

    /// <summary>One build's identities, in the memory of its node and for no longer than the build.</summary>
    private AwsIdentities Identities()
    {
        // The build itself may change the environment, and with it what the same settings mean.
        var key = ("EcrBuildTasks.AwsIdentities", ProcessEnvironment);
        if (
            BuildEngine4.GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build)
            is not AwsIdentities identities
        )
        {
            identities = new(ProcessEnvironment);
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
