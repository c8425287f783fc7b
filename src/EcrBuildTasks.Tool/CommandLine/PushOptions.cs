using System.CommandLine;
using EcrBuildTasks.Push;
using EcrBuildTasks.Scans;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>The options that push and check share; the rest comes from the properties of the project.</summary>
internal static class PushOptions
{
    public static readonly Option<bool> CreateRepository = new("--create-repository")
    {
        Description = "Create the repository if it is missing.",
    };

    public static readonly Option<bool> SkipIfExists = new("--skip-if-exists")
    {
        Description = "Skip the push if all tags already exist, whatever image they point to.",
    };

    public static readonly Option<string> FailOnSeverity = Choice.Create(
        "--fail-on-severity",
        "Wait for the image scan after the push, and fail if it has findings of this severity or higher.",
        new[] { "NONE" }
            .Concat(
                Enum.GetValues<FindingSeverity>()
                    .Where(severity => severity is not FindingSeverity.Undefined)
                    .Select(severity => $"{severity}")
            )
            .ToDictionary(name => name.ToLowerInvariant(), StringComparer.Ordinal)
    );

    public static readonly Option<bool> TagCommit = new("--tag-commit")
    {
        Description = "Also push a tag with the commit ID, from the CI system or from Git in this folder.",
    };

    public static readonly Option<bool> TagBranch = new("--tag-branch")
    {
        Description = "Also push a tag with the branch name, from the CI system or from Git in this folder.",
    };

    private static readonly Option<PushMode> Mode = Choice.Create<PushMode>(
        "--mode",
        "How to push: auto uses the engine for images of the engine, and pushes everything else directly to the registry."
    );

    private static readonly Option<string?> DockerHost = new("--docker-host")
    {
        Description = "The address of the engine, in the format of DOCKER_HOST.",
        HelpName = "URL",
    };

    private static readonly Option<bool> FloatingTags = new("--floating-tags")
    {
        Description =
            "For a version tag such as 1.4.2, also move the tags 1.4, 1 and latest, but never to a lower version.",
    };

    public static IReadOnlyList<Option> All { get; } =
    [Mode, DockerHost, FloatingTags, TagCommit, TagBranch, CreateRepository, SkipIfExists, FailOnSeverity];

    /// <summary>The requests with the options applied.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="scanTimeout">The seconds to wait for a scan, if specified.</param>
    public static IReadOnlyList<PushRequest> Apply(
        Invocation invocation,
        IReadOnlyList<PushRequest> requests,
        int? scanTimeout = null
    )
    {
        return
        [
            .. requests.Select(request =>
                request with
                {
                    FloatingTags = invocation.Get(FloatingTags, request.FloatingTags),
                    Mode = invocation.Get(Mode, request.Mode),
                    DockerHost = invocation.Get(DockerHost) ?? request.DockerHost,
                    CreateRepository = invocation.Get(CreateRepository, request.CreateRepository),
                    Scan = Scan(invocation, request.Scan, scanTimeout),
                }
            ),
        ];
    }

    /// <summary>Looks for images that <c>--skip-if-exists</c> leaves as they are, and reports them.</summary>
    /// <returns>Those that exist, and the requests of the others.</returns>
    public static async Task<(
        IReadOnlyList<PushResult> Existing,
        IReadOnlyList<PushRequest> Missing
    )> FindExistingAsync(
        Invocation invocation,
        PushPipeline pipeline,
        IReadOnlyList<PushRequest> requests,
        CancellationToken cancellationToken
    )
    {
        if (!invocation.Get(SkipIfExists))
        {
            return ([], requests);
        }

        var found = await Task.WhenAll(
            requests.Select(request => pipeline.FindExistingAsync(request, cancellationToken))
        );
        IReadOnlyList<PushResult> existing = [.. found.OfType<PushResult>()];
        foreach (var result in existing)
        {
            invocation.Output.Reporter.Report(result);
        }

        return (existing, [.. requests.Where((_, index) => found[index] is null)]);
    }

    private static ScanGate? Scan(Invocation invocation, ScanGate? ofProject, int? timeout)
    {
        var gate = invocation.Get(FailOnSeverity) is { } severity
            ? new ScanOptions(severity, null).Read() is { } option
                ? option with
                {
                    Timeout = ofProject?.Timeout ?? option.Timeout,
                }
                : null
            : ofProject;
        return gate is null || timeout is null ? gate : gate with { Timeout = TimeSpan.FromSeconds(timeout.Value) };
    }
}
