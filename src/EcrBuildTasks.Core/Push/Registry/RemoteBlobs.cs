using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// The blobs of a repository of any registry, such as that of a base image, to be sent on without being written to disk.
/// </summary>
internal sealed class RemoteBlobs : IDisposable
{
    /// <summary>The host of Docker Hub.</summary>
    public const string DockerHub = "registry-1.docker.io";

    private readonly PushTiming _timing;
    private readonly Retries _retries;
    private readonly RegistryTransport _transport;
    private readonly DockerLogin _login;
    private readonly CurrentCredentials _credentials;
    private readonly Lazy<RegistryHttp> _http;
    private readonly Uri _registry;
    private readonly string _repository;

    /// <param name="host">The registry as in an image reference; plain HTTP is spoken to this machine only.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="environment">The environment, whose certificates are trusted, and which leads to the credentials.</param>
    /// <param name="getEcrCredentials">Gets the password of a registry of Amazon ECR; <see langword="null"/> for another registry.</param>
    /// <param name="timing">How long to wait.</param>
    public RemoteBlobs(
        string host,
        string repository,
        EnvironmentVariables environment,
        Func<CancellationToken, Task<RegistryCredentials?>>? getEcrCredentials = null,
        PushTiming? timing = null
    )
    {
        _timing = timing ?? new PushTiming();
        _retries = new Retries(_timing);
        (var address, _repository) = Locate(host, repository);
        _registry = new Uri($"{Uri.UriSchemeHttps}://{address}");
        _registry = _registry.IsLoopback ? new Uri($"{Uri.UriSchemeHttp}://{address}") : _registry;
        _login = new DockerLogin(environment);
        _transport = new RegistryTransport(_timing, CertificateBundle.FromEnvironment(environment));
        _credentials = new CurrentCredentials(GetCredentialsAsync, TimeProvider.System);
        _http = new(() =>
        {
            var http = new RegistryHttp(
                _transport.To(_registry),
                _registry,
                _credentials,
                _timing,
                TimeProvider.System
            );
            _credentials.TokenService = new TokenService(http, _repository, TimeProvider.System, isPull: true);
            return http;
        });

        async Task<RegistryCredentials?> GetCredentialsAsync(CancellationToken cancellationToken) =>
            (getEcrCredentials is null ? null : await getEcrCredentials(cancellationToken))
            ?? await _login.FindAsync(_registry, cancellationToken);
    }

    /// <summary>The repository as written in an image reference.</summary>
    public string Name => $"{_registry.Authority}/{_repository}";

    /// <summary>A blob, which is requested when it is read.</summary>
    /// <param name="digest">Its digest, which only who reads all of it can verify.</param>
    /// <param name="size">In bytes.</param>
    public Blob Open(string digest, long size) =>
        new(
            digest,
            new RemoteBlob(
                size,
                (from, cancellationToken) => RequestAsync(digest, from, size, cancellationToken),
                (why, inner) =>
                    new(
                        EcrCode.BaseImageUnreadable,
                        $"Layer {digest} of the base image cannot be read from {Name}: {why}",
                        innerException: inner
                    ),
                _retries,
                _timing
            )
        );

    public void Dispose()
    {
        _credentials.Dispose();
        _transport.Dispose();
    }

    private async Task<RegistryAnswer> RequestAsync(
        string digest,
        long from,
        long size,
        CancellationToken cancellationToken
    )
    {
        var request = new RegistryRequest(
            HttpMethod.Get,
            new Uri(_registry, $"/v2/{_repository}/blobs/{digest}"),
            "The request"
        )
        {
            Expected = ExpectedAnswer.Content(from, size),
            OpenFrom = from,
        };
        var answer = await _http.Value.SendAsync(request, cancellationToken);
        return answer.IsSuccess ? answer : throw Refused(Refusal.FromAnswer(answer));
    }

    private PushException Refused(PushException refusal) =>
        refusal.Code == EcrCode.DeniedWithoutReason
            ? new(
                refusal.Code,
                $"{refusal.Message} {(_login.Problem is { } problem ? $"{problem} " : "")}Sign in to {_registry.Authority} with `docker login {_registry.Authority}`.",
                innerException: refusal
            )
            : refusal;

    /// <summary>Docker Hub has several names, and another for its official images.</summary>
    private static (string Host, string Repository) Locate(string host, string repository) =>
        host is DockerHub or "docker.io" or "index.docker.io"
            ? (DockerHub, repository.Contains('/', StringComparison.Ordinal) ? repository : $"library/{repository}")
            : (host, repository);
}
