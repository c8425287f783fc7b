using System.Net;
using EcrBuildTasks.Emulator.Api;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Credentials;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Query;
using EcrBuildTasks.Emulator.Signing;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator;

/// <summary>All that an emulator answers, with its state.</summary>
internal sealed class EmulatedServices : IDisposable
{
    private readonly EmulatorOptions _options;
    private readonly RateLimits _limits;
    private readonly BlobStore _blobs;
    private readonly LayerUploads _uploads;
    private readonly PublicImageCatalog _publicImages;
    private readonly LayerDownloads _downloads;
    private readonly DistributionApi _distribution;
    private readonly PublicRegistryDirectory _publicRegistries;
    private readonly PublicRegistryAccess _publicAccess;
    private readonly EcrApi[] _apis;
    private readonly QueryApi _query;
    private readonly IdentityCenterApi _identityCenter;
    private readonly ContainerCredentialsApi _containers;
    private readonly InstanceMetadataApi? _instance;
    private readonly AuthorizationTokens _tokens;
    private readonly RegistryStore _store;
    private readonly ImageStore _images;

    public EmulatedServices(EmulatorOptions options)
    {
        _options = options;
        var clock = options.TimeProvider;
        var directory = new IdentityDirectory(options);
        _limits = new RateLimits(options);
        _publicImages = new PublicImageCatalog(options.PublicImages);
        _publicRegistries = new PublicRegistryDirectory(options.Accounts);
        _identityCenter = new IdentityCenterApi(options, directory);
        _containers = new ContainerCredentialsApi(options, directory);
        _instance = options.Instance is { } ec2 ? new InstanceMetadataApi(ec2, directory, clock) : null;
        _store = new RegistryStore(options);
        var authorizer = new Authorizer(options, _store);
        // The last that can fail, because it makes a folder.
        _blobs = new BlobStore(options.StateDirectory);
        _uploads = new LayerUploads(_store, _blobs, options.KeepsBrokenParts);
        _downloads = new LayerDownloads(_blobs, clock);
        _images = new ImageStore(_store, clock);
        _tokens = new AuthorizationTokens(clock, options.TokenLifetime);
        var signatures = new SignatureVerifier(directory, clock);
        _query = new QueryApi(
            signatures,
            _limits,
            [new StsApi(directory, authorizer, new WebIdentities(directory, clock)), new IamApi(directory, authorizer)]
        );
        var signing = new ImageSigning(_store, authorizer, options);
        _publicAccess = new PublicRegistryAccess(_publicRegistries, _tokens, _limits, authorizer, _store);
        var createdOnDemand = new CreatedOnDemand(_store, authorizer, clock);
        _distribution = new DistributionApi(
            _tokens,
            _limits,
            _publicAccess,
            authorizer,
            _store,
            createdOnDemand,
            new ManifestEndpoints(_store, _images, signing),
            new BlobEndpoints(_store, _downloads),
            new UploadEndpoints(_store, _uploads)
        );
        var repositories = new RepositoryOperations(
            authorizer,
            _store,
            new RepositoryPolicyRules(authorizer, directory),
            clock
        );
        var layers = new LayerOperations(_store, _uploads, _downloads);
        var ofImages = new ImageOperations(_store, _images, signing);
        _apis =
        [
            new(
                signatures,
                _limits,
                authorizer,
                _store,
                createdOnDemand,
                ApiOperations.OfPrivate(
                    new(authorizer, _store, _tokens),
                    new(authorizer, _store),
                    new(authorizer, _store, clock),
                    repositories,
                    layers,
                    ofImages,
                    new(_store),
                    new(_images, _blobs, clock)
                ),
                publicRegistries: null
            ),
            new(
                signatures,
                _limits,
                authorizer,
                _store,
                createdOnDemand: null,
                ApiOperations.OfPublic(new(authorizer, _publicRegistries, _tokens), repositories, layers, ofImages),
                _publicRegistries
            ),
        ];
    }

    /// <summary>The operations of the services that are called by their names, by service.</summary>
    public IEnumerable<(string Service, IEnumerable<string> Operations)> Operations =>
        [.. _apis.Select(api => (api.Service, api.Operations)), .. _query.Operations];

