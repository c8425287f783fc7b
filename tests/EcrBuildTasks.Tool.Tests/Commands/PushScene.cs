using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Tool.Commands;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>
/// An emulated ECR with one repository, and one more in the public registry of its account, somebody who may push to them and
/// somebody who may not, and a shell.
/// </summary>
internal sealed class PushScene : IAsyncDisposable
{
    public const string OwnerAccount = "444455556666";
    public const string CiAccount = "111122223333";
    public const string Region = "eu-west-1";
    public const string Host = $"{OwnerAccount}.dkr.ecr.{Region}.amazonaws.com";
    public const string PublicRegistry = "public.ecr.aws/a1b2c3d4";

    private static readonly AccessKey Owner = new("AKIAOWNEROWNEROWNER1", "owner-secret");
    private static readonly AccessKey Nobody = new("AKIANOBODYNOBODYNO01", "nobody-secret");
    private static readonly AccessKey Pusher = new("AKIAPUSHERPUSHERPU01", "pusher-secret");
    private static readonly AccessKey Ci = new("ASIACICICICICICICICI", "ci-secret", "ci-session");

    /// <summary>Its whole path, for tests that take it from PATH.</summary>
    public static readonly string Dotnet = Cli.Find("dotnet")!;

    private readonly Dictionary<string, string?> _environment;
    private readonly List<TinyImage> _images = [];

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
            ["XDG_RUNTIME_DIR"] = null,
            ["XDG_CACHE_HOME"] = null,
            ["AWS_ECR_DISABLE_CACHE"] = null,
        };
        AsOwner();
    }

    public EcrEmulator Emulator { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("ecr-tool-").FullName;

    public static async Task<PushScene> StartAsync(bool isImmutable = false, params RateLimit[] rateLimits)
    {
        IamPolicy all = new(
            "all",
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:*","ecr-public:*","sts:GetServiceBearerToken"],"Resource":"*"}]}"""
        );
        IamPolicy push = new(
            "push",
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["ecr:ListImages","ecr:DescribeImageScanFindings","ecr:CreateRepository"],"Resource":"*"}]}"""
        );
        var options = new EmulatorOptions
        {
            RateLimits = rateLimits,
            Accounts =
            [
                new(CiAccount)
                {
                    Roles = [new("ci") { IdentityPolicies = [all], Sessions = [new("run-7", Ci)] }],
                    PublicRegistry = new() { Aliases = ["own-alias"] },
                },
                new(OwnerAccount)
                {
                    Users =
                    [
                        new("owner") { AccessKeys = [Owner], IdentityPolicies = [all] },
                        new("nobody") { AccessKeys = [Nobody] },
                        new("pusher") { AccessKeys = [Pusher], IdentityPolicies = [push] },
                    ],
                    PublicRegistry = new() { Aliases = ["a1b2c3d4", "acme"], Repositories = [new("hello-api")] },
                    Registries =
                    [
                        new(Region)
                        {
                            Repositories =
                            [
                                new("hello-api") { ImageTagMutability = isImmutable ? "IMMUTABLE" : "MUTABLE" },
                            ],
                            CreationTemplates = [new("made-on-push"), new("cache")],
                            PullThroughCacheRules = [new("cache", "quay.io")],
                        },
                    ],
                },
            ],
        };
        return new(await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public PushScene AsOwner() => As(Owner);

    public PushScene AsCi() => As(Ci);

    /// <summary>Somebody of the owner's account with no policy at all.</summary>
    public PushScene AsNobody() => As(Nobody);

    /// <summary>Somebody who may push, and nothing that only some pushes need.</summary>
    public PushScene AsPusher() => As(Pusher);

    /// <summary>Writes the project of the scene's folder.</summary>
    public PushScene WithProject(string properties)
    {
        File.WriteAllText(
            Path.Combine(Folder, "App.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                {properties}
              </PropertyGroup>
              <Import Project="{Path.Combine(SourceTree.Root, "build", "EcrBuildTasks.targets")}" />
            </Project>
            """
        );
        return this;
    }

    public PushScene With(string variable, string? value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>Writes a file of the AWS folder of the scene's home.</summary>
    public PushScene WithAwsFile(string name, string content)
    {
        var path = Path.Combine(Folder, ".aws", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    public Task<CliResult> EcrAsync(params string[] arguments) => EcrWithInputAsync(null, arguments);

    public Task<CliResult> EcrWithInputAsync(string? input, params string[] arguments) =>
        RunAsync(Dotnet, [SourceTree.Tool, .. arguments, "--endpoint-url", Emulator.Endpoint.ToString()], input);

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

    /// <summary>Writes an OCI layout of an image that no other is the same as.</summary>
    public string WriteLayout()
    {
        var image = new TinyImage($"{Guid.NewGuid():N}");
        _images.Add(image);
        return image.Layout;
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        _images.ForEach(image => image.Dispose());
        Directory.Delete(Folder, recursive: true);
    }

    private PushScene As(AccessKey key) =>
        With("AWS_ACCESS_KEY_ID", key.Id)
            .With("AWS_SECRET_ACCESS_KEY", key.Secret)
            .With("AWS_SESSION_TOKEN", key.SessionToken);
}
