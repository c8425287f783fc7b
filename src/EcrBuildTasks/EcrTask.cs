using EcrBuildTasks.Aws;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Preflight;
using Microsoft.Build.Framework;

namespace EcrBuildTasks.Tasks;

/// <summary>What the tasks that talk to AWS share: properties become a request.</summary>
public abstract partial class EcrTask : ReportingTask, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource cancellation = new();

    /// <summary>The property <c>EcrRegistry</c>, one host or several; empty for the registry of the caller's account.</summary>
    public string[] Registry { get; set; } = [];

    /// <summary>The property <c>EcrRepository</c>.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary>The tags, as far as they are known.</summary>
    public string[] ImageTags { get; set; } = [];

    /// <summary>The property <c>EcrFloatingTags</c>.</summary>
    public string FloatingTags { get; set; } = "";

    /// <summary>The property <c>EcrTagCommit</c>.</summary>
    public string TagCommit { get; set; } = "";

    /// <summary>The commit, where the .NET SDK knows it.</summary>
    public string Commit { get; set; } = "";

    /// <summary>The property <c>EcrTagBranch</c>.</summary>
    public string TagBranch { get; set; } = "";

    /// <summary>The branch, where somebody has set it.</summary>
    public string Branch { get; set; } = "";

    /// <summary>The property <c>EcrRegion</c>.</summary>
    public string Region { get; set; } = "";

    /// <summary>The property <c>EcrProfile</c>.</summary>
    public string Profile { get; set; } = "";

    /// <summary>The property <c>EcrRoleArn</c>.</summary>
    public string RoleArn { get; set; } = "";

    /// <summary>The property <c>EcrExternalId</c>.</summary>
    public string ExternalId { get; set; } = "";

    /// <summary>The property <c>EcrPreflight</c>.</summary>
    public string Preflight { get; set; } = "";

    /// <summary>The property <c>EcrPushMode</c>.</summary>
    public string Mode { get; set; } = "";

    /// <summary>The property <c>EcrDockerHost</c>.</summary>
    public string DockerHost { get; set; } = "";

    /// <summary>The property <c>EcrIfTagExists</c>.</summary>
    public string IfTagExists { get; set; } = "";

    /// <summary>The property <c>EcrFailOnSeverity</c>.</summary>
    public string FailOnSeverity { get; set; } = "";

    /// <summary>The property <c>EcrScanTimeout</c>, in seconds.</summary>
    public string ScanTimeout { get; set; } = "";

    /// <summary>The full path of the folder for result files.</summary>
    [Required]
    public string ResultDirectory { get; set; } = "";

    /// <inheritdoc/>
    public void Cancel() => cancellation.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override void Run()
    {
        if (ReadRequests() is { Count: > 0 } requests)
        {
            RunAsync(new(Identities()), requests, cancellation.Token).GetAwaiter().GetResult();
        }
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
            results.Write(ResultFiles.PolicyFix, ResultFiles.ToJson(fixes));
        }

        string[] file = [];
        if (fixes.FirstOrDefault(fix => fix.ChangedPolicy is not null) is { } seen)
        {
            var path = results.PathOf(ResultFiles.RepositoryPolicy).Replace(Path.DirectorySeparatorChar, '/');
            if (seen.AwsCommand(path) is { } command)
            {
                results.Write(ResultFiles.RepositoryPolicy, seen.Render(FixFormat.Policy)!);
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

    /// <summary>Where the results of a target go: with several, each has a folder of its own.</summary>
    private protected ResultFolder ResultsOf(PushRequest request, IReadOnlyList<PushRequest> all) =>
        new(all.Count == 1 ? ResultDirectory : Path.Combine(ResultDirectory, FolderOf(request.Registry!)));

    /// <summary>A registry as the name of a folder: one that is misspelt may hold slashes and colons.</summary>
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
