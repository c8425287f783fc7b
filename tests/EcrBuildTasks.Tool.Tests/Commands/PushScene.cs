using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Commands;

/// <summary>An emulated ECR with one repository, somebody who may push to it and somebody who may not, and a shell.</summary>
internal sealed class PushScene : IAsyncDisposable
{
    public const string OwnerAccount = "444455556666";
    public const string CiAccount = "111122223333";
    public const string Region = "eu-west-1";
    public const string Host = $"{OwnerAccount}.dkr.ecr.{Region}.amazonaws.com";

    private static readonly AccessKey Owner = new("AKIAOWNEROWNEROWNER1", "owner-secret");
    private static readonly AccessKey Ci = new("ASIACICICICICICICICI", "ci-secret", "ci-session");

    private readonly Dictionary<string, string?> _environment;

    private PushScene(EcrEmulator emulator)
    {
        Emulator = emulator;
        _environment = new(StringComparer.Ordinal)
        {
            ["HOME"] = Folder,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_REGION"] = Region,
            ["DOCKER_HOST"] = "unix:///nowhere/docker.sock",
            ["GITHUB_ACTIONS"] = null,
            ["TF_BUILD"] = null,
            ["GITLAB_CI"] = null,
            ["TEAMCITY_VERSION"] = null,
            ["NO_PROXY"] = "127.0.0.1",
        };
        AsOwner();
    }

    public EcrEmulator Emulator { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("ecr-tool-").FullName;

    public static async Task<PushScene> StartAsync(bool isImmutable = false)
    {
        IamPolicy all = new(
            "all",
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}"""
        );
        var options = new EmulatorOptions
        {
            Accounts =
            [
                new(CiAccount) { Roles = [new("ci") { IdentityPolicies = [all], Sessions = [new("run-7", Ci)] }] },
                new(OwnerAccount)
                {
                    Users = [new("owner") { AccessKeys = [Owner], IdentityPolicies = [all] }],
                    Registries =
                    [
                        new(Region)
                        {
                            Repositories =
                            [
                                new("hello-api") { ImageTagMutability = isImmutable ? "IMMUTABLE" : "MUTABLE" },
                            ],
                        },
                    ],
                },
            ],
        };
        return new(await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public PushScene AsOwner() => As(Owner);

    public PushScene AsCi() => As(Ci);

    public PushScene With(string variable, string? value)
    {
        _environment[variable] = value;
        return this;
    }

    public Task<CliResult> EcrAsync(params string[] arguments) =>
        Cli.RunAsync(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "dotnet-ecr.dll"),
                .. arguments,
                "--endpoint-url",
                Emulator.Endpoint.ToString(),
            ],
            Folder,
            _environment,
            cancellationToken: TestContext.Current.CancellationToken
        );

    /// <summary>Writes an OCI layout of one layer.</summary>
    public string WriteLayout(int layerBytes = 10_000)
    {
        var layout = Path.Combine(Folder, $"{Guid.NewGuid():N}");
        var blobs = Directory.CreateDirectory(Path.Combine(layout, "blobs", "sha256")).FullName;
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "file")
                {
                    DataStream = new MemoryStream(RandomNumberGenerator.GetBytes(layerBytes)),
                }
            );
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        var layer = Add(packed.ToArray(), "application/vnd.oci.image.layer.v1.tar+gzip");
        var configuration = Add(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    architecture = "amd64",
                    os = "linux",
                    rootfs = new { type = "layers", diff_ids = new[] { DigestOf(tar.ToArray()) } },
                }
            ),
            "application/vnd.oci.image.config.v1+json"
        );
        var manifest = Add(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    schemaVersion = 2,
                    mediaType = "application/vnd.oci.image.manifest.v1+json",
                    config = configuration,
                    layers = new[] { layer },
                }
            ),
            "application/vnd.oci.image.manifest.v1+json"
        );
        File.WriteAllText(Path.Combine(layout, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllBytes(
            Path.Combine(layout, "index.json"),
            JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, manifests = new[] { manifest } })
        );
        return layout;

        object Add(byte[] blob, string mediaType)
        {
            var digest = DigestOf(blob);
            File.WriteAllBytes(Path.Combine(blobs, digest["sha256:".Length..]), blob);
            return new
            {
                mediaType,
                digest,
                size = blob.Length,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private PushScene As(AccessKey key) =>
        With("AWS_ACCESS_KEY_ID", key.Id)
            .With("AWS_SECRET_ACCESS_KEY", key.Secret)
            .With("AWS_SESSION_TOKEN", key.SessionToken);
}
