using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class AuthorizationTests
{
    private const string DenyPutImage = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ecr:PutImage","Resource":"*"}]}
        """;

    private const string OnlyReading = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:Batch*","Resource":"*"}]}
        """;

    private const string OnResource = $"on resource: {Scenario.RepositoryArn}";

    private static JsonObject Initiate(string repository = Scenario.Repository) =>
        new() { ["registryId"] = Scenario.OwnerAccount, ["repositoryName"] = repository };

    private static JsonObject Put() =>
        new()
        {
            ["registryId"] = Scenario.OwnerAccount,
            ["repositoryName"] = Scenario.Repository,
            ["imageManifest"] = TestImage.Manifest((TestImage.Digest("config"), 6)),
        };

    private static async Task<string> RefusalAsync(
        EmulatorOptions options,
        AccessKey key,
        string operation,
        JsonObject body
    )
    {
        await using var emulator = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
        using var caller = new EcrCaller(emulator, key);
        return await caller.RefusalAsync(operation, body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_denial_ends_with_an_authorization_ID_only_on_request(bool isRequested)
    {
        await using var emulator = await EcrEmulator.StartAsync(
            Scenario.Options() with
            {
                GivesAuthorizationIds = isRequested,
            },
            TestContext.Current.CancellationToken
        );
        using var ci = new EcrCaller(emulator, Scenario.CiKey);

        var denial = await ci.RefusalAsync(
            "DescribeImages",
            new() { ["registryId"] = Scenario.OwnerAccount, ["repositoryName"] = Scenario.Repository }
        );

        var details = AuthorizationDetails.Find(denial);
        details.ShouldBe(isRequested ? new(details?.Id ?? "", Scenario.Region) : null);
        var reason = DenialMessage.Find(denial).ShouldNotBeNull().Reason;
        reason.ShouldBe(DenialMessage.Find(AuthorizationDetails.RemoveFrom(denial))!.Reason);
    }

    [Fact]
    public async Task Across_accounts_a_silent_repository_policy_is_named()
    {
        var refusal = await RefusalAsync(Scenario.Options(), Scenario.CiKey, "InitiateLayerUpload", Initiate());

        refusal.ShouldBe(
            $"AccessDeniedException: User: {Scenario.CiSessionArn} is not authorized to perform: ecr:InitiateLayerUpload {OnResource} because no resource-based policy allows the ecr:InitiateLayerUpload action"
        );
    }

    [Fact]
    public async Task Across_accounts_a_silent_identity_policy_is_named_where_the_repository_allows()
    {
        var options = Scenario.Options(
            new(Scenario.Repository) { Policy = Scenario.RepositoryPolicyForCi },
            Scenario.Ci() with
            {
                IdentityPolicies = [new("read", OnlyReading)],
            }
        );

        (await RefusalAsync(options, Scenario.CiKey, "PutImage", Put())).ShouldEndWith(
            "because no identity-based policy allows the ecr:PutImage action"
        );
    }

    [Fact]
    public async Task Within_an_account_the_identity_policy_is_named()
    {
        (await RefusalAsync(Scenario.Options(), Scenario.ReaderKey, "InitiateLayerUpload", Initiate())).ShouldBe(
            $"AccessDeniedException: User: arn:aws:iam::444455556666:user/reader is not authorized to perform: ecr:InitiateLayerUpload {OnResource} because no identity-based policy allows the ecr:InitiateLayerUpload action"
        );
    }

    [Fact]
    public async Task An_explicit_deny_names_the_kind_of_policy_that_denies()
    {
        var deny =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}]}""";
        var byRepository = Scenario.Options(new(Scenario.Repository) { Policy = deny });
        var byIdentity = Scenario.Options(
            new(Scenario.Repository) { Policy = Scenario.RepositoryPolicyForCi },
            Scenario.Ci() with
            {
                IdentityPolicies = [new("deny", DenyPutImage)],
            }
        );

        (await RefusalAsync(byRepository, Scenario.CiKey, "PutImage", Put())).ShouldEndWith(
            $"{OnResource} with an explicit deny in a resource-based policy"
        );
        (await RefusalAsync(byIdentity, Scenario.CiKey, "PutImage", Put())).ShouldEndWith(
            $"{OnResource} with an explicit deny in an identity-based policy"
        );
    }

    [Fact]
    public async Task A_permissions_boundary_and_a_session_policy_limit_a_session()
    {
        var repository = new EmulatedRepository(Scenario.Repository) { Policy = Scenario.RepositoryPolicyForCi };
        var bounded = Scenario.Options(repository, Scenario.Ci() with { PermissionsBoundary = OnlyReading });
        var limited = Scenario.Options(
            repository,
            Scenario.Ci() with
            {
                Sessions = [new("run-7", Scenario.CiKey) { Policy = OnlyReading }],
            }
        );

        (await RefusalAsync(bounded, Scenario.CiKey, "PutImage", Put())).ShouldEndWith(
            "because no permissions boundary allows the ecr:PutImage action"
        );
        (await RefusalAsync(limited, Scenario.CiKey, "PutImage", Put())).ShouldEndWith(
            "because no session policy allows the ecr:PutImage action"
        );
    }

    [Fact]
    public async Task Control_policies_of_the_organization_deny_what_everybody_else_allows()
    {
        const string PolicyArn = "arn:aws:organizations::999988887777:policy/o-a/service_control_policy/p-1";
        var owner = Scenario.OwnerSide(new EmulatedRepository(Scenario.Repository));
        EmulatorOptions With(EmulatedAccount account) => new() { Accounts = [account] };
        var denied = With(owner with { ServiceControlPolicies = [new("p", DenyPutImage) { Arn = PolicyArn }] });
        var silent = With(owner with { ServiceControlPolicies = [new("p", OnlyReading)] });
        var resource = With(
            owner with
            {
                ResourceControlPolicies =
                [
                    new(
                        "rcp",
                        """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:PutImage","Resource":"*"}]}"""
                    ),
                ],
            }
        );

        (await RefusalAsync(denied, Scenario.OwnerKey, "PutImage", Put())).ShouldEndWith(
            $"with an explicit deny in a service control policy: {PolicyArn}"
        );
        (await RefusalAsync(silent, Scenario.OwnerKey, "PutImage", Put())).ShouldEndWith(
            "because no service control policy allows the ecr:PutImage action"
        );
        (await RefusalAsync(resource, Scenario.OwnerKey, "PutImage", Put())).ShouldEndWith(
            "with an explicit deny in a resource control policy"
        );
    }

    [Fact]
    public async Task A_registry_policy_can_deny_a_push()
    {
        var deny =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:PutImage","Resource":"*"}]}""";
        var registry = new EmulatedRegistry(Scenario.Region)
        {
            Policy = deny,
            Repositories = [new(Scenario.Repository)],
        };
        var owner = Scenario.OwnerSide() with { Registries = [registry] };
        (await RefusalAsync(new() { Accounts = [owner] }, Scenario.OwnerKey, "PutImage", Put())).ShouldEndWith(
            "with an explicit deny in a resource-based policy"
        );

        // AWS has removed the scope in which it did not apply to pushes.
        await using var emulator = await EcrEmulator.StartAsync(
            new() { Accounts = [Scenario.OwnerSide()] },
            TestContext.Current.CancellationToken
        );
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey);
        (
            await caller.RefusalAsync(
                "PutAccountSetting",
                new JsonObject { ["name"] = "REGISTRY_POLICY_SCOPE", ["value"] = "V1" }
            )
        ).ShouldStartWith("InvalidParameterException");
    }

    [Fact]
    public async Task Permission_is_decided_before_the_object_is_looked_up()
    {
        await using var emulator = await Scenario.StartAsync(
            new(Scenario.Repository) { Policy = Scenario.RepositoryPolicyForCi }
        );
        using var allowed = new EcrCaller(emulator, Scenario.CiKey);
        using var denied = new EcrCaller(emulator, Scenario.ReaderKey);
        var missing = Initiate("no-such-repository");
        var upload = Initiate();
        upload["uploadId"] = Guid.NewGuid().ToString();
        upload["layerDigests"] = new JsonArray(TestImage.Digest("absent"));

        (await denied.RefusalAsync("InitiateLayerUpload", missing)).ShouldStartWith("AccessDeniedException");
        (await denied.RefusalAsync("CompleteLayerUpload", upload)).ShouldStartWith("AccessDeniedException");
        (await denied.RefusalAsync("PutImage", Put())).ShouldStartWith("AccessDeniedException");
        (await allowed.RefusalAsync("CompleteLayerUpload", upload)).ShouldStartWith("UploadNotFoundException");
        (await allowed.RefusalAsync("PutImage", Put())).ShouldStartWith("LayersNotFoundException");
    }

    [Fact]
    public async Task Conditions_see_the_path_of_the_role_the_region_and_the_tags_of_the_repository()
    {
        var policy = $$$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{{Scenario.CiAccount}}}"},"Action":"ecr:InitiateLayerUpload",
            "Condition":{"ArnLike":{"aws:PrincipalArn":"{{{Scenario.CiRoleArn}}}"},"StringEquals":{"aws:RequestedRegion":"eu-west-1","aws:ResourceTag/stage":"dev"},"IpAddress":{"aws:SourceIp":"127.0.0.0/8"} } }]}
            """;
        EmulatedRepository Tagged(string stage) =>
            new(Scenario.Repository)
            {
                Policy = policy,
                Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["stage"] = stage },
            };
        await using var emulator = await Scenario.StartAsync(Tagged("dev"));
        using var caller = new EcrCaller(emulator, Scenario.CiKey);

        (await caller.AnswerAsync("InitiateLayerUpload", Initiate())).TryGetProperty("uploadId", out _).ShouldBeTrue();
        (
            await RefusalAsync(Scenario.Options(Tagged("prod")), Scenario.CiKey, "InitiateLayerUpload", Initiate())
        ).ShouldStartWith("AccessDeniedException");
    }
}
