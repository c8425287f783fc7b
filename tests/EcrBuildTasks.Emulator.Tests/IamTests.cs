using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>IAM by the AWS CLI: a role is told with its path, to whom may know it.</summary>
public sealed class IamTests : IAsyncLifetime
{
    private const string Asking =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::111122223333:role/build/*"}]}""";

    private EcrEmulator emulator = null!;
    private AwsCli ci = null!;

    public async ValueTask InitializeAsync()
    {
        var asking = Scenario.Ci() with { IdentityPolicies = [new("ask", Asking)] };
        var options = Scenario.Options() with
        {
            Accounts = [Scenario.CiSide(asking) with { Roles = [asking, new("deploy") { Path = "/delivery/" }] }],
        };
        emulator = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
        ci = new AwsCli(emulator, Scenario.CiKey);
    }

    public async ValueTask DisposeAsync()
    {
        ci.Dispose();
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_role_is_told_with_the_path_that_the_ARN_of_its_session_has_lost()
    {
        var role = (await ci.AnswerAsync("iam", "get-role", "--role-name", "ci")).GetProperty("Role");

        role.GetProperty("Arn").GetString().ShouldBe(Scenario.CiRoleArn);
        role.GetProperty("Path").GetString().ShouldBe("/build/");
        role.GetProperty("RoleName").GetString().ShouldBe("ci");
        role.GetProperty("RoleId").GetString()!.ShouldMatch("^AROA[A-Z2-7]{17}$");
        var call = emulator.Calls.ShouldHaveSingleItem();
        (call.Service, call.Action, call.Principal, call.Status).ShouldBe(
            ("iam", "GetRole", Scenario.CiSessionArn, 200)
        );
    }

    /// <summary>For a fix of an identity policy to be tried.</summary>
    [Fact]
    public async Task An_inline_policy_is_in_force_from_when_it_is_put_until_it_is_deleted()
    {
        var account = Scenario.OwnerSide() with
        {
            Roles = [Scenario.Ci() with { IdentityPolicies = [] }],
            RootAccessKeys = [new("AKIAROOT", "secret-of-root")],
        };
        await using var own = await EcrEmulator.StartAsync(
            new() { Accounts = [account] },
            TestContext.Current.CancellationToken
        );
        using var root = new AwsCli(own, account.RootAccessKeys[0]);
        using var role = new EcrCaller(own, Scenario.CiKey);
        using var user = new EcrCaller(own, Scenario.ReaderKey);
        string[] ofRole = ["--role-name", "ci", "--policy-name", "push"];
        string[] text = ["--policy-document", Scenario.AllowEverythingInEcr];
        (await role.RefusalAsync("DescribeRepositories")).ShouldStartWith("AccessDeniedException");
        (await user.RefusalAsync("DescribeRepositories")).ShouldStartWith("AccessDeniedException");

        await Task.WhenAll(
            root.AnswerAsync(["iam", "put-role-policy", .. ofRole, .. text]),
            root.AnswerAsync(["iam", "put-user-policy", "--user-name", "reader", "--policy-name", "push", .. text])
        );
        await role.AnswerAsync("DescribeRepositories");
        await user.AnswerAsync("DescribeRepositories");
        var read = await root.AnswerAsync(["iam", "get-role-policy", .. ofRole]);
        await root.AnswerAsync(["iam", "delete-role-policy", .. ofRole]);

        read.GetProperty("PolicyDocument")
            .GetProperty("Statement")[0]
            .GetProperty("Action")
            .GetString()
            .ShouldBe("ecr:*");
        (await role.RefusalAsync("DescribeRepositories")).ShouldStartWith("AccessDeniedException");
        await user.AnswerAsync("DescribeRepositories");
    }

    /// <summary>Whether there is such a role is not told to whom may not know.</summary>
    [Theory]
    [InlineData("deploy")]
    [InlineData("no-such-role")]
    public async Task A_caller_that_may_not_ask_for_a_role_is_told_so_in_the_words_of_IAM(string name) =>
        (await ci.RefusalAsync("iam", "get-role", "--role-name", name)).ShouldContain(
            $"An error occurred (AccessDenied) when calling the GetRole operation: User: {Scenario.CiSessionArn} is not authorized to perform: iam:GetRole on resource: role {name} because no identity-based policy allows the iam:GetRole action"
        );

    [Fact]
    public async Task A_role_that_there_is_not_in_the_callers_account_is_no_entity()
    {
        var everything = Scenario.Ci() with
        {
            IdentityPolicies = [new("ask", Asking.Replace("build/", "", StringComparison.Ordinal))],
        };
        await using var open = await EcrEmulator.StartAsync(
            new() { Accounts = [Scenario.CiSide(everything), Scenario.OwnerSide() with { Roles = [new("pusher")] }] },
            TestContext.Current.CancellationToken
        );
        using var cli = new AwsCli(open, Scenario.CiKey);

        (await cli.RefusalAsync("iam", "get-role", "--role-name", "pusher")).ShouldContain(
            "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name pusher cannot be found."
        );
    }
}
