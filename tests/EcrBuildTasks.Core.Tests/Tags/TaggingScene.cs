using EcrBuildTasks.Core.Tests.Repositories;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>An emulated repository, and builds that publish versions to it, each image another.</summary>
internal sealed class TaggingScene : IAsyncDisposable
{
    private readonly RulesScene _scene;

    private TaggingScene(RulesScene scene) => _scene = scene;

    public EcrEmulator Emulator => _scene.Emulator;

    /// <summary>The repository's tags as its owner sees and moves them.</summary>
    public RepositoryTags Tags => new(_scene.Owner, RulesScene.Account, RulesScene.Repository);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="mutability">The repository's mode.</param>
    /// <param name="filters">Its exclusion filters.</param>
    /// <param name="denied">An action that the builds may not do.</param>
    /// <param name="exists">Whether the repository is there.</param>
    public static async Task<TaggingScene> OpenAsync(
        string mutability = "MUTABLE",
        string[]? filters = null,
        string denied = "ecr:DeleteRepository",
        bool exists = true
    ) =>
        new(
            await RulesScene.OpenAsync(
                new EmulatedRegistry(RulesScene.Region)
                {
                    Repositories = exists
                        ?
                        [
                            new(RulesScene.Repository)
                            {
                                ImageTagMutability = mutability,
                                ImageTagMutabilityExclusionFilters = filters ?? [],
                            },
                        ]
                        : [],
                },
                denied
            )
        );

    public PushRequest Request(params string[] tags) =>
        _scene.Built(RulesScene.Request(tags)) with
        {
            FloatingTags = true,
        };

    public Task<PreflightOutcome> PreflightAsync(PushRequest request) => _scene.PreflightAsync(request);

    public Task<PushOutcome> PushAsync(params string[] tags) => PushAsync(Request(tags));

    public Task<PushOutcome> PushAsync(PushRequest request, CancellationToken? cancellationToken = null) =>
        _scene.PushAsync(request, cancellationToken);

    /// <summary>Pushes what has to succeed.</summary>
    public async Task<PushResult> PublishAsync(params string[] tags)
    {
        var outcome = await PushAsync(tags);
        outcome.Diagnostics.ShouldBeEmpty();
        return outcome.Result!;
    }

    /// <summary>What a tag stands for: the version tag of the same digest.</summary>
    public async Task<string?> VersionOfAsync(string floating)
    {
        var tags = await Tags.ListAsync(Cancellation);
        return tags.GetValueOrDefault(floating) is { } digest
            ? tags.Single(tag => tag.Value == digest && EcrBuildTasks.Tags.VersionTag.Parse(tag.Key) is not null).Key
            : null;
    }

    /// <summary>How often the API was asked for an action since the last call of this.</summary>
    public Dictionary<string, int> TakeCalls()
    {
        var calls = Emulator
            .Calls.Where(call => call.Service == "ecr")
            .CountBy(call => call.Action)
            .ToDictionary(StringComparer.Ordinal);
        Emulator.ClearCalls();
        return calls;
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();
}
