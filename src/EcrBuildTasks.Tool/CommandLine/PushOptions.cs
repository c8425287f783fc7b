using System.CommandLine;
using EcrBuildTasks.Push;
using EcrBuildTasks.Scans;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>What is asked of a push, in the push itself and in the question whether it will be allowed; the project's properties say the rest.</summary>
internal static class PushOptions
{
    public static readonly Option<bool> CreateRepository = new("--create-repository")
    {
        Description = "Create the repository if it is missing.",
    };

    public static readonly Option<bool> SkipIfExists = new("--skip-if-exists")
    {
        Description = "Push nothing where every tag is there already, whatever it points to.",
    };

    public static readonly Option<string> FailOnSeverity = Choice.Of(
        "--fail-on-severity",
        "Wait for the image's scan after the push, and fail if it finds something as grave.",
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
        Description = "Push under a tag of the commit too: that of the CI system, else of git in this folder.",
    };

    public static readonly Option<bool> TagBranch = new("--tag-branch")
    {
        Description = "Push under a tag of the branch too: that of the CI system, else of git in this folder.",
    };

    private static readonly Option<PushMode> Mode = Choice.Of<PushMode>(
        "--mode",
        "How to push: auto pushes by the engine what an engine holds, and everything else directly to the registry."
    );

    private static readonly Option<string?> DockerHost = new("--docker-host")
    {
        Description = "The engine, in the form of DOCKER_HOST.",
        HelpName = "URL",
    };

    private static readonly Option<bool> FloatingTags = new("--floating-tags")
    {
        Description = "Move 1.4, 1 and latest as well if a tag is a version such as 1.4.2, but never back.",
    };

    public static IReadOnlyList<Option> All { get; } =
    [Mode, DockerHost, FloatingTags, TagCommit, TagBranch, CreateRepository, SkipIfExists, FailOnSeverity];

    /// <summary>The requests with what the options ask for besides.</summary>
    /// <param name="requests">What is pushed where.</param>
    /// <param name="scanTimeout">How many seconds to wait for a scan, if that was said.</param>
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
            ? new ScanOptions(severity, null).Read() is { } said
                ? said with
                {
                    Timeout = ofProject?.Timeout ?? said.Timeout,
                }
                : null
            : ofProject;
        return gate is null || timeout is null ? gate : gate with { Timeout = TimeSpan.FromSeconds(timeout.Value) };
    }
}
