using System.Collections.Concurrent;
using EcrBuildTasks.Emulator.Api;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Credentials;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Query;
using EcrBuildTasks.Emulator.Signing;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;

namespace EcrBuildTasks.Emulator;

/// <summary>
/// Amazon ECR on this machine: the ECR API, the registry protocol and the services that give identities on one HTTP port, enforcing
/// policies; and ECR Public, whose API answers there too and whose registry on a port of its own.
/// </summary>
public sealed class EcrEmulator : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedCall> calls = new();
    private readonly EmulatorOptions options;
    private readonly RateLimits limits;
    private readonly BlobStore blobs;
    private readonly LayerUploads uploads;
    private readonly PublicImageCatalog publicImages;
    private readonly LayerDownloads downloads;
    private readonly DistributionApi distribution;
    private readonly PublicRegistryDirectory publicRegistries;
    private readonly PublicRegistryAccess publicAccess;
    private readonly EcrApi[] apis;
    private readonly QueryApi query;
    private readonly IdentityCenterApi identityCenter;
    private readonly ContainerCredentialsApi containers;
    private readonly InstanceMetadataApi? instance;
    private readonly AuthorizationTokens tokens;
    private readonly RegistryStore store;
    private readonly ImageStore images;
    private readonly WebApplication server;

    private EcrEmulator(EmulatorOptions options)
    {
        this.options = options;
        var clock = options.TimeProvider;
        var directory = new IdentityDirectory(options);
        limits = new RateLimits(options);
        publicImages = new PublicImageCatalog(options.PublicImages);
        publicRegistries = new PublicRegistryDirectory(options.Accounts);
        identityCenter = new IdentityCenterApi(options, directory);
        containers = new ContainerCredentialsApi(options, directory);
        instance = options.Instance is { } ec2 ? new InstanceMetadataApi(ec2, directory, clock) : null;
        store = new RegistryStore(options);
        var authorizer = new Authorizer(options, store);
        // The last that can fail, because it makes a folder.
        blobs = new BlobStore(options.StateDirectory);
        uploads = new LayerUploads(store, blobs, options.KeepsBrokenParts);
        downloads = new LayerDownloads(blobs, clock);
        images = new ImageStore(store, clock);
        tokens = new AuthorizationTokens(clock, options.TokenLifetime);
        var signatures = new SignatureVerifier(directory, clock);
        query = new QueryApi(
            signatures,
            limits,
            [new StsApi(directory, authorizer, new WebIdentities(directory, clock)), new IamApi(directory, authorizer)]
        );
        publicAccess = new PublicRegistryAccess(publicRegistries, tokens, limits, authorizer, store);
        var createdOnDemand = new CreatedOnDemand(store, authorizer, clock);
        distribution = new DistributionApi(
            tokens,
            limits,
            publicAccess,
            authorizer,
            store,
            createdOnDemand,
            new ManifestEndpoints(store, images),
            new BlobEndpoints(store, downloads),
            new UploadEndpoints(store, uploads)
        );
        var repositories = new RepositoryOperations(
            authorizer,
            store,
            new RepositoryPolicyRules(authorizer, directory),
            clock
        );
        var layers = new LayerOperations(store, uploads, downloads);
        var ofImages = new ImageOperations(store, images);
        apis =
        [
            new(
                signatures,
                limits,
                authorizer,
                store,
                createdOnDemand,
                ApiOperations.OfPrivate(
                    new(authorizer, store, tokens),
                    repositories,
                    layers,
                    ofImages,
                    new(store),
                    new(images, blobs, clock)
                ),
                publicRegistries: null
            ),
            new(
                signatures,
                limits,
                authorizer,
                store,
                createdOnDemand: null,
                ApiOperations.OfPublic(new(authorizer, publicRegistries, tokens), repositories, layers, ofImages),
                publicRegistries
            ),
        ];
        Faults = new FaultPlan(Actions, []);
        server = WebServer.Create(options, Faults, AnswerAsync);
    }

    /// <summary>
    /// Where the emulator answers, such as <c>http://127.0.0.1:40123/</c>: the value for <c>AWS_ENDPOINT_URL</c>, and with its authority the
    /// registry host.
    /// </summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where the public registries answer; with its authority, what stands before the alias of one.</summary>
    public Uri PublicEndpoint { get; private set; } = null!;

    /// <summary>What goes wrong; may change at any time.</summary>
    public FaultPlan Faults { get; }

    /// <summary>All requests answered so far, and those whose connection broke, oldest first.</summary>
    public IReadOnlyList<ReceivedCall> Calls => [.. calls];

    /// <summary>Starts an emulator. It answers when the task has ended, and until it is disposed.</summary>
    /// <exception cref="EmulatorConfigurationException">The options contradict themselves.</exception>
    /// <exception cref="IOException">The port is taken, or the state cannot be read.</exception>
    public static async Task<EcrEmulator> StartAsync(
        EmulatorOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var emulator = new EcrEmulator(options);
        try
        {
            emulator.limits.RequireAllOf(emulator.Actions);
            emulator.AddFaults();
            await emulator.server.StartAsync(cancellationToken);
            // In the order in which they were opened.
            Uri[] addresses = [.. emulator.server.Urls.Select(url => new Uri(url))];
            (emulator.Endpoint, emulator.PublicEndpoint) = (addresses[0], addresses[1]);
            emulator.publicRegistries.Port = emulator.PublicEndpoint.Port;
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets all authorization tokens that were issued so far be expired, before the time that their owners were told.</summary>
    public void ExpireTokens() => tokens.ExpireAll();

    /// <summary>Archives an image: it is described still, but cannot be pulled until it is pushed again.</summary>
    /// <param name="account">The 12 digits of the registry's account.</param>
    /// <param name="region">The registry's region.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="digest">The image.</param>
    /// <exception cref="ArgumentException">There is no such image.</exception>
    public void Archive(string account, string region, string repository, string digest)
    {
        if (
            store.FindRepository(account, region, repository) is not { } found
            || images.Find(found, tag: null, digest) is null
        )
        {
            throw new ArgumentException($"There is no image {digest} in {repository}.", nameof(digest));
        }

        images.Archive(found, digest);
    }

    /// <summary>Forgets the <see cref="Calls"/> so far.</summary>
    public void ClearCalls() => calls.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        uploads.Dispose();
        blobs.Dispose();
    }

    private IReadOnlyCollection<string> Actions =>
        [.. apis.SelectMany(api => api.Operations).Distinct(StringComparer.Ordinal), .. query.Operations];

    private void AddFaults()
    {
        foreach (var fault in options.Faults)
        {
            try
            {
                Faults.Add(fault);
            }
            catch (ArgumentException error)
            {
                throw new EmulatorConfigurationException(error.Message, error);
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var record = new CallRecord { Service = ServiceOf(context.Request) };
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        await RequestEnd.WatchAsync(
            context,
            watched => Faults.AnswerAsync(watched, later => RouteAsync(later, record)),
            status =>
            {
                var call = record.Finish(context.Request, status);
                calls.Enqueue(call);
                options.CallAnswered?.Invoke(call);
            }
        );
    }

    private string ServiceOf(HttpRequest request) =>
        request.Path.StartsWithSegments(DistributionApi.PathPrefix, StringComparison.Ordinal) ? "registry"
        : ApiOf(request) is { } api ? api.Service
        : request.Path == "/" ? "sts"
        : "unknown";

    private EcrApi? ApiOf(HttpRequest request) => Array.Find(apis, api => api.IsMeantBy(request));

    private async Task RouteAsync(HttpContext context, CallRecord record)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments(DistributionApi.PathPrefix, StringComparison.Ordinal))
        {
            if (!await publicImages.TryAnswerAsync(context, record))
            {
                await distribution.AnswerAsync(context, record);
            }
        }
        else if (path.Value!.StartsWith(LayerDownloads.PathPrefix, StringComparison.Ordinal))
        {
            await downloads.AnswerAsync(context, record);
        }
        else if (path == PublicRegistryAccess.TokenPath && publicAccess.IsMeantBy(context))
        {
            await publicAccess.GiveTokenAsync(context, record);
        }
        else if (containers.Serves(path))
        {
            await containers.AnswerAsync(context, record);
        }
        else if (
            instance is not null
            && path.Value.StartsWith(InstanceMetadataApi.PathPrefix, StringComparison.Ordinal)
        )
        {
            await instance.AnswerAsync(context, record);
        }
        else if (path == IdentityCenterApi.CredentialsPath)
        {
            await identityCenter.GetRoleCredentialsAsync(context, record);
        }
        else if (path == IdentityCenterApi.TokenPath)
        {
            await identityCenter.CreateTokenAsync(context, record);
        }
        else if (path != "/" || !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (ApiOf(context.Request) is { } api)
        {
            await api.AnswerAsync(context, record);
        }
        else
        {
            await query.AnswerAsync(context, record);
        }
    }
}
