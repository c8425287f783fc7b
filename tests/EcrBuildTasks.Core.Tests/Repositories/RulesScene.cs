using System.Collections.Concurrent;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>An emulated registry with rules, and builds that push to it straight.</summary>
internal sealed class RulesScene : IAsyncDisposable
{
    public const string Account = "444455556666";
    public const string Region = "eu-west-1";
    public const string Host = $"{Account}.dkr.ecr.{Region}.amazonaws.com";
    public const string Repository = "hello-api";

    private readonly AwsEnvironment _environment;
    private readonly ConcurrentBag<TestArchive> _archives = [];

    private RulesScene(EcrEmulator emulator)
    {
        Emulator = emulator;
        _environment = new AwsEnvironment(
            "",
            ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString()),
            ("AWS_ACCESS_KEY_ID", "AKIACI"),
            ("AWS_SECRET_ACCESS_KEY", "ci-secret")
        );
        Owner = new EcrClient(
            new BasicAWSCredentials("AKIAOWNER", "owner-secret"),
            new EcrClientConfig { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = Region }
        );
    }

    public EcrEmulator Emulator { get; }

    /// <summary>Who may do everything in the registry.</summary>
    public EcrClient Owner { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="registry">The registry; the region is <see cref="Region"/>.</param>
    /// <param name="denied">Actions that the builds may not do, with spaces between.</param>
    /// <param name="caller">The account of the builds' identity.</param>
    public static async Task<RulesScene> OpenAsync(
        EmulatedRegistry registry,
        string denied = "ecr:DeleteRepository",
        string caller = Account
    )
    {
        IamPolicy Allowing(string statement) =>
            new("push", $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow",{{statement}},"Resource":"*"}]}""");
        var owner = new IamUser("owner")
        {
            IdentityPolicies = [Allowing("\"Action\":\"*\"")],
            AccessKeys = [new("AKIAOWNER", "owner-secret")],
        };
        var ci = new IamUser("ci")
        {
            IdentityPolicies =
            [
                Allowing($"\"NotAction\":[{string.Join(',', denied.Split(' ').Select(a => $"\"{a}\""))}]"),
            ],
            AccessKeys = [new("AKIACI", "ci-secret")],
        };
        EmulatedAccount[] accounts =
        [
            new(Account) { Users = caller == Account ? [owner, ci] : [owner], Registries = [registry] },
            .. caller == Account ? Array.Empty<EmulatedAccount>() : [new(caller) { Users = [ci] }],
        ];
        return new(await EcrEmulator.StartAsync(new() { Accounts = accounts }, Cancellation));
    }

    /// <param name="mutability">The repository's mode.</param>
    /// <param name="filters">Its exclusion filters.</param>
    public static Task<RulesScene> OpenAsync(string mutability, params string[] filters) =>
        OpenAsync(
            new EmulatedRegistry(Region)
            {
                Repositories =
                [
                    new(Repository) { ImageTagMutability = mutability, ImageTagMutabilityExclusionFilters = filters },
                ],
            }
        );

    /// <summary>A push of an image of its own, not yet built.</summary>
    public static PushRequest Request(params string[] tags) =>
        new()
        {
            Registry = Host,
            Repository = Repository,
            Tags = tags,
            Mode = PushMode.Registry,
        };

    /// <summary>The request with an image, another one each time.</summary>
    public PushRequest Built(PushRequest request)
    {
        var archive = TestArchive.Create(layerBytes: 1000);
        _archives.Add(archive);
        return request with { Source = archive.Source() };
    }

    public Task<PreflightOutcome> PreflightAsync(PushRequest request) =>
        Pipeline().PreflightAsync(request, Cancellation);

    public async Task<PushOutcome> PushAsync(PushRequest request, CancellationToken? cancellationToken = null) =>
        (
            await Pipeline().PushAsync([request], _ => new Recorder(), cancellationToken ?? Cancellation)
        ).ShouldHaveSingleItem();

    /// <summary>Builds and pushes what has to succeed.</summary>
    public async Task<PushResult> PublishAsync(params string[] tags)
    {
        var outcome = await PushAsync(Built(Request(tags)));
        outcome.Diagnostics.ShouldBeEmpty();
        return outcome.Result!;
    }

    public async Task<bool> IsThereAsync(string repository) =>
        (await Owner.DescribeRepositoriesAsync(new(), Cancellation)).Repositories!.Exists(there =>
            there.RepositoryName == repository
        );

    /// <summary>How often the registry was asked for an action.</summary>
    public int CallsOf(string action) => Emulator.Calls.Count(call => call.Action == action);

    /// <summary>Each build has its own, as in a process of its own.</summary>
    public PushPipeline Pipeline() => new(new AwsIdentities(_environment.Variables));

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        _environment.Dispose();
        foreach (var archive in _archives)
        {
            archive.Dispose();
        }

        await Emulator.DisposeAsync();
    }
}
