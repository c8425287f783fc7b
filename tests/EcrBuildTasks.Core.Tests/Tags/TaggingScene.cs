using System.Collections.Concurrent;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>An emulated repository, and builds that publish versions to it, each image another.</summary>
internal sealed class TaggingScene : IAsyncDisposable
{
    public const string Account = "444455556666";
    public const string Repository = "hello-api";

    private readonly AwsEnvironment _environment;
    private readonly EcrClient _ecr;
    private readonly ConcurrentBag<TestArchive> _archives = [];

    private TaggingScene(EcrEmulator emulator)
    {
        Emulator = emulator;
        _environment = new AwsEnvironment(
            "",
            ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString()),
            ("AWS_ACCESS_KEY_ID", "AKIACI"),
            ("AWS_SECRET_ACCESS_KEY", "ci-secret")
        );
        _ecr = new EcrClient(
            new BasicAWSCredentials("AKIAOWNER", "owner-secret"),
            new EcrClientConfig { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = "eu-west-1" }
        );
    }

    public EcrEmulator Emulator { get; }

    /// <summary>The repository's tags as its owner sees and moves them.</summary>
    public RepositoryTags Tags => new(_ecr, Account, Repository);

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
    )
    {
        IamPolicy Allowing(string statement) =>
            new("push", $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow",{{statement}},"Resource":"*"}]}""");
        var account = new EmulatedAccount(Account)
        {
            Users =
            [
                new("owner")
                {
                    IdentityPolicies = [Allowing("\"Action\":\"ecr:*\"")],
                    AccessKeys = [new("AKIAOWNER", "owner-secret")],
                },
                new("ci")
                {
                    IdentityPolicies = [Allowing($"\"NotAction\":\"{denied}\"")],
                    AccessKeys = [new("AKIACI", "ci-secret")],
                },
            ],
            Registries =
            [
                new("eu-west-1")
                {
                    Repositories = exists
                        ?
                        [
                            new(Repository)
                            {
                                ImageTagMutability = mutability,
                                ImageTagMutabilityExclusionFilters = filters ?? [],
                            },
                        ]
                        : [],
                },
            ],
        };
        return new(await EcrEmulator.StartAsync(new() { Accounts = [account] }, Cancellation));
    }

    public PushRequest Request(params string[] tags)
    {
        var archive = TestArchive.Create(layerBytes: 1000);
        _archives.Add(archive);
        return new()
        {
            Registry = $"{Account}.dkr.ecr.eu-west-1.amazonaws.com",
            Repository = Repository,
            Tags = tags,
            FloatingTags = true,
            Mode = PushMode.Registry,
            Source = archive.Source(),
        };
    }

    public Task<PreflightOutcome> PreflightAsync(PushRequest request) =>
        Pipeline().PreflightAsync(request, Cancellation);

    public Task<PushOutcome> PushAsync(params string[] tags) => PushAsync(Request(tags));

    public async Task<PushOutcome> PushAsync(PushRequest request, CancellationToken? cancellationToken = null) =>
        (
            await Pipeline().PushAsync([request], _ => new Recorder(), cancellationToken ?? Cancellation)
        ).ShouldHaveSingleItem();

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

    public async ValueTask DisposeAsync()
    {
        _ecr.Dispose();
        _environment.Dispose();
        foreach (var archive in _archives)
        {
            archive.Dispose();
        }

        await Emulator.DisposeAsync();
    }

    /// <summary>Each build has its own, as in a process of its own.</summary>
    private PushPipeline Pipeline() => new(new AwsIdentities(_environment.Variables));
}
