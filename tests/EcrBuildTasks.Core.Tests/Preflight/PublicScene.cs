using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>An emulated ECR Public with the registry of one account, and a caller of that or another account.</summary>
internal sealed class PublicScene : IAsyncDisposable
{
    public const string Owner = "444455556666";
    public const string OtherAccount = "111122223333";
    public const string Alias = "a1b2c3d4";
    public const string Repository = "hello-api";
    public const string Session = "assumed-role/ci/run-7";
    public const string All = """["ecr-public:*","sts:GetServiceBearerToken"]""";

    public static readonly string[] PushActions =
    [
        "ecr-public:BatchCheckLayerAvailability",
        "ecr-public:InitiateLayerUpload",
        "ecr-public:UploadLayerPart",
        "ecr-public:CompleteLayerUpload",
        "ecr-public:PutImage",
    ];

    private readonly AwsEnvironment environment;

    private PublicScene(EcrEmulator emulator, AwsEnvironment environment) =>
        (Emulator, this.environment) = (emulator, environment);

    public EcrEmulator Emulator { get; }

    /// <param name="identityActions">What the caller's own policy allows on everything, as JSON.</param>
    /// <param name="account">The caller's account.</param>
    /// <param name="repositoryPolicy">The policy of the repository of <see cref="Owner"/>.</param>
    /// <param name="onCall">Called after each answer.</param>
    public static async Task<PublicScene> OpenAsync(
        string identityActions = All,
        string account = Owner,
        string? repositoryPolicy = null,
        Action<ReceivedCall>? onCall = null
    )
    {
        var role = new IamRole("ci")
        {
            IdentityPolicies =
            [
                new(
                    "push",
                    $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":{{identityActions}},"Resource":"*"}]}"""
                ),
            ],
            Sessions = [new("run-7", new("ASIAPUBLIC", "public-secret", "public-token"))],
        };
        EmulatedPublicRegistry registry = new()
        {
            Aliases = [Alias],
            Repositories = [new(Repository) { Policy = repositoryPolicy }],
        };
        EmulatedAccount[] accounts =
            account == Owner
                ? [new(Owner) { Roles = [role], PublicRegistry = registry }]
                :
                [
                    new(Owner) { PublicRegistry = registry },
                    new(account)
                    {
                        Roles = [role],
                        PublicRegistry = new() { Aliases = ["own-alias"] },
                    },
                ];
        var emulator = await EcrEmulator.StartAsync(
            new() { Accounts = accounts, CallAnswered = onCall },
            TestContext.Current.CancellationToken
        );
        var variables = new AwsEnvironment(
            "",
            ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString()),
            ("AWS_ACCESS_KEY_ID", "ASIAPUBLIC"),
            ("AWS_SECRET_ACCESS_KEY", "public-secret"),
            ("AWS_SESSION_TOKEN", "public-token"),
            ("AWS_REGION", "eu-west-1")
        );
        return new(emulator, variables);
    }

    public static PushRequest Request() =>
        new()
        {
            Registry = $"public.ecr.aws/{Alias}",
            Repository = Repository,
            Tags = ["1.0.0"],
            Mode = PushMode.Registry,
        };

    public AwsIdentities Identities() => new(environment.Variables);

    public Task<PreflightOutcome> PreflightAsync(PushRequest? request = null) =>
        new PushPipeline(Identities()).PreflightAsync(request ?? Request(), TestContext.Current.CancellationToken);

    public async Task<PushOutcome> PushAsync(PushRequest request, AwsIdentities? identities = null)
    {
        using var archive = TestArchive.Create();
        var outcomes = await new PushPipeline(identities ?? Identities()).PushAsync(
            [request with { Source = archive.Source() }],
            _ => new Recorder(),
            TestContext.Current.CancellationToken
        );
        return outcomes.ShouldHaveSingleItem();
    }

    public async ValueTask DisposeAsync()
    {
        environment.Dispose();
        await Emulator.DisposeAsync();
    }
}
