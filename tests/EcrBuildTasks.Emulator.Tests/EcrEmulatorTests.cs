using System.Net;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Tests.Clients;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>What a test of a user can do with an emulator.</summary>
public sealed class EcrEmulatorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_example_account_can_push_to_its_repository_and_only_there()
    {
        await using var emulator = await StartAsync(ExampleAccount.Create());

        var digest = await PushAsync(emulator, "1.0.0");

        var image = emulator.Images(ExampleAccount.Repository).ShouldHaveSingleItem();
        (image.Account, image.Region, image.Repository, image.Digest, image.MediaType).ShouldBe(
            (ExampleAccount.Id, ExampleAccount.Region, ExampleAccount.Repository, digest, TestImage.ManifestType)
        );
        image.Tags.ShouldBe(["1.0.0"]);
        emulator.Images("other").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ecr:*", null, HttpStatusCode.Accepted)]
    [InlineData("ecr:GetAuthorizationToken", null, HttpStatusCode.Forbidden)]
    [InlineData("ecr:GetAuthorizationToken", "Allow", HttpStatusCode.Accepted)]
    [InlineData("ecr:*", "Deny", HttpStatusCode.Forbidden)]
    public async Task The_policies_of_the_example_account_can_be_chosen(
        string identityAction,
        string? repositoryEffect,
        HttpStatusCode expected
    )
    {
        await using var emulator = await StartAsync(
            ExampleAccount.Create(
                identityPolicy: $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{identityAction}}","Resource":"*"}]}""",
                repositoryPolicy: repositoryEffect is null
                    ? null
                    : $$"""{"Version":"2012-10-17","Statement":[{"Effect":"{{repositoryEffect}}","Principal":{"AWS":"arn:aws:iam::444455556666:user/owner"},"Action":"ecr:*"}]}"""
            )
        );
        using var registry = await RegistryAsync(emulator);

        using var answer = await registry.PostAsync(Relative("hello-api/blobs/uploads/"), content: null, Cancellation);

        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task The_images_are_listed_in_the_order_of_their_pushes_with_the_tags_that_they_have_now()
    {
        await using var emulator = await StartAsync(ExampleAccount.Create());

        var first = await PushAsync(emulator, "1.0.0", "{}");
        await PushAsync(emulator, "latest", "{}");
        var second = await PushAsync(emulator, "latest", "{ }");

        emulator
            .Images()
            .Select(image => (image.Digest, string.Join(' ', image.Tags)))
            .ShouldBe([(first, "1.0.0"), (second, "latest")]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_makes_all_as_it_was_at_the_start(bool isKept)
    {
        using var home = new Home();
        var fault = new RefusalFault(FaultStep.Ping, 503) { Times = 1 };
        await using var emulator = await StartAsync(
            ExampleAccount.Create() with
            {
                StateDirectory = isKept ? home.PathOf("state") : null,
                RateLimits = [new("DescribeRegistry", 0.001, 1)],
                Faults = [fault],
            }
        );
        var (endpoint, publicEndpoint) = (emulator.Endpoint, emulator.PublicEndpoint);
        using var owner = new EcrCaller(emulator, ExampleAccount.Key);
        using var registry = await RegistryAsync(emulator);
        await PushAsync(emulator, "1.0.0");
        await owner.AnswerAsync("CreateRepository", new JsonObject { ["repositoryName"] = "created" });
        await owner.AnswerAsync("DescribeRegistry");
        (await registry.GetAsync(Relative(""), Cancellation)).Dispose();
        emulator.Faults.StrikesOf(fault).ShouldBe(1);
        emulator.Faults.Add(new RefusalFault(FaultStep.PutManifest, 503));

        emulator.Reset();

        (emulator.Endpoint, emulator.PublicEndpoint).ShouldBe((endpoint, publicEndpoint));
        emulator.Images().ShouldBeEmpty();
        emulator.Calls.ShouldBeEmpty();
        emulator.Faults.Tallies.ShouldBe([new(fault, 0, 0)]);
        (await owner.AnswerAsync("DescribeRepositories"))
            .GetProperty("repositories")
            .EnumerateArray()
            .Select(repository => repository.GetProperty("repositoryName").GetString())
            .ShouldBe([ExampleAccount.Repository]);
        (await owner.AnswerAsync("DescribeRegistry")).GetProperty("registryId").GetString().ShouldBe(ExampleAccount.Id);
        using var withOldToken = await registry.GetAsync(Relative("hello-api/tags/list"), Cancellation);
        withOldToken.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        emulator.Faults.Clear();
        await PushAsync(emulator, "1.0.0");
        emulator.Images().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("session")]
    public async Task The_environment_names_this_emulator_and_these_credentials_and_no_others(string? token)
    {
        await using var emulator = await StartAsync(ExampleAccount.Create());

        var environment = emulator.EnvironmentFor(new AccessKey("id", "secret", token), "us-east-2");

        environment["AWS_ENDPOINT_URL"].ShouldBe(emulator.Endpoint.ToString());
        environment["AWS_ACCESS_KEY_ID"].ShouldBe("id");
        environment["AWS_SECRET_ACCESS_KEY"].ShouldBe("secret");
        environment["AWS_SESSION_TOKEN"].ShouldBe(token);
        environment["AWS_REGION"].ShouldBe("us-east-2");
        environment["AWS_DEFAULT_REGION"].ShouldBe("us-east-2");
        environment["NO_PROXY"].ShouldNotBeNull().Split(',').ShouldContain("127.0.0.1");
        foreach (var removed in new[] { "AWS_PROFILE", "AWS_ENDPOINT_URL_ECR", "AWS_ENDPOINT_URL_STS" })
        {
            environment.ShouldContainKeyAndValue(removed, null);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "localhost")]
    public async Task The_environment_is_for_a_process_on_this_machine(string address, string host)
    {
        await using var emulator = await StartAsync(
            ExampleAccount.Create() with
            {
                Address = IPAddress.Parse(address),
            }
        );

        var endpoint = emulator.EnvironmentFor(ExampleAccount.Key)["AWS_ENDPOINT_URL"];

        endpoint.ShouldBe($"http://{host}:{emulator.Endpoint.Port}/");
    }

    [Fact]
    public async Task The_health_endpoint_answers_under_faults_and_is_no_call()
    {
        await using var emulator = await StartAsync(
            ExampleAccount.Create() with
            {
                Faults = [new RefusalFault(FaultStep.Any, 503)],
            }
        );
        using var http = new HttpClient { BaseAddress = emulator.Endpoint };

        using var health = await http.GetAsync(new Uri("health", UriKind.Relative), Cancellation);

        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        emulator.Calls.ShouldBeEmpty();
    }

    private static Task<EcrEmulator> StartAsync(EmulatorOptions options) =>
        EcrEmulator.StartAsync(options, Cancellation);

    private static async Task<HttpClient> RegistryAsync(EcrEmulator emulator)
    {
        using var caller = new EcrCaller(emulator, ExampleAccount.Key);
        return await caller.RegistryAsync(ExampleAccount.Id);
    }

    /// <returns>The digest of the manifest.</returns>
    private static async Task<string> PushAsync(EcrEmulator emulator, string tag, string config = "{}")
    {
        using var registry = await RegistryAsync(emulator);
        var bytes = System.Text.Encoding.UTF8.GetBytes(config);
        var manifest = TestImage.Manifest((await PushBlobAsync(registry, bytes), bytes.Length));
        using var put = await PutManifestAsync(registry, tag, manifest);
        put.StatusCode.ShouldBe(HttpStatusCode.Created);
        return TestImage.Digest(manifest);
    }
}
