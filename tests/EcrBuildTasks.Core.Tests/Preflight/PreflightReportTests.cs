using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Reporting;
using NJsonSchema;

namespace EcrBuildTasks.Core.Tests.Preflight;

public sealed class PreflightReportTests
{
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
