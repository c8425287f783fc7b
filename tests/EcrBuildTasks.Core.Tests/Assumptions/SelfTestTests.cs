using EcrBuildTasks.Assumptions;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Core.Tests.Preflight;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Core.Tests.Assumptions;

/// <summary>The self-test against an emulator that behaves as assumed, and against one that breaks one assumption.</summary>
public sealed class SelfTestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, Fault> Breaks = new(StringComparer.Ordinal)
    {
        ["allowed-BatchCheckLayerAvailability"] = Success("BatchCheckLayerAvailability"),
        ["allowed-BatchGetImage"] = Success("BatchGetImage"),
        ["allowed-InitiateLayerUpload"] = Success("InitiateLayerUpload"),
        ["allowed-UploadLayerPart"] = Error("UploadLayerPart", "UploadNotFoundException"),
        ["allowed-CompleteLayerUpload"] = Error("CompleteLayerUpload", "UploadNotFoundException"),
        ["allowed-PutImage"] = Error("PutImage", "LayersNotFoundException"),
        ["allowed-ListImages"] = Success("ListImages"),
        ["allowed-DescribeImageScanFindings"] = Error("DescribeImageScanFindings", "ImageNotFoundException"),
        ["probes-leave-nothing"] = new ReplacedAnswerFault(
            "DescribeImages",
            200,
            """{"imageDetails":[{"imageDigest":"sha256:0"}]}"""
        ),
        ["denied-BatchCheckLayerAvailability"] = Denial("BatchCheckLayerAvailability"),
        ["denied-BatchGetImage"] = Denial("BatchGetImage"),
        ["denied-InitiateLayerUpload"] = Denial("InitiateLayerUpload"),
        ["denied-UploadLayerPart"] = Denial("UploadLayerPart"),
        ["denied-CompleteLayerUpload"] = Denial("CompleteLayerUpload"),
        ["denied-PutImage"] = Denial("PutImage"),
        ["denied-ListImages"] = Denial("ListImages"),
        ["denied-DescribeImageScanFindings"] = Denial("DescribeImageScanFindings"),
        ["missing-repository"] = Error("BatchCheckLayerAvailability", "RepositoryNotFoundException"),
        ["missing-in-other-account"] = Error("BatchCheckLayerAvailability", "because no resource-based policy"),
        ["repository-names"] = Error("DescribeRepositories", "RepositoryNotFoundException"),
        ["policy-resource"] = Error("SetRepositoryPolicy", "Invalid repository policy provided"),
        ["policy-principal"] = Error("SetRepositoryPolicy", "Principal not found"),
        ["upload-start"] = new ReplacedAnswerFault(FaultStep.StartUpload, 200, "{}") { Times = 1 },
        ["upload-part"] = new ReplacedAnswerFault(FaultStep.UploadBlob, 200, "{}"),
        ["upload-complete"] = new ReplacedAnswerFault(FaultStep.CompleteUpload, 200, "{}") { Times = 1 },
        ["upload-whole"] = new ReplacedAnswerFault(FaultStep.UploadWholeBlob, 200, "{}"),
        ["upload-empty"] = new ReplacedAnswerFault(FaultStep.CompleteUpload, 201, "{}")
        {
            Error = "BLOB_UPLOAD_INVALID",
        },
        ["manifest-put"] = new ReplacedAnswerFault(FaultStep.PutManifestByTag, 200, "{}"),
        ["manifest-after-layer"] = new ReplacedAnswerFault(
            FaultStep.PutManifestByTag,
            404,
            """{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","message":"late"}]}"""
        ),
        ["manifest-refused"] = new ReplacedAnswerFault(
            FaultStep.PutManifestByTag,
            400,
            """{"errors":[{"code":"MANIFEST_INVALID","message":"another text"}]}"""
        )
        {
            Error = "ImageManifest",
        },
        ["tag-immutable"] = new ReplacedAnswerFault(
            FaultStep.PutManifestByTag,
            409,
            """{"errors":[{"code":"CONFLICT","message":"another text"}]}"""
        )
        {
            Error = "TAG_INVALID",
        },
    };

    /// <summary>Rows that cannot be checked while another assumption does not hold.</summary>
    private static readonly Dictionary<string, string[]> Dependent = new(StringComparer.Ordinal)
    {
        ["manifest-after-layer"] = ["manifest-put", "tag-immutable"],
    };

    [Fact]
    public async Task All_assumptions_hold_in_the_emulator_and_nothing_remains()
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);

        var results = await RunAsync(scene);

        results
            .Where(row => row.Observation.Holds is not true)
            .Select(row => $"{row.Assumption.Id}: {row.Observation}")
            .ShouldBeEmpty();
        results.Select(row => row.Assumption).ShouldBe(Assumption.All);
        results.Count(row => row.Observation.RequestId is null).ShouldBe(1, "Only one row is about several requests.");
        scene.Emulator.Calls[^1].Action.ShouldBe("DeleteRepository");
        scene.Emulator.Calls[^1].Status.ShouldBe(200);
    }

    [Fact]
    public void Each_assumption_can_be_broken() =>
        Breaks.Keys.ShouldBe(Assumption.All.Select(assumption => assumption.Id), ignoreOrder: true);

    [Fact]
    public async Task A_broken_assumption_is_found_in_its_row_only()
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);
        foreach (var (id, fault) in Breaks)
        {
            scene.Emulator.Faults.Clear();
            scene.Emulator.Faults.Add(fault);

            var results = await RunAsync(scene);

            var found = results.ToLookup(row => row.Observation.Holds, row => row.Assumption.Id);
            found[false].ShouldBe([id], string.Join('\n', results));
            found[null].ShouldBe(Dependent.GetValueOrDefault(id, []), id);
        }
    }

    [Theory]
    [InlineData(429, "ThrottlingException")]
    [InlineData(500, "ServerException")]
    public async Task An_outage_shows_nothing_about_an_assumption(int status, string code)
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);
        string[] exempt = ["CreateRepository", "DeleteRepository", "GetAuthorizationToken", "DescribeImages"];
        string[] steps = [.. Breaks.Values.Select(fault => fault.Step).Distinct(StringComparer.Ordinal).Except(exempt)];
        foreach (var step in steps)
        {
            scene.Emulator.Faults.Add(new RefusalFault(step, status) { Code = code });
        }

        var results = await RunAsync(scene);

        results.Where(row => row.Observation.Holds is false).ShouldBeEmpty();
        results.Count(row => row.Observation.Holds is null).ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task A_caller_who_is_not_allowed_to_push_shows_nothing_about_an_assumption()
    {
        await using var scene = await PreflightScene.OpenAsync(
            account: PreflightScene.Owner,
            identityActions: "ecr:CreateRepository ecr:DeleteRepository"
        );

        var results = await RunAsync(scene, otherAccount: null);

        results.Where(row => row.Observation.Holds is not null).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_permission_that_shows_that_a_policy_is_in_effect_no_denial_is_checked()
    {
        await using var scene = await PreflightScene.OpenAsync(
            account: PreflightScene.Owner,
            identityActions: $"ecr:CreateRepository ecr:DeleteRepository ecr:SetRepositoryPolicy ecr:DeleteRepositoryPolicy ecr:ListImages ecr:DescribeImageScanFindings {string.Join(' ', PushAction.OnRepository)}"
        );

        var results = await RunAsync(scene);

        results
            .Where(row => row.Assumption.Id.StartsWith("denied-", StringComparison.Ordinal))
            .ShouldAllBe(row => row.Observation.Holds == null);
    }

    [Fact]
    public async Task A_caller_who_is_not_allowed_to_create_a_repository_gets_the_diagnosis()
    {
        await using var scene = await PreflightScene.OpenAsync(
            account: PreflightScene.Owner,
            identityActions: "ecr:GetAuthorizationToken"
        );

        var failure = await Should.ThrowAsync<DiagnosedException>(() => RunAsync(scene));

        failure.Diagnostic.Code.Id.ShouldStartWith("ECR20");
        scene.Emulator.Calls.ShouldNotContain(call => call.Action == "DeleteRepository");
    }

    [Fact]
    public async Task A_layer_that_is_found_late_is_waited_for()
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);
        scene.Emulator.Faults.Add(Breaks["manifest-after-layer"] with { Times = 2 });

        var results = await RunAsync(scene, layer: TimeSpan.FromMinutes(1));

        results.ShouldAllBe(row => row.Observation.Holds == true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_repository_is_deleted_after_a_cancellation_or_reported(bool canDelete)
    {
        await using var scene = await PreflightScene.OpenAsync(account: PreflightScene.Owner);
        if (!canDelete)
        {
            scene.Emulator.Faults.Add(new RefusalFault("DeleteRepository", 400) { Code = "OtherException" });
        }

        using var cancellation = new CancellationTokenSource();
        using var test = await OpenAsync(scene, PreflightScene.OtherAccount, TimeSpan.Zero);

        await Should.ThrowAsync<OperationCanceledException>(() =>
            test.RunAsync((_, _) => cancellation.Cancel(), cancellation.Token)
        );

        scene.Emulator.Calls.Any(call => call is { Action: "DeleteRepository", Status: 200 }).ShouldBe(canDelete);
        test.MayRemain.ShouldBe(!canDelete);
        test.DeleteCommand.ShouldContain(test.Repository);
    }

    private static async Task<IReadOnlyList<(Assumption Assumption, Observation Observation)>> RunAsync(
        PreflightScene scene,
        string? otherAccount = PreflightScene.OtherAccount,
        TimeSpan layer = default
    )
    {
        using var test = await OpenAsync(scene, otherAccount, layer);
        var results = await test.RunAsync((_, _) => { }, Cancellation);
        test.MayRemain.ShouldBeFalse();
        return results;
    }

    private static async Task<SelfTest> OpenAsync(PreflightScene scene, string? otherAccount, TimeSpan layer)
    {
        var registry = EcrRegistry.Parse(PreflightScene.Request().Registry!);
        // A retry would wait, and shows nothing more.
        var identities = new AwsIdentities(scene.Identities().Environment.With("AWS_MAX_ATTEMPTS", "1"));
        var session = await identities.OpenAsync(new() { Region = registry.Region }, Cancellation);
        return new SelfTest(session, registry, identities.Environment)
        {
            OtherAccount = otherAccount,
            Timing = new()
            {
                Policy = TimeSpan.Zero,
                Settle = TimeSpan.Zero,
                Layer = layer,
                Pause = TimeSpan.Zero,
            },
        };
    }

    private static ReplacedAnswerFault Success(string action) => new(action, 400, Other);

    private static ReplacedAnswerFault Error(string action, string text) => Success(action) with { Error = text };

    private static ReplacedAnswerFault Denial(string action) => Error(action, "with an explicit deny");

    private const string Other = """{"__type":"OtherException","message":"not as assumed"}""";
}
