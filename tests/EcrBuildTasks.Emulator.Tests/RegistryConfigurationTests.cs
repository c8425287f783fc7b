using System.Net;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>The operations that configure a registry, by their requests.</summary>
public sealed class RegistryConfigurationTests : IAsyncLifetime
{
    private const string Profile = $"arn:aws:signer:{Scenario.Region}:{Scenario.OwnerAccount}:/signing-profiles/builds";

    private EcrEmulator emulator = null!;
    private EcrCaller owner = null!;

    public async ValueTask InitializeAsync()
    {
        emulator = await EcrEmulator.StartAsync(
            new() { Accounts = [Scenario.OwnerSide(new EmulatedRepository(Scenario.Repository))] },
            TestContext.Current.CancellationToken
        );
        owner = new(emulator, Scenario.OwnerKey);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        await emulator.DisposeAsync();
    }

    [Theory]
    [InlineData("PutRegistryScanningConfiguration", """{"scanType":"FAST"}""", "InvalidParameter")]
    [InlineData(
        "PutRegistryScanningConfiguration",
        """{"rules":[{"scanFrequency":"MANUAL","repositoryFilters":[{"filter":"*","filterType":"PREFIX_MATCH"}]}]}""",
        "InvalidParameter"
    )]
    [InlineData("PutRegistryScanningConfiguration", """{"rules":[{"scanFrequency":"MANUAL"}]}""", "InvalidParameter")]
    [InlineData("PutRegistryScanningConfiguration", """{"rules":{}}""", "Serialization")]
    [InlineData("PutReplicationConfiguration", "{}", "InvalidParameter")]
    [InlineData("PutReplicationConfiguration", """{"replicationConfiguration":[]}""", "Serialization")]
    [InlineData(
        "PutReplicationConfiguration",
        """{"replicationConfiguration":{"rules":[{"destinations":[{"region":"eu-west-1","registryId":"1"}]}]}}""",
        "InvalidParameter"
    )]
    [InlineData(
        "PutSigningConfiguration",
        """{"signingConfiguration":{"rules":[{"signingProfileArn":"builds"}]}}""",
        "InvalidParameter"
    )]
    [InlineData("GetSigningConfiguration", "{}", "SigningConfigurationNotFound")]
    [InlineData("DeleteSigningConfiguration", "{}", "SigningConfigurationNotFound")]
    [InlineData("DeleteRegistryPolicy", "{}", "RegistryPolicyNotFound")]
    [InlineData("DeleteLifecyclePolicy", """{"repositoryName":"hello-api"}""", "LifecyclePolicyNotFound")]
    [InlineData("CreateRepositoryCreationTemplate", """{"prefix":"team"}""", "InvalidParameter")]
    [InlineData(
        "CreateRepositoryCreationTemplate",
        """{"prefix":"Team","appliedFor":["CREATE_ON_PUSH"]}""",
        "InvalidParameter"
    )]
    [InlineData(
        "CreateRepositoryCreationTemplate",
        """{"prefix":"team","appliedFor":["CREATE_ON_PUSH"],"repositoryPolicy":"{}x"}""",
        "InvalidParameter"
    )]
    [InlineData(
        "CreateRepositoryCreationTemplate",
        """{"prefix":"team","appliedFor":["CREATE_ON_PUSH"],"imageTagMutability":"IMMUTABLE_WITH_EXCLUSION"}""",
        "InvalidParameter"
    )]
    [InlineData("UpdateRepositoryCreationTemplate", """{"prefix":"team"}""", "TemplateNotFound")]
    [InlineData("DeleteRepositoryCreationTemplate", """{"prefix":"team"}""", "TemplateNotFound")]
    [InlineData("CreatePullThroughCacheRule", """{"ecrRepositoryPrefix":"hub"}""", "InvalidParameter")]
    [InlineData("UpdatePullThroughCacheRule", """{"ecrRepositoryPrefix":"hub"}""", "PullThroughCacheRuleNotFound")]
    [InlineData("DeletePullThroughCacheRule", """{"ecrRepositoryPrefix":"hub"}""", "PullThroughCacheRuleNotFound")]
    [InlineData("TagResource", $$"""{"resourceArn":"{{Scenario.RepositoryArn}}","tags":[]}""", "InvalidParameter")]
    [InlineData(
        "TagResource",
        $$"""{"resourceArn":"{{Scenario.RepositoryArn}}","tags":[{"Key":"aws:x","Value":"1"}]}""",
        "InvalidTagParameter"
    )]
    [InlineData("UntagResource", """{"resourceArn":"hello-api","tagKeys":["a"]}""", "InvalidParameter")]
    [InlineData("PutImageScanningConfiguration", """{"repositoryName":"hello-api"}""", "InvalidParameter")]
    [InlineData("StartImageScan", """{"repositoryName":"hello-api","imageId":{"imageTag":"x"}}""", "ImageNotFound")]
    public async Task A_request_is_refused_with_the_code_of_the_API(string operation, string body, string code) =>
        (await owner.RefusalAsync(operation, Json(body))).ShouldStartWith(code + "Exception: ");

