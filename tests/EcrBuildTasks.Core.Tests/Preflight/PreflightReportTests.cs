using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting;
using NJsonSchema;

namespace EcrBuildTasks.Core.Tests.Preflight;

public sealed class PreflightReportTests
{
    private const string PushActions =
        "ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:InitiateLayerUpload ecr:UploadLayerPart ecr:CompleteLayerUpload ecr:PutImage";

    private const string Silent = """{"Version":"2012-10-17","Statement":[]}""";

    [Fact]
    public async Task The_report_names_the_caller_and_who_decides_each_action()
    {
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[
              {"Sid":"All","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{PreflightScene.OtherAccount}}:root"},"Action":"ecr:*"},
              {"Sid":"NoPush","Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}]}
            """;
        await using var scene = await PreflightScene.OpenAsync(policy);

        var lines = PreflightLines.Describe((await scene.PreflightAsync()).Report!).ToList();

        lines.ShouldContain(line => line.Contains(PreflightScene.Session) && line.Contains("environment variables"));
        lines.ShouldContain(line => line.StartsWith("  ecr:GetAuthorizationToken: allowed; ") && line.EndsWith(" 200"));
        lines.ShouldContain(line => line.StartsWith("  ecr:PutImage: denied; User: ") && line.Contains("'NoPush'"));
    }

    [Theory]
    [InlineData(null, PreflightMode.Probe)]
    [InlineData(null, PreflightMode.Policy)]
    [InlineData(Silent, PreflightMode.Probe)]
    [InlineData(Silent, PreflightMode.Policy)]
    public async Task The_report_as_JSON_is_as_the_published_schema_says(string? policy, PreflightMode mode)
    {
        var schema = await JsonSchema.FromFileAsync(
            Path.Combine(AppContext.BaseDirectory, "preflight.schema.json"),
            TestContext.Current.CancellationToken
        );
        foreach (var account in new[] { PreflightScene.Owner, PreflightScene.OtherAccount })
        {
            await using var scene = await PreflightScene.OpenAsync(policy, account: account);
            var outcome = await scene.PreflightAsync(PreflightScene.Request() with { Preflight = mode });

            var json = ReportJson.Describe(outcome);

            schema.Validate(json.ToJsonString()).ShouldBeEmpty();
            json["permission"]!.GetValue<string>().ShouldBe(outcome.Report!.Permission.ToString());
            json["actions"]!.AsArray().Count.ShouldBe(1 + PushAction.OnRepository.Count);
            json["caller"]!["account"]!.GetValue<string>().ShouldBe(account);
            json["repositorySide"].ShouldBeNull();
            var another = await scene.PreflightAsync(
                PreflightScene.Request() with
                {
                    Preflight = mode,
                    Principal = CallerIdentity.ForPrincipal($"arn:aws:iam::{account}:role/another"),
                }
            );
            var ofAnother = ReportJson.Describe(another);
            schema.Validate(ofAnother.ToJsonString()).ShouldBeEmpty();
            ofAnother["repositorySide"]!.GetValue<string>().ShouldBe($"{another.Report!.RepositorySide}");
        }
    }

    public static TheoryData<string, PreflightMode, string, bool, bool> RegistryPolicies()
    {
        const string DeniesPush = "\"Effect\":\"Deny\",\"Action\":\"ecr:PutImage\"";
        const string DeniesPull = "\"Effect\":\"Deny\",\"Action\":\"ecr:GetDownloadUrlForLayer\"";
        var data = new TheoryData<string, PreflightMode, string, bool, bool>();
        foreach (var mode in new[] { PreflightMode.Probe, PreflightMode.Policy })
        {
            data.Add(DeniesPush, mode, "ecr:*", true, true);
            data.Add(DeniesPull, mode, "ecr:*", true, false);
            // Without the repository policy, a Deny of the registry policy is certain all the same.
            data.Add(DeniesPush, mode, $"ecr:GetAuthorizationToken ecr:GetRegistryPolicy {PushActions}", true, true);
        }

        data.Add(DeniesPush, PreflightMode.Policy, $"ecr:GetAuthorizationToken {PushActions}", false, false);
        return data;
    }

    [Theory]
    [MemberData(nameof(RegistryPolicies))]
    public async Task The_registry_policy_is_read_where_it_may_be(
        string statement,
        PreflightMode mode,
        string identityActions,
        bool isRead,
        bool isDenied
    )
    {
        await using var scene = await PreflightScene.OpenAsync(
            account: PreflightScene.Owner,
            identityActions: identityActions,
            registryPolicy: $$"""{"Version":"2012-10-17","Statement":[{"Sid":"Guard",{{statement}},"Principal":"*","Resource":"*"}]}"""
        );

        var outcome = await scene.PreflightAsync(PreflightScene.Request() with { Preflight = mode });

        outcome.Succeeded.ShouldBe(!isDenied);
        outcome.Report!.NotLookedAt.Contains("registry policies").ShouldBe(!isRead);
        if (isDenied)
        {
            var error = outcome.Diagnostics.ShouldHaveSingleItem();
            error.Code.ShouldBe(EcrCode.GuardrailDenied);
            error.Message.ShouldContain("'Guard' of the registry policy denies ecr:PutImage");
            outcome.Fixes.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task The_registry_policy_of_another_account_is_not_asked_for()
    {
        await using var scene = await PreflightScene.OpenAsync();

        var outcome = await scene.PreflightAsync();

        outcome.Report!.NotLookedAt.ShouldContain("registry policies");
        scene.Emulator.Calls.ShouldNotContain(call => call.Action == "GetRegistryPolicy");
    }

    [Theory]
    [InlineData(PreflightScene.Owner, true)]
    [InlineData(PreflightScene.OtherAccount, false)]
    public async Task For_another_principal_it_is_read_in_the_own_registry(string account, bool isDenied)
    {
        await using var scene = await PreflightScene.OpenAsync(
            account: account,
            registryPolicy: """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ecr:PutImage","Principal":"*","Resource":"*"}]}""",
            repositoryPolicy: $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Principal":"*"}]}"""
        );

        var outcome = await scene.PreflightAsync(
            PreflightScene.Request() with
            {
                Principal = CallerIdentity.ForPrincipal($"arn:aws:iam::{account}:role/other"),
            }
        );

        outcome.Report!.Denied.Any().ShouldBe(isDenied);
        outcome.Report!.NotLookedAt.Contains("registry policies").ShouldBe(!isDenied);
    }

