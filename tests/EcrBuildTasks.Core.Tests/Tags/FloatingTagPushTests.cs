using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Push.Registry;
using EcrBuildTasks.Core.Tests.Repositories;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>Pushes of versions with <c>EcrFloatingTags</c>.</summary>
public sealed class FloatingTagPushTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_moves_its_floating_tags_and_the_result_lists_them()
    {
        await using var scene = await TaggingScene.OpenAsync();
        await scene.PublishAsync("1.4.1");

        var result = await scene.PublishAsync("1.4.2");

        result.Pushed.Tags.ShouldBe(["1.4.2", "1.4", "1", "latest"]);
        result.FloatingTags.ShouldAllBe(move => move.IsMoved);
        foreach (var floating in result.Pushed.Tags)
        {
            (await scene.VersionOfAsync(floating)).ShouldBe("1.4.2");
        }

        PushLines.FloatingTags(result).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lower_version_moves_its_own_range_and_leaves_the_others_alone_with_the_reason()
    {
        await using var scene = await TaggingScene.OpenAsync();
        await scene.PublishAsync("1.3.8");
        await scene.PublishAsync("1.4.2");

        var result = await scene.PublishAsync("1.3.9");

        (await scene.VersionOfAsync("1.3")).ShouldBe("1.3.9");
        (await scene.VersionOfAsync("1.4")).ShouldBe("1.4.2");
        (await scene.VersionOfAsync("1")).ShouldBe("1.4.2");
        (await scene.VersionOfAsync("latest")).ShouldBe("1.4.2");
        result.Pushed.Tags.ShouldBe(["1.3.9", "1.3"]);
        PushLines.FloatingTags(result).ShouldBe(["Not moved, because 1.4.2 is higher: 1, latest"]);
        ReportJson.Describe(result)["floatingTags"]!
            .ToJsonString()
            .ShouldBe(
                """[{"tag":"1.3","moved":true,"heldBy":null},{"tag":"1","moved":false,"heldBy":"1.4.2"},{"tag":"latest","moved":false,"heldBy":"1.4.2"}]"""
            );
    }

    [Fact]
    public async Task The_version_of_an_archived_image_holds_its_floating_tags()
    {
        await using var scene = await TaggingScene.OpenAsync();
        var archived = (await scene.PublishAsync("2.0.0")).Pushed.Digest;
        await scene.PublishAsync("1.9.8");
        scene.Emulator.Archive(RulesScene.Account, RulesScene.Region, RulesScene.Repository, archived);

        var result = await scene.PublishAsync("1.9.9");

        result.Pushed.Tags.ShouldBe(["1.9.9", "1.9", "1"]);
        result.FloatingTags[^1].HeldBy.ShouldBe("2.0.0");
    }

    [Fact]
    public async Task A_prerelease_moves_nothing_and_holds_nothing_back()
    {
        await using var scene = await TaggingScene.OpenAsync();

        (await scene.PublishAsync("2.0.0-rc.1")).Pushed.Tags.ShouldBe(["2.0.0-rc.1"]);
        await scene.PublishAsync("1.4.2");

        (await scene.VersionOfAsync("latest")).ShouldBe("1.4.2");
    }

    [Fact]
    public async Task The_version_is_sought_among_thousands_of_tags_and_odd_ones_are_ignored()
    {
        await using var scene = await TaggingScene.OpenAsync();
        var (old, odd) = ((await scene.PublishAsync("1.2.3")).Pushed.Digest, new List<string>());
        for (var i = 0; i < 700; i++)
        {
            odd.AddRange([$"0.{i}.0", $"v9.9.{i}", $"9.9.{i}-rc.1", $"{i:x40}"]);
        }

        odd.AddRange(["9", "9.9", "nightly", "9.9.9.9.9", "99999999999.0.0", "9.9.9-", "9.9.9__x"]);
        var tags = scene.Tags;
        await Parallel.ForEachAsync(odd, Cancellation, async (tag, stop) => await tags.PointAsync(tag, old, stop));
        scene.TakeCalls();

        await scene.PublishAsync("1.2.4");

        scene.TakeCalls()["ListImages"].ShouldBe(2 * 3);
        (await scene.Tags.ListAsync(Cancellation))["latest"].ShouldNotBe(old);
        // It sorts after all others, on the last page.
        await tags.PointAsync("999.0.0", old, Cancellation);

        (await scene.PublishAsync("1.2.5")).FloatingTags[^1].HeldBy.ShouldBe("999.0.0");
    }

    [Fact]
    public async Task Floating_tags_cost_few_requests_and_without_them_there_is_none_more()
    {
        await using var scene = await TaggingScene.OpenAsync();
        var request = scene.Request("1.4.2");
        await scene.PreflightAsync(request with { FloatingTags = false });
        var preflight = scene.TakeCalls();
        await scene.PushAsync(request with { FloatingTags = false });
        var push = scene.TakeCalls();

        await scene.PreflightAsync(request);
        var floatingPreflight = scene.TakeCalls();
        await scene.PushAsync(request);
        var floatingPush = scene.TakeCalls();
        await scene.PushAsync(request);
        var again = scene.TakeCalls();

        preflight.ShouldNotContainKey("ListImages");
        push.Keys.ShouldBe(["GetAuthorizationToken", "GetSigningConfiguration"], ignoreOrder: true);
        More(floatingPreflight, preflight).ShouldBe(["ListImages 1"]);
        More(floatingPush, push).ShouldBe(["BatchGetImage 1", "ListImages 2", "PutImage 3"]);
        More(again, push).ShouldBe(["ListImages 1"]);
    }

    [Fact]
    public async Task A_caller_that_may_not_list_the_tags_gets_the_statement_before_the_build()
    {
        await using var scene = await TaggingScene.OpenAsync(denied: "ecr:ListImages");

        var outcome = await scene.PreflightAsync(scene.Request("1.4.2"));

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.IdentityPolicySilent);
        error.Message.ShouldEndWith(" ecr:ListImages.");
        error.Details.ShouldContain(line => line.Contains("ecr:ListImages"));
        outcome.Fixes[0].ToJson().ShouldContain("\"ecr:ListImages\"");
        // What moves no tag needs no list, nor does what is not known yet.
        (await scene.PreflightAsync(scene.Request("1.4.2") with { FloatingTags = false })).Diagnostics.ShouldBeEmpty();
        (await scene.PreflightAsync(scene.Request("1.5.0-rc.1"))).Diagnostics.ShouldBeEmpty();
        (await scene.PreflightAsync(scene.Request())).Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_preflight_who_may_not_list_the_tags_pushes_the_version_and_no_floating_tag()
    {
        await using var scene = await TaggingScene.OpenAsync(denied: "ecr:ListImages");

        var outcome = await scene.PushAsync("1.4.2");

        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.IdentityPolicySilent);
        outcome.Result!.Pushed.Tags.ShouldBe(["1.4.2"]);
        (await scene.Tags.ListAsync(Cancellation)).Keys.ShouldBe(["1.4.2"]);
    }

    [Theory]
    [InlineData("IMMUTABLE", "", "1.4.3", "tags 1.4, 1, latest", "'filterType=WILDCARD,filter=latest'")]
    [InlineData(
        "IMMUTABLE_WITH_EXCLUSION",
        "latest",
        "1.4.3",
        "tags 1.4, 1",
        "'filterType=WILDCARD,filter=latest' 'filterType=WILDCARD,filter=1.4' 'filterType=WILDCARD,filter=1'"
    )]
    [InlineData("MUTABLE_WITH_EXCLUSION", "lat*", "1.4.3", "tag latest", "1.*.*")]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "a b c d latest", "1.4.3", "tags 1.4, 1", "1.*.*")]
    public async Task A_floating_tag_that_may_not_move_is_an_error_before_the_build_with_the_filters_that_let_it(
        string mutability,
        string filters,
        string version,
        string stuck,
        string remedy
    )
    {
        await using var scene = await TaggingScene.OpenAsync(
            mutability,
            filters.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        await scene.PublishAsync("1.4.2");

        var error = (await scene.PreflightAsync(scene.Request(version))).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.TagImmutable);
        error.Message.ShouldContain($" {stuck} of ");
        error.Message.ShouldContain($"({mutability})");
        error.Message.Contains("(lat*)").ShouldBe(mutability.StartsWith('M'));
        error.Details.ShouldContain(line => line.Contains(remedy));
    }

    [Theory]
    [InlineData("IMMUTABLE", "", "1.3.9")]
    [InlineData("IMMUTABLE", "", "1.5.0-rc.1")]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "latest 1 1.4", "1.4.3")]
    [InlineData("MUTABLE_WITH_EXCLUSION", "1.*.*", "1.4.3")]
    public async Task A_push_that_moves_no_immutable_tag_is_let_through_and_works(
        string mutability,
        string filters,
        string version
    )
    {
        await using var scene = await TaggingScene.OpenAsync(
            mutability,
            filters.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        await scene.PublishAsync("1.4.2");

        (await scene.PreflightAsync(scene.Request(version))).Diagnostics.ShouldBeEmpty();
        await scene.PublishAsync(version);
    }

    [Fact]
    public async Task Without_a_preflight_a_tag_that_may_not_move_is_an_error_after_the_version_is_pushed()
    {
        await using var scene = await TaggingScene.OpenAsync("IMMUTABLE_WITH_EXCLUSION", ["1*"]);
        await scene.PublishAsync("1.4.2");

        var outcome = await scene.PushAsync("1.4.3");

        var error = outcome.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe(EcrCode.TagImmutable);
        error.Message.ShouldContain(" latest of ");
        outcome.Result!.Pushed.Tags.ShouldBe(["1.4.3"]);
        (await scene.VersionOfAsync("1")).ShouldBe("1.4.3");
    }

    [Fact]
    public async Task A_repository_that_is_created_for_floating_tags_lets_them_move()
    {
        await using var scene = await TaggingScene.OpenAsync(exists: false);
        foreach (var version in (string[])["1.4.2", "1.4.3"])
        {
            var request = scene.Request(version) with { CreateRepository = true };
            (await scene.PreflightAsync(request)).Diagnostics.ShouldBeEmpty();
            (await scene.PushAsync(request)).Diagnostics.ShouldBeEmpty();
        }

        (await scene.VersionOfAsync("latest")).ShouldBe("1.4.3");
    }

    [Fact]
    public async Task Tags_of_commit_and_branch_are_pushed_beside_the_version()
    {
        await using var scene = await TaggingScene.OpenAsync();

        var outcome = await scene.PushAsync(scene.Request("1.4.2") with { SourceTags = ["0a1b2c3d", "feature-x"] });

        outcome.Result!.Pushed.Tags.ShouldBe(["1.4.2", "0a1b2c3d", "feature-x", "1.4", "1", "latest"]);
    }

    [Fact]
    public async Task Public_registries_refuse_floating_tags_before_the_build()
    {
        await using var scene = await TaggingScene.OpenAsync();

        var error = (
            await scene.PreflightAsync(scene.Request("1.4.2") with { Registry = "public.ecr.aws/alias" })
        ).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.PropertyValueInvalid);
        error.Message.ShouldContain(" public.ecr.aws/alias");
    }

    [Fact]
    public async Task An_index_of_several_architectures_stays_what_it_is_under_a_further_tag()
    {
        await using var registry = await RegistryScene.OpenAsync();
        using var image = TestImage.Index(new MemoryBlob(TestImage.Random(1000)));
        await registry.PushAsync(image, ["1.4.2"]);
        using var ecr = new EcrClient(
            new BasicAWSCredentials("AKIAOWNER", "owner-secret"),
            new() { ServiceURL = registry.Emulator.Endpoint.ToString(), AuthenticationRegion = "eu-west-1" }
        );

        await new RepositoryTags(ecr, registryId: null, RegistryScene.Repository).PointAsync(
            "latest",
            image.Root.Digest,
            Cancellation
        );

        (await registry.DigestOfAsync("latest")).ShouldBe(image.Root.Digest);
    }

    [Fact]
    public async Task Floating_tags_of_no_version_are_told_before_the_build()
    {
        await using var scene = await TaggingScene.OpenAsync();

        var error = (await scene.PreflightAsync(scene.Request("v1.4.2"))).Diagnostics.ShouldHaveSingleItem();

        error.Code.ShouldBe(EcrCode.TagInvalid);
        error.Message.ShouldEndWith("Write 1.4.2.");
        // A version that a target sets later is not known then.
        (await scene.PreflightAsync(scene.Request())).Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_build_that_writes_last_puts_the_higher_version_back()
    {
        await using var scene = await TaggingScene.OpenAsync();
        await scene.PublishAsync("1.4.2");
        scene.TakeCalls();
        var late = new DelayFault("PutImage", TimeSpan.FromSeconds(1)) { Times = 3 };
        scene.Emulator.Faults.Add(late);

        var lower = scene.PublishAsync("1.4.3");
        while (scene.Emulator.Faults.StrikesOf(late) < 3)
        {
            await Task.Delay(5, Cancellation);
        }

        await scene.PublishAsync("1.4.4");
        (await scene.VersionOfAsync("latest")).ShouldBe("1.4.4");
        var overtaken = await lower;

        // Three tags moved by each, and three put back.
        scene.TakeCalls()["PutImage"].ShouldBe(9);
        overtaken.Pushed.Tags.ShouldBe(["1.4.3"]);
        PushLines.FloatingTags(overtaken).ShouldBe(["Not moved, because 1.4.4 is higher: 1.4, 1, latest"]);
        foreach (var floating in (string[])["1.4", "1", "latest"])
        {
            (await scene.VersionOfAsync(floating)).ShouldBe("1.4.4");
        }
    }

    [Fact]
    public async Task A_build_that_is_cancelled_while_it_moves_tags_still_puts_the_higher_version_back()
    {
        await using var scene = await TaggingScene.OpenAsync();
        var late = new DelayFault("PutImage", TimeSpan.FromSeconds(1)) { Times = 3 };
        scene.Emulator.Faults.Add(late);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var lower = scene.PushAsync(scene.Request("1.4.3"), stop.Token);
        while (scene.Emulator.Faults.StrikesOf(late) < 3)
        {
            await Task.Delay(5, Cancellation);
        }

        await scene.PublishAsync("1.4.4");
        await stop.CancelAsync();
        await lower;

        (await scene.VersionOfAsync("latest")).ShouldBe("1.4.4");
    }

    [Fact]
    public async Task Of_builds_that_push_at_once_the_highest_version_has_the_floating_tags_in_the_end()
    {
        await using var scene = await TaggingScene.OpenAsync();
        string[] versions = ["1.4.3", "1.4.4", "1.5.0", "1.5.1-rc.1", "1.4.10", "1.3.99"];

        await Task.WhenAll(versions.Select(version => Task.Run(() => scene.PublishAsync(version), Cancellation)));

        (await scene.VersionOfAsync("1.3")).ShouldBe("1.3.99");
        (await scene.VersionOfAsync("1.4")).ShouldBe("1.4.10");
        (await scene.VersionOfAsync("1.5")).ShouldBe("1.5.0");
        (await scene.VersionOfAsync("1")).ShouldBe("1.5.0");
        (await scene.VersionOfAsync("latest")).ShouldBe("1.5.0");
    }

    private static IEnumerable<string> More(Dictionary<string, int> calls, Dictionary<string, int> than) =>
        calls
            .Select(call => (call.Key, More: call.Value - than.GetValueOrDefault(call.Key)))
            .Where(call => call.More != 0)
            .OrderBy(call => call.Key, StringComparer.Ordinal)
            .Select(call => $"{call.Key} {call.More}");
}