    [Fact]
    public async Task A_template_that_is_created_by_a_request_creates_repositories_as_it_says()
    {
        var template = Json(
            """{"prefix":"team","appliedFor":["CREATE_ON_PUSH"],"resourceTags":[{"Key":"by","Value":"template"}]}"""
        );
        await owner.AnswerAsync("CreateRepositoryCreationTemplate", template);
        (await owner.RefusalAsync("CreateRepositoryCreationTemplate", template)).ShouldStartWith(
            "TemplateAlreadyExistsException"
        );
        // Tags are set with a role.
        (await PushAsync()).ShouldStartWith("RepositoryNotFoundException");

        var updated = await owner.AnswerAsync(
            "UpdateRepositoryCreationTemplate",
            Json(
                """{"prefix":"team","customRoleArn":"arn:aws:iam::444455556666:role/x","imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"dev-*"}]}"""
            )
        );
        (await PushAsync()).ShouldBe("");

        updated.GetProperty("registryId").GetString().ShouldBe(Scenario.OwnerAccount);
        var kept = updated.GetProperty("repositoryCreationTemplate");
        kept.GetProperty("appliedFor")[0].GetString().ShouldBe("CREATE_ON_PUSH");
        kept.GetProperty("updatedAt")
            .GetDouble()
            .ShouldBeGreaterThanOrEqualTo(kept.GetProperty("createdAt").GetDouble());
        var created = (
            await owner.AnswerAsync("DescribeRepositories", Json("""{"repositoryNames":["team/new"]}"""))
        ).GetProperty("repositories")[0];
        created.GetProperty("imageTagMutability").GetString().ShouldBe("IMMUTABLE_WITH_EXCLUSION");
        var arn = created.GetProperty("repositoryArn").GetString();
        (await owner.AnswerAsync("ListTagsForResource", new() { ["resourceArn"] = arn }))
            .GetProperty("tags")[0]
            .GetProperty("Value")
            .GetString()
            .ShouldBe("template");
        await owner.AnswerAsync("DeleteRepositoryCreationTemplate", Json("""{"prefix":"team"}"""));
        (await owner.AnswerAsync("DescribeRepositoryCreationTemplates"))
            .GetProperty("repositoryCreationTemplates")
            .GetArrayLength()
            .ShouldBe(0);

        async Task<string> PushAsync()
        {
            var (status, answer) = await owner.CallAsync(
                "InitiateLayerUpload",
                Json("""{"repositoryName":"team/new"}""")
            );
            return status is HttpStatusCode.OK ? "" : answer.GetProperty("__type").GetString()!;
        }
    }

