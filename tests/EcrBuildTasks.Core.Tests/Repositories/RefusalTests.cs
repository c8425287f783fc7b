using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>What ECR refuses by its own rules: quotas, keys, archived images.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(
        "The repository with name 'hello-api' in registry with id '444455556666' already has the maximum allowed number of images which is '10000'",
        "EcrRepositoryLifecyclePolicy"
    )]
    [InlineData(
        "The image with digest 'sha256:1' already has the maximum allowed number of tags per image which is '1000'",
        "tags"
    )]
    public async Task A_quota_over_the_registry_protocol_says_which_and_what_to_do(string sentence, string words)
    {
        await using var scene = await RulesScene.OpenAsync("MUTABLE");
        scene.Emulator.Faults.Add(
            new RefusalFault(FaultStep.PutManifestByTag, 403) { Code = "DENIED", Message = sentence }
        );

        var error = (
            await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")))
        ).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.QuotaExceeded);
        error.Message.ShouldContain($"{sentence}.");
        error.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("LimitExceededException", "The maximum allowed number of repositories is reached", "ECR3003")]
    [InlineData("KmsException", "The key arn:aws:kms:eu-west-1:444455556666:key/k is disabled", "ECR3009")]
    public async Task A_repository_that_cannot_be_created_says_which_rule_is_in_the_way(
        string answer,
        string message,
        string code
    )
    {
        await using var scene = await RulesScene.OpenAsync(new EmulatedRegistry(RulesScene.Region));
        scene.Emulator.Faults.Add(new RefusalFault("CreateRepository", 400) { Code = answer, Message = message });

        var error = (
            await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")) with { CreateRepository = true })
        ).Diagnostics.ShouldHaveSingleItem();

        error.Code.Id.ShouldBe(code);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_key_that_KMS_refuses_during_a_push_is_named()
    {
        await using var scene = await RulesScene.OpenAsync("MUTABLE");
        scene.Emulator.Faults.Add(
            new RefusalFault(FaultStep.StartUpload, 403)
            {
                Code = "DENIED",
                Message = "KmsException: The grant for the KMS key was not found",
            }
        );

        var error = (
            await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")))
        ).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.KmsRefused);
        error.Details[0].ShouldContain("kms:CreateGrant");
    }

    [Theory]
    [InlineData("The image tag '1.0.0' already exists and cannot be overwritten because the repository is immutable.")]
    [InlineData("The image tag cannot be overwritten because the tag is immutable.")]
    public async Task A_tag_of_an_archived_image_is_recognized_by_the_request_whatever_the_refusal_says(string sentence)
    {
        await using var scene = await RulesScene.OpenAsync("IMMUTABLE");
        var archived = (await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")))).Result!.Pushed.Digest;
        scene.Emulator.Archive(RulesScene.Account, RulesScene.Region, RulesScene.Repository, archived);
        scene.Emulator.Faults.Add(
            new RefusalFault(FaultStep.PutManifestByTag, 400) { Code = "TAG_INVALID", Message = sentence }
        );

        var error = (
            await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")))
        ).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.ImageArchived);
        error.Message.ShouldContain(archived);
    }

    [Fact]
    public async Task A_tag_of_an_archived_image_is_told_with_the_command_that_restores_it()
    {
        await using var scene = await RulesScene.OpenAsync("IMMUTABLE");
        var same = scene.Built(RulesScene.Request("1.0.0"));
        var archived = (await scene.PushAsync(same)).Result!.Pushed.Digest;
        scene.Emulator.Archive(RulesScene.Account, RulesScene.Region, RulesScene.Repository, archived);

        var preflight = await scene.PreflightAsync(RulesScene.Request("1.0.0"));
        var other = await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0")));
        var again = await scene.PushAsync(same);

        preflight.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.ImageArchived);
        var error = other.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.ImageArchived);
        error.Message.ShouldContain($"1.0.0 of {RulesScene.Host}/hello-api ");
        error.Message.ShouldContain(archived);
        error.Details[1].ShouldContain("update-image-storage-class");
        again.Diagnostics.ShouldBeEmpty();
        again.Result!.Pushed.Digest.ShouldBe(archived);
    }
}
