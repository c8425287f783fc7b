using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.Core.Tests.Preflight;

public sealed class PublicPreflightTests
{
    private const string Token = "\"ecr-public:GetAuthorizationToken\",\"sts:GetServiceBearerToken\"";

    [Fact]
    public async Task A_caller_who_may_is_allowed_all_actions_of_a_public_push()
    {
        await using var scene = await PublicScene.OpenAsync();

        var outcome = await scene.PreflightAsync();

        outcome.Diagnostics.ShouldBeEmpty();
        var report = outcome.Report!;
        report.Permission.ShouldBe(Permission.Allowed);
        report
            .Verdicts.Select(v => v.Action)
            .ShouldBe(["ecr-public:GetAuthorizationToken", .. PublicScene.PushActions]);
        report.Image.ToString().ShouldBe("public.ecr.aws/a1b2c3d4/hello-api");
        report.Image.RepositoryArn.ShouldBe("arn:aws:ecr-public::444455556666:repository/hello-api");
        report.NotSeen.ShouldBeEmpty();
        scene.Emulator.Calls.ShouldNotContain(call => call.Service == "ecr");
    }

    [Fact]
    public async Task The_alias_may_stand_before_the_repository()
    {
        await using var scene = await PublicScene.OpenAsync();

        var outcome = await scene.PreflightAsync(
            PublicScene.Request() with
            {
                Registry = "public.ecr.aws",
                Repository = $"{PublicScene.Alias}/hello-api",
            }
        );

        outcome.Report!.Image.ToString().ShouldBe("public.ecr.aws/a1b2c3d4/hello-api");
        outcome.Report.Permission.ShouldBe(Permission.Allowed);
    }