    [Fact]
    public async Task The_policy_of_a_template_is_that_of_the_repositories_it_creates()
    {
        var options = Scenario.Options() with
        {
            Accounts =
            [
                Scenario.OwnerSide() with
                {
                    Registries =
                    [
                        new(Scenario.Region)
                        {
                            CreationTemplates = [new("team") { RepositoryPolicy = Scenario.RepositoryPolicyForCi }],
                        },
                    ],
                },
            ],
        };
        await using var other = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
        using var caller = new EcrCaller(other, Scenario.OwnerKey);
        await caller.AnswerAsync("InitiateLayerUpload", Json("""{"repositoryName":"team/new"}"""));

        var policy = await caller.AnswerAsync("GetRepositoryPolicy", Json("""{"repositoryName":"team/new"}"""));

        policy.GetProperty("policyText").GetString().ShouldBe(Scenario.RepositoryPolicyForCi);
    }

    [Fact]
    public async Task A_scan_is_started_once_a_day_and_then_exists()
    {
        using var registry = await owner.RegistryAsync();
        var config = await PushBlobAsync(registry, "{}"u8.ToArray());
        (await PutManifestAsync(registry, "1.0", TestImage.Manifest((config, 2)))).EnsureSuccessStatusCode();
        const string Image = """{"repositoryName":"hello-api","imageId":{"imageTag":"1.0"}}""";
        (await owner.RefusalAsync("DescribeImageScanFindings", Json(Image))).ShouldStartWith("ScanNotFoundException");

        var started = await owner.AnswerAsync("StartImageScan", Json(Image));
        var findings = await owner.AnswerAsync("DescribeImageScanFindings", Json(Image));

        started.GetProperty("imageScanStatus").GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
        findings.GetProperty("imageScanStatus").GetProperty("status").GetString().ShouldBe("COMPLETE");
        (await owner.RefusalAsync("StartImageScan", Json(Image))).ShouldStartWith("LimitExceededException");
    }

    [Fact]
    public async Task What_is_put_is_read_and_what_is_deleted_is_gone()
    {
        const string Named = """{"repositoryName":"hello-api"}""";
        var lifecycle = $$"""{"rules":[]{{new string(' ', 100)}}}""";
        await owner.AnswerAsync(
            "PutLifecyclePolicy",
            new() { ["repositoryName"] = "hello-api", ["lifecyclePolicyText"] = lifecycle }
        );
        await owner.AnswerAsync(
            "PutImageScanningConfiguration",
            Json("""{"repositoryName":"hello-api","imageScanningConfiguration":{"scanOnPush":true}}""")
        );
        await owner.AnswerAsync("PutRegistryPolicy", new() { ["policyText"] = Scenario.AllowEverythingInEcr });
        await owner.AnswerAsync(
            "PutSigningConfiguration",
            Json($$"""{"signingConfiguration":{"rules":[{"signingProfileArn":"{{Profile}}"}]} }""")
        );
        await owner.AnswerAsync(
            "CreatePullThroughCacheRule",
            Json("""{"ecrRepositoryPrefix":"hub","upstreamRegistryUrl":"public.ecr.aws"}""")
        );
        foreach (var (key, value) in (IEnumerable<(string, string)>)[("a", "1"), ("a", "2"), ("b", "3")])
        {
            await owner.AnswerAsync(
                "TagResource",
                Json(
                    $$"""{"resourceArn":"{{Scenario.RepositoryArn}}","tags":[{"Key":"{{key}}","Value":"{{value}}" }]}"""
                )
            );
        }

        await owner.AnswerAsync(
            "UntagResource",
            Json($$"""{"resourceArn":"{{Scenario.RepositoryArn}}","tagKeys":["b"]}""")
        );

        (await owner.AnswerAsync("GetLifecyclePolicy", Json(Named)))
            .GetProperty("lastEvaluatedAt")
            .GetDouble()
            .ShouldBe(0);
        (await owner.AnswerAsync("DescribeRepositories"))
            .GetProperty("repositories")[0]
            .GetProperty("imageScanningConfiguration")
            .GetProperty("scanOnPush")
            .GetBoolean()
            .ShouldBeTrue();
        (await owner.AnswerAsync("GetSigningConfiguration"))
            .GetProperty("signingConfiguration")
            .GetProperty("rules")[0]
            .GetProperty("signingProfileArn")
            .GetString()
            .ShouldBe(Profile);
        (await owner.AnswerAsync("DescribePullThroughCacheRules"))
            .GetProperty("pullThroughCacheRules")[0]
            .GetProperty("upstreamRepositoryPrefix")
            .GetString()
            .ShouldBe("ROOT");
        (await owner.AnswerAsync("ListTagsForResource", new() { ["resourceArn"] = Scenario.RepositoryArn }))
            .GetProperty("tags")
            .GetRawText()
            .ShouldBe("""[{"Key":"a","Value":"2"}]""");

        foreach (
            var (operation, body) in (IEnumerable<(string, string)>)
                [
                    ("DeleteLifecyclePolicy", Named),
                    ("DeleteRegistryPolicy", "{}"),
                    ("DeleteSigningConfiguration", "{}"),
                    ("DeletePullThroughCacheRule", """{"ecrRepositoryPrefix":"hub"}"""),
                ]
        )
        {
            await owner.AnswerAsync(operation, Json(body));
            (await owner.RefusalAsync(operation, Json(body))).ShouldContain("NotFoundException: ");
        }
    }

