using System.Net;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>What a registry does with repositories of a namespace.</summary>
public sealed class RegistryRulesTests : IAsyncLifetime
{
    private const string MayNotCreate = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"ecr:CreateRepository","Resource":"*"}]}
        """;

    private const string AllowEverything = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
        """;

    private static readonly AccessKey PusherKey = new("AKIAPUSHER", "secret-of-pusher");

    private EcrEmulator emulator = null!;
    private EcrCaller owner = null!;

    public async ValueTask InitializeAsync()
    {
        var account = Scenario.OwnerSide();
        emulator = await EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    account with
                    {
                        Users =
                        [
                            .. account.Users.Where(user => user.Name != "owner"),
                            new("owner")
                            {
                                AccessKeys = [Scenario.OwnerKey],
                                IdentityPolicies = [new("all", AllowEverything)],
                            },
                            new("pusher") { AccessKeys = [PusherKey], IdentityPolicies = [new("push", MayNotCreate)] },
                        ],
                        PublicRegistry = new(),
                        Registries =
                        [
                            new(Scenario.Region)
                            {
                                CreationTemplates = [new("team")],
                                PullThroughCacheRules =
                                [
                                    new("docker-hub", "registry-1.docker.io"),
                                    new("quay", "quay.io"),
                                ],
                            },
                        ],
                    },
                ],
            },
            TestContext.Current.CancellationToken
        );
        owner = new EcrCaller(emulator, Scenario.OwnerKey);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task The_first_change_of_a_push_creates_what_a_template_is_for_over_the_API_too()
    {
        foreach (var reading in new[] { "BatchGetImage", "BatchCheckLayerAvailability", "DescribeImages" })
        {
            (await owner.RefusalAsync(reading, Named("team/new"))).ShouldStartWith("RepositoryNotFoundException");
        }

        (await owner.AnswerAsync("InitiateLayerUpload", Named("team/new")))
            .TryGetProperty("uploadId", out _)
            .ShouldBeTrue();

        (await NamesAsync()).ShouldBe(["team/new"]);
        (await owner.RefusalAsync("InitiateLayerUpload", Named("teams/new"))).ShouldStartWith(
            "RepositoryNotFoundException"
        );
    }

    [Theory]
    [InlineData("my--app", true, false)]
    [InlineData("team/my__app", true, false)]
    [InlineData("my.app_1-x", true, true)]
    [InlineData("a___b", false, false)]
    [InlineData("a..b", false, false)]
    public async Task A_name_is_valid_by_the_rule_of_its_kind_of_registry(string name, bool inPrivate, bool inPublic)
    {
        using var publicOwner = new EcrCaller(emulator, Scenario.OwnerKey) { Service = "ecr-public" };

        (await owner.CallAsync("CreateRepository", Named(name))).Status.ShouldBe(
            inPrivate ? HttpStatusCode.OK : HttpStatusCode.BadRequest
        );
        (await publicOwner.CallAsync("CreateRepository", Named(name))).Status.ShouldBe(
            inPublic ? HttpStatusCode.OK : HttpStatusCode.BadRequest
        );
    }

    [Fact]
    public async Task Who_may_not_create_repositories_does_not_by_a_push_either()
    {
        using var pusher = new EcrCaller(emulator, PusherKey);
        using var registry = await pusher.RegistryAsync();

        var refusal = await pusher.RefusalAsync("InitiateLayerUpload", Named("team/new"));
        using var push = await registry.PostAsync(
            new Uri("team/new/blobs/uploads/", UriKind.Relative),
            content: null,
            TestContext.Current.CancellationToken
        );

        const string Sentence =
            "User: arn:aws:iam::444455556666:user/pusher is not authorized to perform: ecr:CreateRepository on resource: arn:aws:ecr:eu-west-1:444455556666:repository/team/new because no identity-based policy allows the ecr:CreateRepository action";
        refusal.ShouldBe("AccessDeniedException: " + Sentence);
        push.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await push.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(Sentence);
        (await NamesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_pull_creates_what_a_pull_through_cache_rule_is_for_if_the_caller_may_import()
    {
        using var pusher = new EcrCaller(emulator, PusherKey);
        var pull = new JsonObject
        {
            ["repositoryName"] = "quay/new",
            ["imageIds"] = new JsonArray(new JsonObject { ["imageTag"] = "1" }),
        };

        (await pusher.RefusalAsync("BatchGetImage", pull)).ShouldContain("ecr:CreateRepository");
        (await NamesAsync()).ShouldBeEmpty();
        (await owner.AnswerAsync("BatchGetImage", pull)).GetProperty("failures").GetArrayLength().ShouldBe(1);
        (await NamesAsync()).ShouldBe(["quay/new"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_denied_request_of_another_account_leaves_a_repository_only_where_the_registry_creates_before(
        bool createsBeforeDenial
    )
    {
        var account = Scenario.OwnerSide();
        await using var registry = await EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    account with
                    {
                        Registries =
                        [
                            new(Scenario.Region)
                            {
                                CreationTemplates = [new("team")],
                                PullThroughCacheRules = [new("quay", "quay.io")],
                                CreatesBeforeDenial = createsBeforeDenial,
                            },
                        ],
                    },
                    new("111122223333")
                    {
                        Users =
                        [
                            new("stranger")
                            {
                                AccessKeys = [PusherKey],
                                IdentityPolicies = [new("push", MayNotCreate)],
                            },
                        ],
                    },
                ],
            },
            TestContext.Current.CancellationToken
        );
        using var stranger = new EcrCaller(registry, PusherKey);
        using var owning = new EcrCaller(registry, Scenario.OwnerKey);
        foreach (
            var (action, name) in new[]
            {
                ("BatchCheckLayerAvailability", "team/read"),
                ("InitiateLayerUpload", "team/pushed"),
                ("BatchGetImage", "quay/pulled"),
            }
        )
        {
            var body = new JsonObject { ["registryId"] = account.Id, ["repositoryName"] = name };
            (await stranger.RefusalAsync(action, body)).ShouldContain("because no resource-based policy allows");
        }

        var left = (await owning.AnswerAsync("DescribeRepositories", [])).GetProperty("repositories");
        left.EnumerateArray()
            .Select(repository => repository.GetProperty("repositoryName").GetString())
            .ShouldBe(createsBeforeDenial ? ["quay/pulled", "team/pushed"] : []);
    }

    [Fact]
    public async Task Pull_through_cache_rules_are_described_all_or_by_their_prefixes()
    {
        async Task<string?[]> UpstreamsAsync(JsonObject? body = null) =>
            [
                .. (await owner.AnswerAsync("DescribePullThroughCacheRules", body))
                    .GetProperty("pullThroughCacheRules")
                    .EnumerateArray()
                    .Select(rule => rule.GetProperty("upstreamRegistryUrl").GetString()),
            ];
        static JsonObject Of(string prefix) => new() { ["ecrRepositoryPrefixes"] = new JsonArray(prefix) };

        (await UpstreamsAsync()).ShouldBe(["registry-1.docker.io", "quay.io"]);
        (await UpstreamsAsync(Of("quay"))).ShouldBe(["quay.io"]);
        (await owner.RefusalAsync("DescribePullThroughCacheRules", Of("k8s"))).ShouldStartWith(
            "PullThroughCacheRuleNotFoundException"
        );
    }

    private static JsonObject Named(string repository) => new() { ["repositoryName"] = repository };

    private async Task<string?[]> NamesAsync() =>
        [
            .. (await owner.AnswerAsync("DescribeRepositories"))
                .GetProperty("repositories")
                .EnumerateArray()
                .Select(repository => repository.GetProperty("repositoryName").GetString()),
        ];
}