    [Fact]
    public async Task Without_an_alias_nothing_is_asked_and_the_command_that_lists_them_is_named()
    {
        await using var scene = await PublicScene.OpenAsync();

        var outcome = await scene.PreflightAsync(PublicScene.Request() with { Registry = "public.ecr.aws" });

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.PublicAliasMissing);
        error.Message.ShouldContain("aws ecr-public describe-registries");
        scene.Emulator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_action_that_no_identity_policy_allows_is_named_with_the_statement_that_mends_it()
    {
        await using var scene = await PublicScene.OpenAsync(
            $"[{Token},\"ecr-public:Describe*\",\"ecr-public:GetRepositoryPolicy\",\"ecr-public:PutImage\"]"
        );

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.IdentityPolicySilent);
        error.Message.ShouldContain("public.ecr.aws/a1b2c3d4/hello-api");
        outcome.Fixes.Select(fix => fix.Policy).ShouldBe([PolicyKind.Identity, PolicyKind.Repository]);
        outcome
            .Fixes[0]
            .Statement.Resource!.Patterns.ShouldBe(["arn:aws:ecr-public::444455556666:repository/hello-api"]);
        outcome.Fixes.ShouldAllBe(fix =>
            fix.Statement.Action.Patterns.SequenceEqual(PublicScene.PushActions.SkipLast(1))
        );
    }

    [Theory]
    [InlineData(
        "[\"ecr-public:Describe*\"]",
        "ecr-public:GetAuthorizationToken",
        new[] { "ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken" }
    )]
    [InlineData("[\"ecr-public:*\"]", "sts:GetServiceBearerToken", new[] { "sts:GetServiceBearerToken" })]
    public async Task A_token_that_is_denied_needs_the_action_of_ECR_Public_and_that_of_STS(
        string allowed,
        string denied,
        string[] granted
    )
    {
        await using var scene = await PublicScene.OpenAsync(allowed);

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.First(diagnostic => diagnostic.Code == EcrCode.TokenDenied);
        error.Message.ShouldContain(denied);
        var fix = outcome.Fixes.First(fix => fix.Statement.Sid == "AllowEcrLogin");
        fix.Statement.Action.Patterns.ShouldBe(granted);
        fix.Statement.Resource!.Patterns.ShouldBe(["*"]);
        fix.AwsCommand()!.ShouldStartWith("aws iam put-role-policy --role-name ci");
    }

    [Fact]
    public async Task A_repository_that_is_missing_comes_with_the_command_that_creates_it()
    {
        await using var scene = await PublicScene.OpenAsync();

        var outcome = await scene.PreflightAsync(PublicScene.Request() with { Repository = "new-api" });

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.RepositoryMissing);
        error.Message.ShouldContain("new-api");
        error.Message.ShouldContain("public.ecr.aws/a1b2c3d4");
        error.Details.ShouldContain("  aws ecr-public create-repository --repository-name new-api --region us-east-1");
        error.Details.ShouldContain(line => line.Contains($" account {PublicScene.Owner}, "));
        var report = outcome.Report!;
        var image = report.Image with { Registry = report.Image.Registry.OwnedBy("") };
        PreflightDiagnosis
            .FromReport(report with { Image = image })
            .Diagnostics.ShouldHaveSingleItem()
            .Details.ShouldContain(line => line.Contains(" its owner, "));
    }

    [Fact]
    public async Task An_alias_that_nobody_has_is_told_beside_those_of_the_caller()
    {
        await using var scene = await PublicScene.OpenAsync();

        var outcome = await scene.PreflightAsync(PublicScene.Request() with { Registry = "public.ecr.aws/a1b2c3d5" });

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.PublicAliasUnknown);
        error.Message.ShouldContain("public.ecr.aws/a1b2c3d5");
        error.Message.ShouldContain("public.ecr.aws/a1b2c3d4");
    }

    [Fact]
    public async Task An_alias_of_another_account_is_told_and_its_owner_gets_the_statement()
    {
        await using var scene = await PublicScene.OpenAsync(account: PublicScene.OtherAccount);

        var outcome = await scene.PreflightAsync();

        outcome
            .Diagnostics.Select(d => d.Code)
            .ShouldBe([EcrCode.PublicAliasOfAnother, EcrCode.RepositoryPolicySilent]);
        outcome
            .Diagnostics[0]
            .Message.ShouldMatch(
                @"public\.ecr\.aws/a1b2c3d4 .*444455556666.*111122223333 .*public\.ecr\.aws/own-alias"
            );
        outcome.Diagnostics[1].Details.ShouldContain("  dotnet ecr repository list public.ecr.aws/a1b2c3d4");
        var fix = outcome.Fixes.ShouldHaveSingleItem();
        fix.OwnerAccount.ShouldBe("444455556666");
        fix.Statement.Action.Patterns.ShouldBe(PublicScene.PushActions);
        fix.AwsCommand()!
            .ShouldContain(
                "aws ecr-public set-repository-policy --registry-id 444455556666 --repository-name hello-api --region us-east-1"
            );
    }

    [Fact]
    public async Task With_the_statement_of_the_fix_another_account_pushes_to_the_alias()
    {
        string statement;
        await using (var denied = await PublicScene.OpenAsync(account: PublicScene.OtherAccount))
        {
            statement = (await denied.PreflightAsync()).Fixes[0].ToJson();
        }

        await using var scene = await PublicScene.OpenAsync(
            account: PublicScene.OtherAccount,
            repositoryPolicy: $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}"""
        );
        var outcome = await scene.PreflightAsync();

        outcome.Diagnostics.ShouldBeEmpty();
        outcome.Report!.Permission.ShouldBe(Permission.Allowed);
        (await scene.PushAsync(PublicScene.Request())).Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_who_may_not_list_aliases_is_taken_for_the_owner_and_told_so()
    {
        var actions = PublicScene.PushActions.Skip(1).Select(action => $"\"{action}\"");
        await using var scene = await PublicScene.OpenAsync($"[{Token},{string.Join(',', actions)}]");

        var outcome = await scene.PreflightAsync();

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.IdentityPolicySilent);
        error.Message.ShouldContain("ecr-public:BatchCheckLayerAvailability");
        outcome.Report!.NotSeen.ShouldContain(what => what.Contains("alias"));
        outcome.Fixes.Select(fix => fix.OwnerAccount).ShouldBe([PublicScene.Owner, PublicScene.Owner]);
    }

    [Fact]
    public async Task A_deny_of_the_repository_policy_is_named_by_its_statement()
    {
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[{"Sid":"Frozen","Effect":"Deny","Principal":"*","Action":"ecr-public:PutImage"}]}
            """;
        await using var scene = await PublicScene.OpenAsync(repositoryPolicy: policy);

        var error = (await scene.PreflightAsync()).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.ExplicitlyDenied);
        error.Message.ShouldContain("'Frozen'");
        error.Message.ShouldContain("ecr-public:PutImage");
    }

    [Fact]
    public async Task Of_another_principal_the_repository_policy_tells_what_it_allows()
    {
        const string Ci = "arn:aws:iam::111122223333:role/ci";
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{Ci}}"},"Action":"ecr-public:PutImage"}]}
            """;
        await using var scene = await PublicScene.OpenAsync(repositoryPolicy: policy);

        var outcome = await scene.PreflightAsync(
            PublicScene.Request() with
            {
                Principal = CallerIdentity.ForPrincipal(Ci),
            }
        );

        var report = outcome.Report!;
        report.Token.Action.ShouldBe("ecr-public:GetAuthorizationToken");
        report.Denied.Select(v => v.Action).ShouldBe(PublicScene.PushActions.SkipLast(1));
        outcome.Fixes.ShouldHaveSingleItem().Policy.ShouldBe(PolicyKind.Repository);
    }
}
