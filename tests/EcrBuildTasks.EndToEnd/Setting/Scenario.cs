using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>
/// Two accounts: 444455556666 has a repository, and role ci of 111122223333 would push to it, and to the public registry of its
/// own account.
/// </summary>
internal static class Scenario
{
    public const string CiAccount = "111122223333";
    public const string OwnerAccount = "444455556666";
    public const string Region = "eu-west-1";
    public const string Repository = "hello-api";
    public const string BaseImage = "public/base:1";
    public const string RegistryHost = $"{OwnerAccount}.dkr.ecr.{Region}.amazonaws.com";
    public const string PublicRegistry = "public.ecr.aws/a1b2c3d4";
    public const string CiSessionArn = $"arn:aws:sts::{CiAccount}:assumed-role/ci/run-7";

    public static readonly string[] PushActions =
    [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
    ];

    public static readonly AccessKey Ci = Key("ASIA", isTemporary: true);
    public static readonly AccessKey ExpiredCi = Key("ASIA", isTemporary: true);
    public static readonly AccessKey Owner = Key("AKIA");
    public static readonly AccessKey Newcomer = Key("AKIA");

    private static readonly IamPolicy AllOfEcr = new(
        "all-of-ecr",
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:*","ecr-public:*","sts:GetServiceBearerToken"],"Resource":"*"}]}"""
    );

    /// <summary>A repository policy that lets role ci push.</summary>
    public static readonly string AllowCi = Policy(("CiPushes", $"arn:aws:iam::{CiAccount}:root", PushActions));

    public static Task<EcrEmulator> StartAsync(string? repositoryPolicy = null, params string[] otherRegions) =>
        StartAsync([Region, .. otherRegions], new EmulatedRepository(Repository) { Policy = repositoryPolicy });

    /// <summary>The same accounts with other repositories.</summary>
    public static Task<EcrEmulator> StartWithAsync(params EmulatedRepository[] repositories) =>
        StartAsync([Region], repositories);

    private static Task<EcrEmulator> StartAsync(string[] regions, params EmulatedRepository[] repositories) =>
        EcrEmulator.StartAsync(
            new() { Accounts = [CiSide(), OwnerSide(regions, repositories)], PublicImages = [new("public/base", "1")] },
            TestContext.Current.CancellationToken
        );

    /// <summary>A repository policy that allows actions to principals.</summary>
    public static string Policy(params (string Sid, string Principal, string[] Actions)[] statements) =>
        System.Text.Json.JsonSerializer.Serialize(
            new
            {
                Version = "2012-10-17",
                Statement = statements.Select(statement => new
                {
                    statement.Sid,
                    Effect = "Allow",
                    Principal = new { AWS = statement.Principal },
                    Action = statement.Actions,
                }),
            }
        );

    private static EmulatedAccount CiSide() =>
        new(CiAccount)
        {
            PublicRegistry = new() { Aliases = ["a1b2c3d4"], Repositories = [new(Repository)] },
            Roles =
            [
                new("ci")
                {
                    IdentityPolicies = [AllOfEcr],
                    Sessions =
                    [
                        new("run-7", Ci),
                        new("run-6", ExpiredCi) { ExpiresAt = DateTimeOffset.UtcNow.AddHours(-1) },
                    ],
                },
            ],
        };

    private static EmulatedAccount OwnerSide(string[] regions, EmulatedRepository[] repositories) =>
        new(OwnerAccount)
        {
            Users =
            [
                new("owner") { AccessKeys = [Owner], IdentityPolicies = [AllOfEcr] },
                new("newcomer") { AccessKeys = [Newcomer] },
            ],
            Registries = [.. regions.Select(region => new EmulatedRegistry(region) { Repositories = repositories })],
        };

    /// <summary>A key that is found nowhere by chance.</summary>
    private static AccessKey Key(string prefix, bool isTemporary = false) =>
        new(
            prefix + $"{Guid.NewGuid():N}".ToUpperInvariant()[..16],
            $"secret{Guid.NewGuid():N}",
            isTemporary ? $"session{Guid.NewGuid():N}{Guid.NewGuid():N}" : null
        );
}