    [Theory]
    [InlineData(PreflightScene.OtherAccount, null, "*", "does not have it", "ECR2001")]
    [InlineData(PreflightScene.OtherAccount, "b", "*", "its value is b", "ECR2001")]
    [InlineData(PreflightScene.OtherAccount, "b", "NONE", "could not be read", "ECR2001")]
    [InlineData(PreflightScene.Owner, null, "*", "does not have it", "ECR2002")]
    [InlineData(PreflightScene.OtherAccount, "a", "*", null, null)]
    [InlineData(PreflightScene.Owner, "a", "*", null, null)]
    public async Task A_missing_tag_that_the_repository_policy_requires_is_named_and_its_rule_is_not_bypassed(
        string account,
        string? value,
        string readers,
        string? said,
        string? code
    )
    {
        var policy =
            $$"""
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Principal":"{{readers}}","Action":"ecr:ListTagsForResource"},
              {"Effect":"Allow","Principal":"*","Action":["ecr:GetRepositoryPolicy","ecr:DescribeRepositories"]},
              {"Sid":"ByTag","Effect":"Allow","Principal":{"AWS":["{{(
                account == PreflightScene.Owner ? $"arn:aws:iam::{account}:role/ci" : account
            )}}"]},"Action":"ecr:*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"} } }]}
            """.Replace(
                "\"NONE\"",
                "{\"AWS\":\"333333333333\"}"
            );
        await using var scene = await PreflightScene.OpenAsync(
            policy,
            account == PreflightScene.Owner ? "ecr:GetAuthorizationToken ecr:ListTagsForResource" : "ecr:*",
            account,
            tags: value is null ? null : new Dictionary<string, string> { ["team"] = value }
        );

        var outcome = await scene.PreflightAsync();

        outcome.Diagnostics.Select(error => error.Code.Id).ShouldBe(code is null ? [] : [code]);
        outcome.Fixes.ShouldBeEmpty();
        if (said is not null)
        {
            outcome
                .Diagnostics[0]
                .Details.ShouldContain(line =>
                    line.StartsWith("statement 'ByTag'") && line.Contains(" team ") && line.Contains(said)
                );
        }
    }

    [Fact]
    public async Task The_schema_accepts_nothing_else()
    {
        var schema = await JsonSchema.FromFileAsync(
            Path.Combine(AppContext.BaseDirectory, "preflight.schema.json"),
            TestContext.Current.CancellationToken
        );
        await using var scene = await PreflightScene.OpenAsync();
        var outcome = await scene.PreflightAsync();
        var json = ReportJson.Describe(outcome);

        json["permission"] = "Perhaps";

        schema.Validate(json.ToJsonString()).ShouldNotBeEmpty();
    }
}
