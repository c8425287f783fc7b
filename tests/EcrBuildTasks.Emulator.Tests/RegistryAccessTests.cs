using System.Net;
using EcrBuildTasks.Emulator.Tests.Clients;
using static EcrBuildTasks.Emulator.Tests.Clients.RegistryRequests;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class RegistryAccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_token_the_registry_asks_for_one()
    {
        await using var emulator = await Scenario.StartAsync();
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(emulator.Endpoint, "/v2/"), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response
            .Headers.WwwAuthenticate.Single()
            .ToString()
            .ShouldBe($"Basic realm=\"{emulator.Endpoint}\",service=\"ecr.amazonaws.com\"");
    }

    [Fact]
    public async Task An_expired_token_is_refused_in_the_words_of_ECR()
    {
        var options = Scenario.Options() with { TokenLifetime = TimeSpan.FromMilliseconds(1) };
        await using var emulator = await EcrEmulator.StartAsync(options, Cancellation);
        using var caller = new EcrCaller(emulator, Scenario.OwnerKey);
        using var registry = await caller.RegistryAsync();
        await Task.Delay(10, Cancellation);

        using var response = await registry.GetAsync(Relative("hello-api/manifests/1.0"), Cancellation);

        (await ErrorAsync(response, HttpStatusCode.Forbidden)).ShouldBe(
            "DENIED: Your authorization token has expired. Reauthenticate and try again."
        );
    }

    [Fact]
    public async Task A_denial_carries_its_sentence_but_on_HEAD()
    {
        await using var emulator = await Scenario.StartAsync();
        using var caller = new EcrCaller(emulator, Scenario.CiKey);
        using var registry = await caller.RegistryAsync();
        using var head = new HttpRequestMessage(HttpMethod.Head, $"hello-api/blobs/{TestImage.Digest("x")}");

        using var started = await registry.PostAsync(Relative("hello-api/blobs/uploads/"), content: null, Cancellation);
        using var looked = await registry.SendAsync(head, Cancellation);

        (await ErrorAsync(started, HttpStatusCode.Forbidden)).ShouldBe(
            $"DENIED: User: {Scenario.CiSessionArn} is not authorized to perform: ecr:InitiateLayerUpload on resource: {Scenario.RepositoryArn} because no resource-based policy allows the ecr:InitiateLayerUpload action"
        );
        looked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await looked.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
        looked.Content.Headers.ContentType.ShouldBeNull();
        emulator
            .Calls[^1]
            .ShouldBe(
                new(
                    "registry",
                    "BatchCheckLayerAvailability",
                    Scenario.CiSessionArn,
                    403,
                    "HEAD",
                    $"/v2/hello-api/blobs/{TestImage.Digest("x")}"
                )
            );
    }

    [Fact]
    public async Task A_token_without_registry_id_is_for_the_callers_own_registry()
    {
        await using var emulator = await Scenario.StartAsync();
        using var caller = new EcrCaller(emulator, Scenario.CiKey);
        using var registry = await caller.RegistryAsync(Scenario.CiAccount);

        using var response = await registry.GetAsync(Relative("hello-api/tags/list"), Cancellation);

        (await ErrorAsync(response, HttpStatusCode.NotFound)).ShouldBe(
            "NAME_UNKNOWN: The repository with name 'hello-api' does not exist in the registry with id '111122223333'"
        );
    }

    [Fact]
    public async Task A_host_that_names_a_registry_decides_which_is_meant()
    {
        await using var emulator = await Scenario.StartAsync();
        using var caller = new EcrCaller(emulator, Scenario.CiKey);
        using var registry = await caller.RegistryAsync(Scenario.CiAccount);
        registry.DefaultRequestHeaders.Host = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";

        using var response = await registry.GetAsync(Relative("hello-api/tags/list"), Cancellation);

        (await ErrorAsync(response, HttpStatusCode.Forbidden)).ShouldContain(Scenario.RepositoryArn);
    }
}
