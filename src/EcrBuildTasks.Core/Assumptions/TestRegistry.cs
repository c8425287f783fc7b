using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Assumptions;

/// <summary>Sends requests of a push to one repository, each once, and returns any answer.</summary>
internal sealed class TestRegistry(
    AwsSession session,
    EcrRegistry registry,
    string repository,
    EnvironmentVariables environment
) : IDisposable
{
    private readonly RegistryTransport _transport = new(
        new PushTiming(),
        CertificateBundle.FromEnvironment(environment)
    );

    private (RegistryHttp Http, AuthenticationHeaderValue? Header)? _connection;

    public void Dispose() => _transport.Dispose();

    public static Observation Compare(RegistryAnswer answer, ExpectedAnswer expected) =>
        Compare(answer, actual => actual.IsSuccess && expected.IsMetBy(actual));

    public static Observation Compare(RegistryAnswer answer, Func<RegistryAnswer, bool> isExpected) =>
        new(
            isExpected(answer) ? true
                : Refusal.IsTransient(answer.Status) ? null
                : false,
            Describe(answer),
            answer.RequestId
        );

    public Task<RegistryAnswer> StartUploadAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "blobs/uploads/", [], cancellationToken);

    public async Task<RegistryAnswer> SendPartAsync(byte[] content, CancellationToken cancellationToken) =>
        await SendAsync(
            HttpMethod.Patch,
            LocationOf(await StartUploadAsync(cancellationToken)),
            content,
            cancellationToken
        );

    public async Task<RegistryAnswer> CompleteUploadAsync(byte[] content, CancellationToken cancellationToken)
    {
        var part = await SendPartAsync(content, cancellationToken);
        return await SendAsync(
            HttpMethod.Put,
            WithDigest(part.Location ?? part.Request.Address, content),
            [],
            cancellationToken
        );
    }

    /// <summary>Sends the content with the request that completes the upload.</summary>
    public async Task<RegistryAnswer> UploadAsync(byte[] content, CancellationToken cancellationToken) =>
        await SendAsync(
            HttpMethod.Put,
            WithDigest(LocationOf(await StartUploadAsync(cancellationToken)), content),
            content,
            cancellationToken
        );

    public Task<RegistryAnswer> PutManifestAsync(string tag, byte[] manifest, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"manifests/{tag}", manifest, cancellationToken, MediaTypes.OciManifest);

    /// <summary>Uploads the layers of a new image and puts its manifest, again while the registry does not find a layer.</summary>
    public async Task<PutImage> PutImageAsync(string tag, SelfTestTiming timing, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var config = Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"author":"{{id}}"}"""
        );
        var layer = Compress(id.ToByteArray());
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["config"] = Descriptor(MediaTypes.OciConfig, config),
            ["layers"] = new JsonArray(Descriptor(MediaTypes.OciGzipLayer, layer)),
        };
        foreach (var blob in new[] { config, layer })
        {
            var uploaded = await UploadAsync(blob, cancellationToken);
            if (!uploaded.IsSuccess)
            {
                throw Refusal.FromAnswer(uploaded);
            }
        }

        var bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        var start = Stopwatch.GetTimestamp();
        PutImage? put = null;
        await timing.WaitAsync(
            timing.Layer,
            async () =>
            {
                put = new(
                    Digest.Compute(bytes),
                    await PutManifestAsync(tag, bytes, cancellationToken),
                    Attempts: (put?.Attempts ?? 0) + 1,
                    Stopwatch.GetElapsedTime(start)
                );
                return !put.LacksLayer;
            },
            cancellationToken
        );
        return put!;
    }

    private static JsonObject Descriptor(string mediaType, byte[] content) =>
        new()
        {
            ["mediaType"] = mediaType,
            ["digest"] = Digest.Compute(content),
            ["size"] = content.Length,
        };

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static Uri LocationOf(RegistryAnswer answer) =>
        answer.Location ?? throw new InvalidOperationException($"no upload: {Describe(answer)}");

    private static Uri WithDigest(Uri upload, byte[] content)
    {
        var query = upload.Query.Length > 1 ? $"{upload.Query[1..]}&" : "";
        return new UriBuilder(upload) { Query = $"{query}digest={Uri.EscapeDataString(Digest.Compute(content))}" }.Uri;
    }

    public static string Describe(RegistryAnswer answer)
    {
        var (code, message) = answer.Error;
        string?[] facts =
        [
            answer.Digest is null ? null : "Docker-Content-Digest",
            answer.Location is null ? null : "Location",
            answer.Range is null ? null : "Range",
        ];
        return answer.IsSuccess
            ? $"{(int)answer.Status} with {string.Join(", ", facts.OfType<string>().DefaultIfEmpty("none of its headers"))}"
            : $"{(int)answer.Status} {code}: {message}";
    }

    private async Task<RegistryAnswer> SendAsync(
        HttpMethod method,
        string path,
        byte[] body,
        CancellationToken cancellationToken,
        string? mediaType = null
    )
    {
        var (http, _) = await ConnectAsync(cancellationToken);
        return await SendAsync(
            method,
            new Uri(http.Registry, $"/v2/{repository}/{path}"),
            body,
            cancellationToken,
            mediaType
        );
    }

    /// <summary>Sends a request once and returns any answer.</summary>
    private async Task<RegistryAnswer> SendAsync(
        HttpMethod method,
        Uri address,
        byte[] body,
        CancellationToken cancellationToken,
        string? mediaType = null
    )
    {
        var (http, header) = await ConnectAsync(cancellationToken);
        return await http.ExchangeAsync(
            new(method, address, $"{method} {address.AbsolutePath}")
            {
                Expected = null,
                Body = _ => new ByteArrayContent(body)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue(mediaType ?? "application/octet-stream") },
                },
            },
            header,
            cancellationToken
        );
    }

    private async Task<(RegistryHttp Http, AuthenticationHeaderValue? Header)> ConnectAsync(
        CancellationToken cancellationToken
    )
    {
        if (_connection is { } connection)
        {
            return connection;
        }

        var credentials = (await session.GetAuthorizationAsync(registry, cancellationToken)).CredentialsFor(registry);
        var http = new RegistryHttp(
            _transport.To(credentials.Address),
            credentials.Address,
            new CurrentCredentials(_ => Task.FromResult<RegistryCredentials?>(credentials), TimeProvider.System),
            new PushTiming(),
            TimeProvider.System
        );
        _connection = (http, CurrentCredentials.Header(credentials));
        return _connection.Value;
    }
}

/// <summary>The answer to a manifest, and how long it took until its layers were found.</summary>
internal sealed record PutImage(string Digest, RegistryAnswer Answer, int Attempts, TimeSpan Elapsed)
{
    public bool LacksLayer => Answer is { IsSuccess: false, Error.Code: "MANIFEST_BLOB_UNKNOWN" };

    public override string ToString() =>
        $"{TestRegistry.Describe(Answer)}; attempt {Attempts}, {Elapsed.TotalMilliseconds:0} ms after the layers";
}
