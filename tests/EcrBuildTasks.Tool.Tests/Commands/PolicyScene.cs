using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>A repository with or without a policy, its owner, a role of another account, and a shell for each.</summary>
internal sealed class PolicyScene : IAsyncDisposable
{
    public const string OwnerAccount = "444455556666";
    public const string CiAccount = "111122223333";
    public const string Region = "eu-west-1";
    public const string Repository = "hello-api";
    public const string Host = $"{OwnerAccount}.dkr.ecr.{Region}.amazonaws.com";
    public const string Image = $"{Host}/{Repository}";
    public const string CiRole = $"arn:aws:iam::{CiAccount}:role/ci";

    public static readonly AccessKey Owner = new("AKIAOWNEROWNEROWNER1", "owner-secret");
    public static readonly AccessKey Reader = new("AKIAREADERREADERREA1", "reader-secret");
    public static readonly AccessKey Ci = new("ASIACICICICICICICICI", "ci-secret", "ci-session");

    private PolicyScene(EcrEmulator emulator) => Emulator = emulator;

    public EcrEmulator Emulator { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("ecr-policy-").FullName;

    public string[] Backups => [.. Directory.GetFiles(Folder, "ecr-policy-*.json").Order(StringComparer.Ordinal)];

    public static async Task<PolicyScene> StartAsync(
        string? policy = null,
        string repository = Repository,
        Action<ReceivedCall>? onCall = null,
        int others = 0
    ) =>
        new(
            await EcrEmulator.StartAsync(
                new()
                {
                    CallAnswered = onCall,
                    Accounts =
                    [
                        new(CiAccount)
                        {
                            Roles = [new("ci") { IdentityPolicies = [Allow("ecr:*")], Sessions = [new("run-7", Ci)] }],
                        },
                        new(OwnerAccount)
                        {
                            Users =
                            [
                                new("owner") { AccessKeys = [Owner], IdentityPolicies = [Allow("ecr:*")] },
                                new("reader")
                                {
                                    AccessKeys = [Reader],
                                    IdentityPolicies = [Allow("ecr:DescribeRepositories")],
                                },
                            ],
                            Registries =
                            [
                                new(Region)
                                {
                                    Repositories =
                                    [
                                        new(repository) { Policy = policy },
                                        .. Enumerable
                                            .Range(0, others)
                                            .Select(n => new EmulatedRepository($"other-{n:0000}")),
                                    ],
                                },
                            ],
                        },
                    ],
                },
                TestContext.Current.CancellationToken
            )
        );

    public Task<CliResult> AsOwnerAsync(params string[] arguments) => RunAsync(Owner, input: null, arguments);

    public Task<CliResult> AsCiAsync(params string[] arguments) => RunAsync(Ci, input: null, arguments);

    public Task<CliResult> RunAsync(AccessKey key, string? input, params string[] arguments) =>
        Cli.RunAsync(
            "dotnet",
            [SourceTree.Tool, .. arguments, "--endpoint-url", Emulator.Endpoint.ToString()],
            Folder,
            EnvironmentOf(key),
            standardInput: input,
            cancellationToken: TestContext.Current.CancellationToken
        );

    public Dictionary<string, string?> EnvironmentOf(AccessKey key) =>
        new(Emulator.EnvironmentFor(key, Region), StringComparer.Ordinal)
        {
            ["HOME"] = Folder,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_CONFIG_FILE"] = null,
            ["AWS_SHARED_CREDENTIALS_FILE"] = null,
            ["GITHUB_ACTIONS"] = null,
            ["TF_BUILD"] = null,
            ["GITLAB_CI"] = null,
            ["TEAMCITY_VERSION"] = null,
        };

    /// <summary>The policy to the letter, as AWS has it.</summary>
    public async Task<string?> PolicyAsync(string repository = Repository)
    {
        using var ecr = Client();
        try
        {
            var answer = await ecr.GetRepositoryPolicyAsync(
                new() { RepositoryName = repository },
                TestContext.Current.CancellationToken
            );
            return answer.PolicyText;
        }
        catch (RepositoryPolicyNotFoundException)
        {
            return null;
        }
    }

    public async Task SetPolicyAsync(string policy)
    {
        using var ecr = Client();
        await ecr.SetRepositoryPolicyAsync(
            new() { RepositoryName = Repository, PolicyText = policy },
            TestContext.Current.CancellationToken
        );
    }

    public async Task<Repository> DescribeAsync(string repository)
    {
        using var ecr = Client();
        var answer = await ecr.DescribeRepositoriesAsync(
            new() { RepositoryNames = [repository] },
            TestContext.Current.CancellationToken
        );
        return answer.Repositories!.ShouldHaveSingleItem();
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private EcrClient Client() =>
        new(
            new BasicAWSCredentials(Owner.Id, Owner.Secret),
            new EcrClientConfig { ServiceURL = Emulator.Endpoint.ToString(), AuthenticationRegion = Region }
        );

    private static IamPolicy Allow(string action) =>
        new(
            "allow",
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}"""
        );
}