    public IReadOnlyCollection<string> Actions =>
        [.. Operations.SelectMany(service => service.Operations).Distinct(StringComparer.Ordinal)];

    /// <exception cref="EmulatorConfigurationException">A rate limit is for an action that does not exist.</exception>
    public void RequireValidLimits() => _limits.RequireAllOf(Actions);

    /// <summary>The port on which the public registries answer.</summary>
    public int PublicPort
    {
        set => _publicRegistries.Port = value;
    }

    public IReadOnlyList<StoredImage> Images => _store.Images();

    public void ExpireTokens() => _tokens.ExpireAll();

    public void Archive(string account, string region, string repository, string digest)
    {
        if (
            _store.FindRepository(account, region, repository) is not { } found
            || _images.Find(found, tag: null, digest) is null
        )
        {
            throw new ArgumentException($"The image {digest} does not exist in {repository}.", nameof(digest));
        }

        _images.Archive(found, digest);
    }

    /// <summary>Ends all of it, and deletes what the state directory keeps.</summary>
    public void Forget()
    {
        Dispose();
        _store.Forget();
        _blobs.Forget();
    }

    public void Dispose()
    {
        _uploads.Dispose();
        _blobs.Dispose();
    }

    public string ServiceOf(HttpRequest request) =>
        request.Path.StartsWithSegments(DistributionApi.PathPrefix, StringComparison.Ordinal) ? "registry"
        : ApiOf(request) is { } api ? api.Service
        : request.Path == "/" ? "sts"
        : "unknown";

    private EcrApi? ApiOf(HttpRequest request) => Array.Find(_apis, api => api.IsMeantBy(request));

    /// <summary>
    /// Whether a client on this machine may use the host name. A page in its browser could otherwise send requests, and read the
    /// credentials in the answers, by a name of its own that it lets point here (DNS rebinding).
    /// </summary>
    private bool IsMeant(string host) =>
        !IPAddress.IsLoopback(_options.Address)
        || IPAddress.TryParse(host, out _)
        || !host.Contains('.', StringComparison.Ordinal)
        // Names that nobody can register.
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase)
        || AwsPartition.OwnsHost(host);

    /// <summary>Without a signature, that is, as a container or an instance gets them.</summary>
    private bool GivesCredentials(PathString path) =>
        _containers.Serves(path) || path.Value!.StartsWith(InstanceMetadataApi.PathPrefix, StringComparison.Ordinal);

    public async Task RouteAsync(HttpContext context, CallRecord record)
    {
        var path = context.Request.Path;
        if (GivesCredentials(path) && !IsMeant(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await context.Response.WriteAsync(
                "The emulator listens on this machine only. Use localhost or an IP address in its URL.\n",
                context.RequestAborted
            );
        }
        else if (path.StartsWithSegments(DistributionApi.PathPrefix, StringComparison.Ordinal))
        {
            if (!await _publicImages.TryAnswerAsync(context, record))
            {
                await _distribution.AnswerAsync(context, record);
            }
        }
        else if (path.Value!.StartsWith(LayerDownloads.PathPrefix, StringComparison.Ordinal))
        {
            await _downloads.AnswerAsync(context, record);
        }
        else if (path == PublicRegistryAccess.TokenPath && _publicAccess.IsMeantBy(context))
        {
            await _publicAccess.GiveTokenAsync(context, record);
        }
        else if (_containers.Serves(path))
        {
            await _containers.AnswerAsync(context, record);
        }
        else if (
            _instance is not null
            && path.Value.StartsWith(InstanceMetadataApi.PathPrefix, StringComparison.Ordinal)
        )
        {
            await _instance.AnswerAsync(context, record);
        }
        else if (path == IdentityCenterApi.CredentialsPath)
        {
            await _identityCenter.GetRoleCredentialsAsync(context, record);
        }
        else if (path == IdentityCenterApi.TokenPath)
        {
            await _identityCenter.CreateTokenAsync(context, record);
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
            await _query.AnswerAsync(context, record);
        }
    }
}
