using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Push;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>An emulated AWS with a role and a repository as the files of a sample describe them, and a pipeline that runs there.</summary>
internal sealed class PushRoleScene : IAsyncDisposable
{
    private const string ContainerPath = "/containers/build";

    private readonly AwsEnvironment _environment;

    private PushRoleScene(EcrEmulator emulator, AwsEnvironment environment) =>
        (Emulator, _environment) = (emulator, environment);

    public EcrEmulator Emulator { get; }

    public static async Task<PushRoleScene> OpenAsync(PushRole role, string repositoryPolicy)
    {
        var emulator = await EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new(PipelineSample.PipelineAccount)
                    {
                        Roles =
                        [
                            new(role.Name)
                            {
                                TrustPolicy = role.TrustPolicy.ToJsonString(),
                                IdentityPolicies = [new("push", role.IdentityPolicy.ToJsonString())],
                            },
                        ],
                        OidcProviders = role.Provider is { } provider ? [provider] : [],
                    },
                    new(PipelineSample.RegistryAccount)
                    {
                        Registries =
                        [
                            new("eu-west-1")
                            {
                                Repositories =
                                [
                                    new("hello-api") { Policy = repositoryPolicy, ImageTagMutability = "IMMUTABLE" },
                                ],
                            },
                        ],
                    },
                ],
                Containers = [new(ContainerPath, PipelineSample.RoleArn)],
            },
            TestContext.Current.CancellationToken
        );
        return new(emulator, new("", ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString())));
    }

    /// <summary>The environment of a pipeline that a system gives a token.</summary>
    public void RunWith(PipelineToken token)
    {
        _environment.Set("AWS_ROLE_ARN", PipelineSample.RoleArn);
        _environment.Set(
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            _environment.File("token", IdentityScene.Token(token.Issuer, token.Subject, token.Audience))
        );
    }

    /// <summary>The environment of a build of CodeBuild, which has the role from the start.</summary>
    public void RunInCodeBuild() =>
        _environment.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", new Uri(Emulator.Endpoint, ContainerPath).ToString());

    public Task<CallerIdentity> WhoAsync() =>
        _environment.Open(new() { Region = "eu-west-1" }).GetCallerIdentityAsync(TestContext.Current.CancellationToken);

    /// <summary>Asks and pushes, as the pipelines of the samples do, each time another image.</summary>
    public async Task<(PreflightOutcome Preflight, PushOutcome Push)> PushAsync()
    {
        using var archive = TestArchive.Create();
        var request = new PushRequest
        {
            Registry = $"{PipelineSample.RegistryAccount}.dkr.ecr.eu-west-1.amazonaws.com",
            Repository = "hello-api",
            Tags = ["0123456789abcdef"],
            Mode = PushMode.Registry,
            Source = new ImageSource.Archive(archive.Path),
            IfTagExists = IfTagExists.Skip,
        };
        var pipeline = new PushPipeline(new(_environment.Variables));
        var preflight = await pipeline.PreflightAsync(request, TestContext.Current.CancellationToken);
        var pushes = await pipeline.PushAsync(
            [request],
            _ => new Progress<PushProgress>(),
            TestContext.Current.CancellationToken
        );
        return (preflight, pushes.ShouldHaveSingleItem());
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        _environment.Dispose();
    }
}
