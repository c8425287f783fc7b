using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Pushes of tags that exist, by <c>EcrIfTagExists</c>.</summary>
public sealed class ExistingTagTests
{
    [Theory]
    [InlineData("IMMUTABLE", "", " 1.0.0 ")]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "latest dev-*", " 1.0.0: latest, dev-*.")]
    [InlineData("MUTABLE_WITH_EXCLUSION", "v* 1.*.*", " 1.*.* ")]
    public async Task A_tag_that_stays_where_it_is_fails_the_push_before_the_build_with_tag_digest_and_filters(
        string mutability,
        string filters,
        string reason
    )
    {
        await using var scene = await RulesScene.OpenAsync(mutability, Words(filters));
        var existing = await scene.PublishAsync("1.0.0");

        var outcome = await scene.PreflightAsync(RulesScene.Request("1.0.0", "2.0.0"));

        outcome.Succeeded.ShouldBeFalse();
        outcome.Skipped.ShouldBeNull();
        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.TagImmutable);
        error.Message.ShouldStartWith(
            $"The tag 1.0.0 of {RulesScene.Host}/hello-api exists ({existing.Pushed.Digest})"
        );
        error.Message.ShouldContain($"({mutability})");
        error.Details.ShouldContain(line => line.Contains(reason));
        // Who owns the repository made its versions immutable on purpose.
        error.ToString().ShouldNotContain("put-image-tag-mutability");
    }

    [Theory]
    [InlineData("IMMUTABLE", "", IfTagExists.Fail, true)]
    [InlineData("IMMUTABLE", "", IfTagExists.Skip, true)]
    [InlineData("MUTABLE_WITH_EXCLUSION", "1.*", IfTagExists.Fail, true)]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "1.*", IfTagExists.Fail, false)]
    [InlineData("MUTABLE", "", IfTagExists.Fail, false)]
    public async Task The_tag_of_an_archived_image_exists_and_cannot_be_moved_either(
        string mutability,
        string filters,
        IfTagExists rule,
        bool isInTheWay
    )
    {
        await using var scene = await RulesScene.OpenAsync(mutability, Words(filters));
        var archived = (await scene.PublishAsync("1.0.0")).Pushed.Digest;
        scene.Emulator.Archive(RulesScene.Account, RulesScene.Region, RulesScene.Repository, archived);

        var outcome = await scene.PreflightAsync(RulesScene.Request("1.0.0") with { IfTagExists = rule });

        outcome.Skipped.ShouldBeNull();
        outcome.Succeeded.ShouldBe(!isInTheWay);
        if (isInTheWay)
        {
            var error = outcome.Diagnostics.ShouldHaveSingleItem();
            error.Code.ShouldBe(EcrCode.ImageArchived);
            error.Message.ShouldContain(archived);
        }
    }

    [Theory]
    [InlineData("MUTABLE", "")]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "1.*")]
    [InlineData("MUTABLE_WITH_EXCLUSION", "2.*")]
    public async Task A_tag_that_may_be_moved_is_in_nobodys_way(string mutability, string filters)
    {
        await using var scene = await RulesScene.OpenAsync(mutability, Words(filters));
        await scene.PublishAsync("1.0.0");

        foreach (var rule in Enum.GetValues<IfTagExists>())
        {
            var request = RulesScene.Request("1.0.0") with { IfTagExists = rule };
            var preflight = await scene.PreflightAsync(request);
            var push = await scene.PushAsync(scene.Built(request));

            preflight.Diagnostics.ShouldBeEmpty();
            preflight.Skipped.ShouldBeNull();
            push.Diagnostics.ShouldBeEmpty();
            push.Result!.IsSkipped.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("MUTABLE", "")]
    [InlineData("IMMUTABLE", "")]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "latest")]
    [InlineData("MUTABLE_WITH_EXCLUSION", "1.*")]
    public async Task The_same_image_pushed_again_is_a_success_in_every_mode(string mutability, string filters)
    {
        await using var scene = await RulesScene.OpenAsync(mutability, Words(filters));
        var request = scene.Built(RulesScene.Request("1.0.0"));
        var first = await scene.PushAsync(request);

        var preflight = await scene.PreflightAsync(request);
        var again = await scene.PushAsync(request);

        preflight.Diagnostics.ShouldBeEmpty();
        again.Diagnostics.ShouldBeEmpty();
        again.Result!.Pushed.Digest.ShouldBe(first.Result!.Pushed.Digest);
        again.Result.Pushed.PushedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Skip_leaves_build_and_push_out_and_gives_the_results_of_what_is_there()
    {
        await using var scene = await RulesScene.OpenAsync("IMMUTABLE_WITH_EXCLUSION", "latest");
        var there = await scene.PublishAsync("1.0.0", "latest");
        var request = RulesScene.Request("1.0.0", "latest") with { IfTagExists = IfTagExists.Skip };
        scene.Emulator.ClearCalls();

        var preflight = await scene.PreflightAsync(request);
        var push = await scene.PushAsync(scene.Built(request));

        preflight.Succeeded.ShouldBeTrue();
        preflight.Diagnostics.ShouldBeEmpty();
        foreach (var skipped in new[] { preflight.Skipped!, push.Result! })
        {
            skipped.IsSkipped.ShouldBeTrue();
            skipped.Pushed.Digest.ShouldBe(there.Pushed.Digest);
            skipped.Pushed.Tags.ShouldBe(["1.0.0", "latest"]);
            skipped.Pushed.SizeInBytes.ShouldBe(there.Pushed.SizeInBytes);
            skipped.UriOf("1.0.0").ShouldBe(there.UriOf("1.0.0"));
            ReportJson.Describe(skipped)["skipped"]!.GetValue<bool>().ShouldBeTrue();
        }

        // Beside what the probe asks for.
        scene.Emulator.Calls.ShouldAllBe(call => call.Service != "v2");
        scene.CallsOf("PutImage").ShouldBe(1);
    }

    [Fact]
    public async Task Skip_fails_before_the_build_when_one_of_the_tags_is_not_there_rather_than_lose_it()
    {
        await using var scene = await RulesScene.OpenAsync("IMMUTABLE");
        await scene.PublishAsync("1.0.0");

        var outcome = await scene.PreflightAsync(
            RulesScene.Request("1.0.0", "abc123") with
            {
                IfTagExists = IfTagExists.Skip,
            }
        );

        outcome.Skipped.ShouldBeNull();
        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.TagImmutable);
        error.Message.ShouldContain("EcrIfTagExists=Skip");
        error.Message.ShouldContain(" abc123 ");
    }

    [Fact]
    public async Task A_version_that_a_target_may_still_change_leaves_no_build_out()
    {
        await using var scene = await RulesScene.OpenAsync("IMMUTABLE");
        await scene.PublishAsync("1.0.0");

        var outcome = await scene.PreflightAsync(
            RulesScene.Request("1.0.0") with
            {
                IfTagExists = IfTagExists.Skip,
                TagsMayChange = true,
            }
        );

        outcome.Succeeded.ShouldBeTrue();
        outcome.Skipped.ShouldBeNull();
    }

    [Fact]
    public async Task Who_may_not_see_the_settings_of_the_repository_is_told_by_the_push()
    {
        await using var scene = await RulesScene.OpenAsync(
            new Emulator.Configuration.EmulatedRegistry(RulesScene.Region)
            {
                Repositories = [new(RulesScene.Repository) { ImageTagMutability = "IMMUTABLE" }],
            },
            denied: "ecr:DescribeRepositories"
        );
        await scene.PublishAsync("1.0.0");
        var request = RulesScene.Request("1.0.0");

        var preflight = await scene.PreflightAsync(request);
        var push = await scene.PushAsync(scene.Built(request));

        preflight.Succeeded.ShouldBeTrue();
        push.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.TagImmutable);
    }

    [Fact]
    public async Task Skip_is_a_success_also_for_who_may_push_and_no_more_unless_a_tag_would_be_lost()
    {
        await using var scene = await RulesScene.OpenAsync(
            new Emulator.Configuration.EmulatedRegistry(RulesScene.Region)
            {
                Repositories = [new(RulesScene.Repository) { ImageTagMutability = "IMMUTABLE" }],
            },
            denied: "ecr:DescribeRepositories"
        );
        var there = await scene.PublishAsync("1.0.0");
        var request = RulesScene.Request("1.0.0") with { IfTagExists = IfTagExists.Skip };

        var push = await scene.PushAsync(scene.Built(request));
        var other = await scene.PushAsync(scene.Built(request with { Tags = ["1.0.0", "abc123"] }));

        push.Diagnostics.ShouldBeEmpty();
        push.Result!.IsSkipped.ShouldBeTrue();
        push.Result.Pushed.Digest.ShouldBe(there.Pushed.Digest);
        push.Result.Caller.Arn.ShouldBe(there.Caller.Arn);
        other.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.TagImmutable);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
