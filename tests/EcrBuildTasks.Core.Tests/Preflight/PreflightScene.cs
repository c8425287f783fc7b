using System.Collections.ObjectModel;
using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>An emulated AWS, a caller with credentials in the environment, and no engine.</summary>
internal sealed class PreflightScene : IAsyncDisposable
{
    public const string Owner = "444455556666";
    public const string OtherAccount = "111122223333";
    public const string Repository = "hello-api";
    public const string Session = $"arn:aws:sts::{OtherAccount}:assumed-role/ci/run-7";

    public const string PushActions =
        """["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload","ecr:PutImage"]""";

    private readonly AwsEnvironment environment;

    private PreflightScene(EcrEmulator emulator, AwsEnvironment environment)
    {
        Emulator = emulator;
        this.environment = environment;
    }

    public EcrEmulator Emulator { get; }

    /// <param name="repositoryPolicy">The repository's policy, or none.</param>
    /// <param name="identityActions">What the caller's own policy allows on everything, with spaces between.</param>
    /// <param name="account">The caller's account.</param>
    /// <param name="serviceControlPolicy">A service control policy over the caller's account.</param>
    /// <param name="roleName">The name of the caller's role.</param>
    /// <param name="rolePath">The path of the caller's role.</param>
    /// <param name="tags">The resource tags of the repository.</param>
    /// <param name="registryPolicy">The policy of the registry, or none.</param>
    public static async Task<PreflightScene> OpenAsync(
        string? repositoryPolicy = null,
        string identityActions = "ecr:*",
        string account = OtherAccount,
        string? serviceControlPolicy = null,
        string roleName = "ci",
        string rolePath = "/",
        string? registryPolicy = null,
        IReadOnlyDictionary<string, string>? tags = null
    )
    {
        var actions = JsonSerializer.Serialize(identityActions.Split(' '));
        var identity =
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":{{actions}},"Resource":"*"}]}""";
        var role = new IamRole(roleName)
        {
            Path = rolePath,
            IdentityPolicies = [new("push", identity)],
            Sessions = [new("run-7", new("ASIAPREFLIGHT", "preflight-secret", "preflight-token"))],
        };
        EmulatedRegistry[] registries =
        [
            new("eu-west-1")
            {
                Policy = registryPolicy,
                Repositories =
                [
                    new(Repository)
                    {
                        Policy = repositoryPolicy,
                        Tags = tags ?? ReadOnlyDictionary<string, string>.Empty,
                    },
                ],
            },
        ];
        IamPolicy[] controls = serviceControlPolicy is null ? [] : [new("guard", serviceControlPolicy)];
        EmulatedAccount[] accounts =
            account == Owner
                ?
                [
                    new(Owner)
                    {
                        Roles = [role],
                        Registries = registries,
                        ServiceControlPolicies = controls,
                    },
                ]
                :
                [
                    new(account) { Roles = [role], ServiceControlPolicies = controls },
                    new(Owner) { Registries = registries },
                ];
        var emulator = await EcrEmulator.StartAsync(
            new() { Accounts = accounts },
            TestContext.Current.CancellationToken
        );
        var variables = new AwsEnvironment(
            "",
            ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString()),
            ("AWS_ACCESS_KEY_ID", "ASIAPREFLIGHT"),
            ("AWS_SECRET_ACCESS_KEY", "preflight-secret"),
            ("AWS_SESSION_TOKEN", "preflight-token"),
            // Faults that last need no patience.
            ("AWS_MAX_ATTEMPTS", "2")
        );
        return new(emulator, variables);
    }

    /// <summary>Sends the caller's AWS calls there.</summary>
    public void Route(Uri endpoint) => environment.Set("AWS_ENDPOINT_URL", endpoint.ToString());

    public static PushRequest Request() =>
        new()
        {
            Registry = $"{Owner}.dkr.ecr.eu-west-1.amazonaws.com",
            Repository = Repository,
            Tags = ["1.0.0"],
            DockerHost = "unix:///nowhere/docker.sock",
        };

    public AwsIdentities Identities() => new(environment.Variables);

    public PushPipeline Pipeline() => new(Identities());

    public Task<PreflightOutcome> PreflightAsync(PushRequest? request = null) =>
        Pipeline().PreflightAsync(request ?? Request(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        environment.Dispose();
        await Emulator.DisposeAsync();
    }
}
