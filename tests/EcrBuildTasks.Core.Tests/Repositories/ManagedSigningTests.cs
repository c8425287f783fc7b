using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Reporting;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Registries that sign images with the identity of the caller who pushes.</summary>
public sealed class ManagedSigningTests
{
    private const string Profile = $"arn:aws:signer:{RulesScene.Region}:{RulesScene.Account}:/signing-profiles/builds";
    private const string Unrelated = "ecr:DeleteRepository";

    [Fact]
    public async Task A_caller_without_the_permission_is_told_the_statement_before_the_push_and_the_reason_after()
    {
        await using var scene = await OpenAsync("signer:SignPayload", "hello-*");
        var request = RulesScene.Request("1.0.0");

        var preflight = await scene.PreflightAsync(request);
        var push = await scene.PushAsync(scene.Built(request));

        preflight.Succeeded.ShouldBeTrue();
        preflight.Diagnostics.ShouldBeEmpty();
        var signing = ReportJson.Describe(preflight)["signing"]!.AsArray().ShouldHaveSingleItem()!;
        signing["profile"]!.GetValue<string>().ShouldBe(Profile);
        signing["filters"]!.ToJsonString().ShouldBe("""["hello-*"]""");
        signing["statement"]!["Action"]!.ToJsonString().ShouldBe("""["signer:SignPayload"]""");
        signing["statement"]!["Resource"]!.GetValue<string>().ShouldBe(Profile);
        PreflightLines.Limits(preflight).ShouldContain(line => line.Contains(Profile) && line.Contains("hello-*"));
        push.Result.ShouldNotBeNull();
        var warning = push.Diagnostics.ShouldHaveSingleItem();
        (warning.Code, warning.Severity).ShouldBe((EcrCode.SigningFailed, DiagnosticSeverity.Warning));
        warning.Message.ShouldContain(push.Result.Pushed.Digest);
        warning.Message.ShouldContain($"is not authorized to perform: signer:SignPayload on resource: {Profile}");
        string.Concat(warning.Details).ShouldContain("AllowSigningWithBuilds", Case.Sensitive);
    }

    [Theory]
    [InlineData(Unrelated, "hello-*", 1)]
    [InlineData(Unrelated, "other-*", 0)]
    [InlineData(Unrelated, null, 0)]
    [InlineData("signer:SignPayload ecr:GetSigningConfiguration", "hello-*", 0)]
    [InlineData("signer:SignPayload ecr:DescribeImageSigningStatus", "hello-*", 1)]
    public async Task Only_where_a_rule_applies_the_signature_is_looked_at_and_nothing_is_said_of_what_cannot_be_read(
        string denied,
        string? filter,
        int looks
    )
    {
        await using var scene = await OpenAsync(denied, filter);
        var request = RulesScene.Request("1.0.0");

        var preflight = await scene.PreflightAsync(request);
        var push = await scene.PushAsync(scene.Built(request));

        preflight.Diagnostics.ShouldBeEmpty();
        ReportJson.Describe(preflight)["signing"]!.AsArray().Count.ShouldBe(looks);
        push.Diagnostics.ShouldBeEmpty();
        scene.CallsOf("DescribeImageSigningStatus").ShouldBe(looks);
    }

    [Fact]
    public async Task A_registry_of_another_account_is_asked_for_the_signature_but_not_for_its_rules()
    {
        const string Caller = "111122223333";
        await using var scene = await OpenAsync("signer:SignPayload", "hello-*", Caller);
        var request = RulesScene.Request("1.0.0");

        var preflight = await scene.PreflightAsync(request);
        var push = await scene.PushAsync(scene.Built(request));

        ReportJson.Describe(preflight)["signing"]!.AsArray().ShouldBeEmpty();
        push.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.SigningFailed);
        scene.CallsOf("GetSigningConfiguration").ShouldBe(0);
    }

    private static Task<RulesScene> OpenAsync(string denied, string? filter, string caller = RulesScene.Account) =>
        RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region)
            {
                Repositories =
                [
                    new(RulesScene.Repository)
                    {
                        Policy =
                            caller == RulesScene.Account
                                ? null
                                : $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{caller}}"},"Action":"ecr:*"}]}""",
                    },
                ],
                SigningRules = filter is null ? [] : [new(Profile) { RepositoryFilters = [filter] }],
            },
            denied,
            caller
        );
}
