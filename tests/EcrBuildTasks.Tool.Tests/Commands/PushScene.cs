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

    /// <summary>Its whole path, for tests that take it from PATH.</summary>
    public static readonly string Dotnet = Cli.Find("dotnet")!;

    /// <summary>
    /// The tool where it was built: beside the tests lack the assemblies that their framework, ASP.NET Core, brings and its does not.
    /// </summary>
    public static readonly string Tool = FindTool();

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

    public Task<CliResult> EcrAsync(params string[] arguments) => EcrWithInputAsync(null, arguments);

    public Task<CliResult> EcrWithInputAsync(string? input, params string[] arguments) =>
        RunAsync(Dotnet, [Tool, .. arguments, "--endpoint-url", Emulator.Endpoint.ToString()], input);

    /// <summary>Any program in the scene's shell.</summary>
    public Task<CliResult> RunAsync(string program, IReadOnlyList<string> arguments, string? input = null) =>
        Cli.RunAsync(
            program,
            arguments,
            Folder,
            _environment,
            input,
            cancellationToken: TestContext.Current.CancellationToken
        );

    /// <summary>Puts a shell script, and where it is <paramref name="alone"/> nothing else, on the tool's PATH.</summary>
    public PushScene WithProgram(string name, string script, bool alone = false)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "bin")).FullName;
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, script);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A shell script is no program on Windows.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return With("PATH", alone ? folder : $"{folder}:{Environment.GetEnvironmentVariable("PATH")}");
    }

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

    private static string FindTool()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        while (tests.Name is not "EcrBuildTasks.Tool.Tests")
        {
            tests = tests.Parent!;
        }

        // bin, configuration and framework are those of the tests.
        var output = Path.GetRelativePath(tests.FullName, AppContext.BaseDirectory);
        return Path.Combine(tests.Parent!.Parent!.FullName, "src", "EcrBuildTasks.Tool", output, "dotnet-ecr.dll");
    }

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private PushScene As(AccessKey key) =>
        With("AWS_ACCESS_KEY_ID", key.Id)
            .With("AWS_SECRET_ACCESS_KEY", key.Secret)
            .With("AWS_SESSION_TOKEN", key.SessionToken);
}
