using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>A base image in Amazon ECR, before anything is built.</summary>
public sealed class BaseImageTests
{
    private const string Caller = "111122223333";
    private const string Base = $"{RulesScene.Host}/base/aspnet:10.0";

    [Theory]
    [InlineData(null, "ecr:GetDownloadUrlForLayer")]
    [InlineData("\"ecr:GetDownloadUrlForLayer\"", "ecr:BatchGetImage")]
    [InlineData("\"ecr:BatchGetImage\"", "ecr:GetDownloadUrlForLayer")]
    [InlineData("\"ecr:GetDownloadUrlForLayer\",\"ecr:BatchGetImage\"", null)]
    public async Task A_caller_who_may_not_pull_it_is_told_the_statement(string? allowed, string? denied)
    {
        await using var scene = await OpenAsync(allowed);

        var outcome = await scene.PreflightAsync(RulesScene.Request("1.0.0") with { BaseImage = Base });

        outcome.Succeeded.ShouldBeTrue();
        if (denied is null)
        {
            outcome.Diagnostics.ShouldBeEmpty();
            return;
        }

        var warning = outcome.Diagnostics.ShouldHaveSingleItem();
        (warning.Code, warning.Severity).ShouldBe((EcrCode.BaseImageUnreadable, DiagnosticSeverity.Warning));
        warning.Message.ShouldContain($"is not authorized to perform: {denied} on resource");
        var statement = string.Concat(warning.Details);
        statement.ShouldContain($"{Caller}:");
        statement.ShouldContain("ecr:GetDownloadUrlForLayer");
        statement.ShouldContain("ecr:BatchGetImage");
        statement.ShouldNotContain("ecr:PutImage");
        // Without it, the command would allow the push.
        statement.ShouldContain(" --for pull --apply");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0")]
    [InlineData("public.ecr.aws/docker/library/debian:13")]
    [InlineData("aspnet")]
    [InlineData($"{RulesScene.Host}/")]
    [InlineData("444455556666.dkr.ecr.eu-west-1.amazonaws.com:99999/base")]
    [InlineData("%(")]
    public async Task Any_other_is_not_asked_for(string? image)
    {
        await using var scene = await OpenAsync(null);

        var outcome = await scene.PreflightAsync(RulesScene.Request("1.0.0") with { BaseImage = image });

        outcome.Diagnostics.ShouldBeEmpty();
        scene.CallsOf("GetDownloadUrlForLayer").ShouldBe(0);
    }

    [Fact]
    public async Task One_whose_repository_does_not_exist_is_not_asked_for_an_image()
    {
        await using var scene = await OpenAsync(null, RulesScene.Account);

        var outcome = await scene.PreflightAsync(
            RulesScene.Request("1.0.0") with
            {
                BaseImage = $"{RulesScene.Host}/missing:1",
            }
        );

        outcome.Diagnostics.ShouldBeEmpty();
        scene.Emulator.Calls.Count(call => call is { Action: "BatchGetImage", Status: 400 }).ShouldBe(0);
    }

    private static Task<RulesScene> OpenAsync(string? allowed, string caller = Caller) =>
        RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region)
            {
                Repositories =
                [
                    new(RulesScene.Repository) { Policy = Allow("\"ecr:*\"") },
                    new("base/aspnet") { Policy = allowed is null ? null : Allow(allowed) },
                ],
            },
            caller: caller
        );

    private static string Allow(string actions) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{Caller}}"},"Action":[{{actions}}]}]}""";
}
