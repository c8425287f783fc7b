using System.Net.Http.Headers;
using System.Text;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>An emulated ECR, whose owner pushes without an engine.</summary>
internal sealed class RegistryScene : IAsyncDisposable
{
    public const string Repository = "hello-api";
    public const string BaseRepository = "base";

    private readonly EcrClient _ecr;
    private readonly RegistryPusher _pusher;

    private RegistryScene(EcrEmulator emulator, PushTiming timing, TimeProvider clock)
    {
        Emulator = emulator;
        _ecr = new EcrClient(
            new BasicAWSCredentials("AKIAOWNER", "owner-secret"),
            new EcrClientConfig { ServiceURL = emulator.Endpoint.ToString(), AuthenticationRegion = "eu-west-1" }
        );
        _pusher = new RegistryPusher(timing, timeProvider: clock);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = emulator.Endpoint };
    }

    public EcrEmulator Emulator { get; }

    /// <summary>Reads what the registry holds.</summary>
    public HttpClient Client { get; }

    /// <summary>How often credentials were asked for.</summary>
    public int TokensFetched { get; private set; }

    /// <summary>The requests of the registry protocol, as method and path within the repository.</summary>
    public IReadOnlyList<string> Requests =>
        [
            .. Emulator
                .Calls.Where(call => call.Service == "registry")
                .Select(call => $"{call.Method} {call.Path[$"/v2/{Repository}/".Length..]}"),
        ];

    public static async Task<RegistryScene> OpenAsync(
        bool isImmutable = false,
        PushTiming? timing = null,
        bool keepsBrokenParts = false,
        TimeProvider? clock = null,
        params KeyValuePair<string, string>[] settings
    )
    {
        IamPolicy all = new(
            "all",
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""
        );
        var account = new EmulatedAccount("444455556666")
        {
            Users = [new("owner") { IdentityPolicies = [all], AccessKeys = [new("AKIAOWNER", "owner-secret")] }],
            Registries =
            [
                new("eu-west-1")
                {
                    Settings = new Dictionary<string, string>(settings, StringComparer.Ordinal),
                    Repositories =
                    [
                        new(Repository) { ImageTagMutability = isImmutable ? "IMMUTABLE" : "MUTABLE" },
                        new(BaseRepository),
                    ],
                },
            ],
        };
        var emulator = await EcrEmulator.StartAsync(
            new EmulatorOptions { Accounts = [account], KeepsBrokenParts = keepsBrokenParts },
            TestContext.Current.CancellationToken
        );
        var scene = new RegistryScene(emulator, timing ?? new PushTiming(), clock ?? TimeProvider.System);
        var token = await scene.TokenAsync(emulator.Endpoint.Authority, TestContext.Current.CancellationToken);
        scene.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{token.Username}:{token.Password}"))
        );
        return scene;
    }

    /// <summary>Pushes with another pusher, by another way.</summary>
    public Task<PushedImage> PushAsync(RegistryPusher pusher, ImageContent image, string host, bool usePlainHttp) =>
        pusher.PushAsync(
            image,
            Describe(host, usePlainHttp, Repository, ["1.0.0"], mountFrom: null),
            new Recorder(),
            TestContext.Current.CancellationToken
        );

    public Task<PushedImage> PushAsync(
        ImageContent image,
        string[]? tags = null,
        string? mountFrom = null,
        string repository = Repository,
        IProgress<PushProgress>? progress = null,
        CancellationToken? cancellationToken = null
    ) =>
        _pusher.PushAsync(
            image,
            Describe(Emulator.Endpoint.Authority, usePlainHttp: true, repository, tags ?? ["1.0.0"], mountFrom),
            progress ?? new Recorder(),
            cancellationToken ?? TestContext.Current.CancellationToken
        );

    /// <summary>Looks for an image by its configuration, as a push of what an engine holds does.</summary>
    public async Task<PushedImage?> ReuseAsync(string configuration)
    {
        using var transport = new RegistryTransport(new PushTiming(), certificates: null);
        await using var push = new RepositoryPush(
            Describe(Emulator.Endpoint.Authority, usePlainHttp: true, Repository, ["1.0.0"], mountFrom: null),
            transport,
            new PushTiming(),
            TimeProvider.System,
            new Recorder(),
            TestContext.Current.CancellationToken
        );
        return await push.ReuseAsync(configuration);
    }

    /// <summary>The digest that a tag points to; <see langword="null"/> without the tag.</summary>
    public async Task<string?> DigestOfAsync(string tag, string repository = Repository)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v2/{repository}/manifests/{tag}");
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.index.v1+json");
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode
            ? TestImage.Digest(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))
            : null;
    }

    /// <summary>The bytes of an image's blobs that the registry does not hold.</summary>
    public async Task<long> AbsentBytesAsync(ImageContent image)
    {
        var absent = 0L;
        foreach (var blob in image.Blobs)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, $"v2/{Repository}/blobs/{blob.Digest}");
            using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            absent += answer.IsSuccessStatusCode ? 0 : blob.Size;
        }

        return absent;
    }

    /// <summary>The bytes of a blob.</summary>
    public Task<byte[]> BlobAsync(string digest) =>
        Client.GetByteArrayAsync($"v2/{Repository}/blobs/{digest}", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _pusher.Dispose();
        _ecr.Dispose();
        Client.Dispose();
        await Emulator.DisposeAsync();
    }

    private ImagePush Describe(string host, bool usePlainHttp, string repository, string[] tags, string? mountFrom) =>
        new()
        {
            Source = new ImageSource.EngineImage("not looked at"),
            RegistryHost = host,
            UsePlainHttp = usePlainHttp,
            Repository = repository,
            Tags = tags,
            MountFrom = mountFrom,
            GetCredentials = async cancellation =>
            {
                TokensFetched++;
                return await TokenAsync(host, cancellation);
            },
        };

    /// <summary>The owner's password.</summary>
    public async Task<RegistryCredentials> TokenAsync(string host, CancellationToken cancellationToken)
    {
        var answer = await _ecr.GetAuthorizationTokenAsync(new(), cancellationToken);
        var token = Encoding.UTF8.GetString(
            Convert.FromBase64String(answer.AuthorizationData!.Single().AuthorizationToken!)
        );
        return new(host, token.Split(':')[0], token[(token.IndexOf(':') + 1)..]);
    }
}
