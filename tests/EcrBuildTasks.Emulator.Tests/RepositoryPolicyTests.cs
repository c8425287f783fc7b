using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class RepositoryPolicyTests : IAsyncLifetime
{
    private const string Invalid =
        "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'";

    private const string PrincipalNotFound =
        "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'";

    private EcrEmulator emulator = null!;
    private EcrCaller owner = null!;

    public async ValueTask InitializeAsync()
    {
        emulator = await Scenario.StartAsync();
        owner = new EcrCaller(emulator, Scenario.OwnerKey);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        await emulator.DisposeAsync();
    }

    private static JsonObject Set(string policy) =>
        new()
        {
            ["registryId"] = Scenario.OwnerAccount,
            ["repositoryName"] = Scenario.Repository,
            ["policyText"] = policy,
        };

    private static string Statement(string members) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:PutImage",{{members}}}]}""";

    [Theory]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:PutImage"}]}""")]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:PutImage","Resource":"*"}]}"""
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["ecr:PutImage","ecr:GetAuthorizationToken"]}]}"""
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"allow","Principal":"*","Action":"ecr:PutImage"}]}"""
    )]
    [InlineData("no JSON")]
    [InlineData("{}")]
    public async Task A_text_that_is_no_repository_policy_is_refused(string policy) =>
        (await owner.RefusalAsync("SetRepositoryPolicy", Set(policy))).ShouldBe(Invalid);

    [Theory]
    [InlineData("arn:aws:iam::111122223333:role/ci", false)]
    [InlineData("arn:aws:iam::111122223333:role/build/ci", true)]
    [InlineData("arn:aws:sts::111122223333:assumed-role/ci/any", true)]
    [InlineData("arn:aws:sts::111122223333:assumed-role/gone/any", false)]
    [InlineData("arn:aws:iam::444455556666:user/reader", true)]
    [InlineData("arn:aws:iam::444455556666:user/gone", false)]
    [InlineData("AROAEXAMPLEOFADELETEDROLE", false)]
    [InlineData("111122223333", true)]
    [InlineData("arn:aws:iam::999988887777:role/of-an-account-that-is-not-emulated", true)]
    public async Task Principals_must_exist(string principal, bool exists)
    {
        var policy = Statement(
            $$"""
            "Principal":{"AWS":"{{principal}}"}
            """
        );

        if (exists)
        {
            await owner.AnswerAsync("SetRepositoryPolicy", Set(policy));
        }
        else
        {
            (await owner.RefusalAsync("SetRepositoryPolicy", Set(policy))).ShouldBe(PrincipalNotFound);
        }
    }

    [Fact]
    public async Task A_policy_of_more_than_10240_characters_is_refused()
    {
        var policy = Statement($"\"Principal\":\"*\",\"Sid\":\"{new string('a', 10240)}\"");

        (await owner.RefusalAsync("SetRepositoryPolicy", Set(policy))).ShouldContain("less than or equal to 10240");
    }

    [Fact]
    public async Task Another_account_cannot_set_the_policy_even_if_the_policy_lets_it()
    {
        await owner.AnswerAsync(
            "SetRepositoryPolicy",
            Set(
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"ecr:*"}]}"""
            )
        );
        using var ci = new EcrCaller(emulator, Scenario.CiKey);

        (await ci.RefusalAsync("SetRepositoryPolicy", Set(Scenario.RepositoryPolicyForCi))).ShouldBe(
            $"AccessDeniedException: User: {Scenario.CiSessionArn} is not authorized to perform: ecr:SetRepositoryPolicy on resource: {Scenario.RepositoryArn} because no resource-based policy allows the ecr:SetRepositoryPolicy action"
        );
    }

    [Fact]
    public async Task A_policy_that_locks_its_author_out_needs_force()
    {
        var policy = Set(
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:SetRepositoryPolicy"}]}"""
        );
        (await owner.RefusalAsync("SetRepositoryPolicy", policy)).ShouldStartWith("InvalidParameterException");

        policy["force"] = true;

        await owner.AnswerAsync("SetRepositoryPolicy", policy);
    }
}
