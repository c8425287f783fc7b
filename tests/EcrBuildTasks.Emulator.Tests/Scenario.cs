using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>Account 444455556666 owns <c>hello-api</c>; the CI role of 111122223333 would push to it.</summary>
internal static class Scenario
{
    public const string Region = "eu-west-1";
    public const string CiAccount = "111122223333";
    public const string OwnerAccount = "444455556666";
    public const string Repository = "hello-api";
    public const string RepositoryArn = $"arn:aws:ecr:{Region}:{OwnerAccount}:repository/{Repository}";
    public const string CiRoleArn = $"arn:aws:iam::{CiAccount}:role/build/ci";
    public const string CiSessionArn = $"arn:aws:sts::{CiAccount}:assumed-role/ci/run-7";

    public const string AllowEverythingInEcr = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}
        """;

    public const string RepositoryPolicyForCi = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:CompleteLayerUpload","ecr:GetDownloadUrlForLayer","ecr:InitiateLayerUpload","ecr:PutImage","ecr:UploadLayerPart"]}]}
        """;

    public static readonly AccessKey CiKey = new("ASIACIRUN7", "secret-of-ci", "session-token-of-run-7");
    public static readonly AccessKey OwnerKey = new("AKIAOWNER", "secret-of-owner");
    public static readonly AccessKey ReaderKey = new("AKIAREADER", "secret-of-reader");

    public static EmulatorOptions Options(EmulatedRepository? repository = null, IamRole? ci = null) =>
        new() { Accounts = [CiSide(ci), OwnerSide(repository ?? new EmulatedRepository(Repository))] };

    public static EmulatedAccount CiSide(IamRole? ci = null) => new(CiAccount) { Roles = [ci ?? Ci()] };

    public static IamRole Ci() =>
        new("ci")
        {
            Path = "/build/",
            IdentityPolicies = [new("push", AllowEverythingInEcr)],
            Sessions = [new("run-7", CiKey)],
        };

    public static EmulatedAccount OwnerSide(params EmulatedRepository[] repositories) =>
        new(OwnerAccount)
        {
            Users =
            [
                new("owner") { AccessKeys = [OwnerKey], IdentityPolicies = [new("all", AllowEverythingInEcr)] },
                new("reader") { AccessKeys = [ReaderKey] },
            ],
            Registries = [new(Region) { Repositories = repositories }],
        };

    public static Task<EcrEmulator> StartAsync(EmulatedRepository? repository = null) =>
        EcrEmulator.StartAsync(Options(repository), TestContext.Current.CancellationToken);
}
