using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Asking beforehand creates no repository, whatever rules the registry has and whoever may see them.</summary>
public sealed class NothingCreatedTests
{
    private const string Other = "111122223333";
    private const string Missing = "team/new";
    private const string Nothing = "ecr:DeleteRepository";

    private static readonly string[] ThatMayCreate =
    [
        "BatchGetImage",
        "InitiateLayerUpload",
        "UploadLayerPart",
        "CompleteLayerUpload",
        "PutImage",
    ];

    /// <summary>Callers of either account that may do everything, only push, only look, or nothing but get a token.</summary>
    public static TheoryData<string, string, bool> Callers()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var createsBeforeDenial in new[] { false, true })
        {
            foreach (
                var denied in new[]
                {
                    Nothing,
                    "ecr:Describe* ecr:GetRepositoryPolicy",
                    "ecr:Describe* ecr:GetRepositoryPolicy ecr:BatchCheckLayerAvailability",
                    "ecr:InitiateLayerUpload ecr:BatchGetImage",
                    "ecr:CreateRepository ecr:BatchImportUpstreamImage",
                    "ecr:Batch* ecr:Describe* ecr:GetRepositoryPolicy ecr:*Upload* ecr:PutImage ecr:ListImages",
                }
            )
            {
                data.Add(RulesScene.Account, denied, createsBeforeDenial);
                data.Add(Other, denied, createsBeforeDenial);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task No_preflight_creates_a_repository(string caller, string denied, bool createsBeforeDenial)
    {
        await using var scene = await OpenAsync(denied, caller, createsBeforeDenial);
        var plain = RulesScene.Request("1.0.0") with { Repository = Missing };

        foreach (
            var request in new[]
            {
                plain,
                plain with
                {
                    Preflight = PreflightMode.Policy,
                },
                plain with
                {
                    CreateRepository = true,
                },
                plain with
                {
                    IfTagExists = IfTagExists.Skip,
                    FloatingTags = true,
                },
            }
        )
        {
            await scene.PreflightAsync(request);
            // As `dotnet ecr check --skip-if-exists` asks.
            await scene.Pipeline().FindExistingAsync(request, TestContext.Current.CancellationToken);
        }

        ThatMayCreate.ShouldAllBe(action => scene.CallsOf(action) == 0);
        (await scene.IsThereAsync(Missing)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ecr:DescribeRepositories", true)]
    [InlineData("ecr:GetRepositoryPolicy", true)]
    [InlineData("ecr:BatchCheckLayerAvailability", true)]
    [InlineData("ecr:ListImages", true)]
    [InlineData("ecr:BatchGetImage", false)]
    [InlineData("ecr:PutImage", false)]
    [InlineData("ecr:InitiateLayerUpload", false)]
    public async Task Any_answer_that_presupposes_the_repository_lets_the_others_be_asked(string allowed, bool isAsked)
    {
        string[] all =
        [
            "ecr:DescribeRepositories",
            "ecr:GetRepositoryPolicy",
            "ecr:ListImages",
            .. PushAction.OnRepository,
        ];
        await using var scene = await OpenAsync(string.Join(' ', all.Where(action => action != allowed)));

        var report = (
            await scene.PreflightAsync(RulesScene.Request("1.0.0") with { FloatingTags = true })
        ).Report.ShouldNotBeNull();

        report.Permission.ShouldBe(Permission.Denied);
        report.Repository.Repository.ShouldBe(isAsked ? Presence.Present : Presence.NotSeen);
        ThatMayCreate.ShouldAllBe(action => scene.CallsOf(action) > 0 == isAsked);
        report
            .Actions.Where(verdict => verdict.RawAnswer is null)
            .Select(verdict => verdict.Action)
            .ShouldBe(isAsked ? [] : PushAction.OnRepository.Skip(1));
    }

    [Theory]
    [InlineData(RulesScene.Account, "ECR2002", PolicyKind.Identity)]
    [InlineData(Other, "ECR2001", PolicyKind.Repository)]
    public async Task Who_sees_nothing_of_the_repository_is_told_that_it_may_be_missing_before_the_policy(
        string caller,
        string code,
        PolicyKind policy
    )
    {
        var denied = caller == Other ? Nothing : "ecr:Batch* ecr:Describe* ecr:GetRepositoryPolicy";
        await using var scene = await OpenAsync(denied, caller);

        var missing = await scene.PreflightAsync(RulesScene.Request("1.0.0") with { Repository = Missing });
        var existing = await scene.PreflightAsync(RulesScene.Request("1.0.0"));

        foreach (var outcome in new[] { missing, existing })
        {
            var error = outcome.Diagnostics.ShouldHaveSingleItem();
            error.Code.Id.ShouldBe(code);
            var text = error.ToString();
            var command = text.IndexOf(
                $"dotnet ecr repository list --region {RulesScene.Region}",
                StringComparison.Ordinal
            );
            command.ShouldBePositive();
            command.ShouldBeLessThan(text.IndexOf("AllowPush", StringComparison.Ordinal));
            outcome.Report!.Permission.ShouldBe(Permission.Denied);
            var fix = outcome.Fixes[0];
            fix.Policy.ShouldBe(policy);
            fix.Statement.Action.Patterns.ShouldBe(PushAction.OnRepository);
        }
    }

    [Fact]
    public async Task What_is_neither_denied_nor_allowed_fails_no_build()
    {
        await using var scene = await OpenAsync("ecr:Describe* ecr:GetRepositoryPolicy");
        scene.Emulator.Faults.Add(
            new RefusalFault("BatchCheckLayerAvailability", 400) { Code = "ServerException", Times = 100 }
        );

        var outcome = await scene.PreflightAsync(RulesScene.Request("1.0.0"));

        outcome.Succeeded.ShouldBeTrue();
        outcome.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.Undecided);
        ThatMayCreate.ShouldAllBe(action => scene.CallsOf(action) == 0);
    }

    [Fact]
    public async Task A_denied_push_is_explained_without_asking_for_what_it_did_not_come_to()
    {
        await using var scene = await OpenAsync(Nothing, Other, createsBeforeDenial: false);

        var push = await scene.PushAsync(scene.Built(RulesScene.Request("1.0.0") with { Repository = Missing }));

        push.Result.ShouldBeNull();
        push.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.RepositoryPolicySilent);
        push.Fixes.ShouldHaveSingleItem().Statement.Action.Patterns.ShouldBe(PushAction.OnRepository);
        string[] notReached = ["UploadLayerPart", "CompleteLayerUpload", "PutImage"];
        notReached.ShouldAllBe(action => scene.CallsOf(action) == 0);
        (await scene.IsThereAsync(Missing)).ShouldBeFalse();
    }

    private static Task<RulesScene> OpenAsync(
        string denied,
        string caller = RulesScene.Account,
        bool createsBeforeDenial = true
    ) =>
        RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region)
            {
                Repositories = [new(RulesScene.Repository)],
                CreationTemplates = [new("ROOT")],
                PullThroughCacheRules = [new("team", "quay.io")],
                CreatesBeforeDenial = createsBeforeDenial,
            },
            denied,
            caller
        );
}
