using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Core.Tests.Preflight;

/// <summary>The ARN of a session has lost the path of its role, and AWS is not asked for it.</summary>
public sealed class RoleNameTests
{
    private const string Path = "/build/tools/";
    private const string Account = PreflightScene.OtherAccount;

    private const string ReadByEverybody =
        """{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":"*","Action":"ecr:GetRepositoryPolicy"}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData(Path)]
    public async Task Across_accounts_the_fix_names_the_role_at_any_path_and_makes_the_push_allowed(string path)
    {
        string statement;
        await using (var scene = await PreflightScene.OpenAsync(rolePath: path))
        {
            var outcome = await scene.PreflightAsync();

            outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.RepositoryPolicySilent);
            var fix = outcome.Fixes.ShouldHaveSingleItem();
            Named(fix).ShouldBe([$"arn:aws:iam::{Account}:role/ci", $"arn:aws:iam::{Account}:role/*/ci"]);
            statement = fix.ToJson();
            scene.Emulator.Calls.ShouldNotContain(call => call.Service == "iam");
        }

        await using var corrected = await PreflightScene.OpenAsync(
            $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""",
            rolePath: path
        );

        (await corrected.PreflightAsync()).Report!.Permission.ShouldBe(Permission.Allowed);
    }

    [Fact]
    public async Task The_path_of_a_role_that_the_user_names_and_what_every_push_has_decide_a_condition()
    {
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Account}}:root"},"Action":"ecr:*",
               "Condition":{"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::{{Account}}:role{{Path}}ci","aws:PrincipalType":"AssumedRole"} } },
              {"Effect":"Deny","Principal":"*","Action":"ecr:*","Condition":{"Bool":{"aws:SecureTransport":"false"} } }]}
            """;
        await using var scene = await PreflightScene.OpenAsync(policy, rolePath: Path);

        foreach (var (path, isAllowed) in new[] { (Path, true), ("/other/", false) })
        {
            var outcome = await scene.PreflightAsync(
                PreflightScene.Request() with
                {
                    Principal = CallerIdentity.ForPrincipal($"arn:aws:iam::{Account}:role{path}ci"),
                }
            );

            foreach (var verdict in outcome.Report!.Actions)
            {
                verdict.Analysis!.Missing.ShouldBe(isAllowed ? ["the caller's identity policies"] : []);
                verdict.Permission.ShouldBe(isAllowed ? Permission.Unknown : Permission.Denied);
            }
        }
    }

    /// <summary>Without the role's path the fix cannot grant to another role: ECR does not store the policy.</summary>
    [Theory]
    [InlineData("/", "role/ci", true)]
    [InlineData(Path, "role/ci", false)]
    [InlineData(Path, $"role{Path}ci", true)]
    public async Task Within_an_account_ECR_rejects_the_fix_until_the_owner_writes_the_path_of_the_role(
        string path,
        string written,
        bool isAccepted
    )
    {
        await using var scene = await PreflightScene.OpenAsync(
            identityActions: "ecr:GetAuthorizationToken ecr:GetRepositoryPolicy ecr:SetRepositoryPolicy",
            account: PreflightScene.Owner,
            rolePath: path
        );

        var outcome = await scene.PreflightAsync();

        outcome.Fixes.Select(fix => fix.Policy).ShouldBe([PolicyKind.Identity, PolicyKind.Repository]);
        var fix = outcome.Fixes[1];
        const string Proposed = $"arn:aws:iam::{PreflightScene.Owner}:role/ci";
        fix.Statement.Principal!.Principals.ShouldHaveSingleItem().Text.ShouldBe(Proposed);
        var session = await scene.Identities().OpenAsync(new() { Region = "eu-west-1" }, Cancellation);
        using var ecr = session.CreateEcrClient(outcome.Report!.Image.Registry);
        var set = ecr.SetRepositoryPolicyAsync(
            new()
            {
                RegistryId = PreflightScene.Owner,
                RepositoryName = PreflightScene.Repository,
                PolicyText = fix.ChangedPolicy!.ToJson().Replace(":role/ci", $":{written}", StringComparison.Ordinal),
            },
            Cancellation
        );
        if (isAccepted)
        {
            await set;
        }
        else
        {
            (await Should.ThrowAsync<AmazonECRException>(() => set)).Message.ShouldContain("Principal not found");
        }

        (await scene.PreflightAsync()).Report!.Permission.ShouldBe(isAccepted ? Permission.Allowed : Permission.Denied);
    }

    [Fact]
    public async Task A_role_of_IAM_Identity_Center_is_named_by_its_permission_set()
    {
        await using var scene = await PreflightScene.OpenAsync(
            roleName: IdentityScene.PermissionSetRole,
            rolePath: "/aws-reserved/sso.amazonaws.com/eu-west-1/"
        );

        Named((await scene.PreflightAsync()).Fixes.ShouldHaveSingleItem())
            .ShouldBe([
                $"arn:aws:iam::{Account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_????????????????",
                $"arn:aws:iam::{Account}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Dev_????????????????",
            ]);
    }

    [Fact]
    public async Task A_role_that_the_user_gave_is_named_exactly_in_every_form()
    {
        const string Role = $"arn:aws:iam::{Account}:role{Path}ci";
        await using var scene = await PreflightScene.OpenAsync(ReadByEverybody);
        var request = PreflightScene.Request() with { Principal = CallerIdentity.ForPrincipal(Role) };

        var outcome = await scene.PreflightAsync(request);

        var fix = outcome.Fixes.ShouldHaveSingleItem();
        Named(fix).ShouldBe([Role]);
        foreach (var format in Enum.GetValues<FixFormat>())
        {
            var text = fix.Render(format).ShouldNotBeNull();
            text.ShouldContain(Role, customMessage: format.ToString());
            text.ShouldNotContain("role/*", customMessage: format.ToString());
            text.ShouldNotContain("role/ci", customMessage: format.ToString());
        }
    }

    /// <summary>The roles that the condition of a fix names.</summary>
    private static IReadOnlyList<string> Named(PolicyFix fix)
    {
        var value = fix.Statement.Json.GetProperty("Condition").GetProperty("ArnLike").GetProperty("aws:PrincipalArn");
        return value.ValueKind is JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(role => role.GetString()!)]
            : [value.GetString()!];
    }
}