    [Theory]
    [InlineData(false, "COMPLETE")]
    [InlineData(true, "FAILED")]
    public async Task An_image_that_a_rule_is_for_is_signed_as_the_caller_over_either_protocol(
        bool isForOthers,
        string status
    )
    {
        // The owner may use nothing but ECR, so that only the policy of the profile can allow the signature.
        var other = $"arn:aws:signer:{Scenario.Region}:{Scenario.OwnerAccount}:/signing-profiles/other";
        var caller = isForOthers ? Scenario.CiAccount : Scenario.OwnerAccount;
        var options = new EmulatorOptions
        {
            Accounts =
            [
                Scenario.OwnerSide() with
                {
                    SigningProfiles =
                    [
                        new("builds")
                        {
                            Policy =
                                $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{(isForOthers ? $"arn:aws:iam::{caller}:root" : $"arn:aws:iam::{caller}:user/owner")}}"},"Action":"signer:SignPayload"}]}""",
                        },
                    ],
                    Registries =
                    [
                        new(Scenario.Region)
                        {
                            Policy = """
                                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"signer:*","Resource":"*"}]}
                                """,
                            Repositories = [new(Scenario.Repository)],
                            SigningRules =
                            [
                                new(Profile) { RepositoryFilters = ["hello-*"] },
                                new(other) { RepositoryFilters = ["other"] },
                            ],
                        },
                    ],
                },
            ],
        };
        await using var signing = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
        using var pusher = new EcrCaller(signing, Scenario.OwnerKey);
        using var registry = await pusher.RegistryAsync();
        var config = await PushBlobAsync(registry, "{}"u8.ToArray());
        var manifest = TestImage.Manifest((config, 2));
        (await PutManifestAsync(registry, "1.0", manifest)).EnsureSuccessStatusCode();
        var indented = manifest + " ";
        await pusher.AnswerAsync(
            "PutImage",
            new() { ["repositoryName"] = Scenario.Repository, ["imageManifest"] = indented }
        );

        foreach (var digest in (string[])[TestImage.Digest(manifest), TestImage.Digest(indented)])
        {
            var answer = await pusher.AnswerAsync(
                "DescribeImageSigningStatus",
                Json($$"""{"repositoryName":"hello-api","imageId":{"imageDigest":"{{digest}}"} }""")
            );

            var signature = answer.GetProperty("signingStatuses").EnumerateArray().ShouldHaveSingleItem();
            signature.GetProperty("signingProfileArn").GetString().ShouldBe(Profile);
            signature.GetProperty("status").GetString().ShouldBe(status);
            if (status == "FAILED")
            {
                signature
                    .GetProperty("failureReason")
                    .GetString()!
                    .ShouldContain($"signer:SignPayload on resource: {Profile}");
            }
        }
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
