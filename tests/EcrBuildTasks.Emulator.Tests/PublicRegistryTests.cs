using System.Text;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests;

/// <summary>ECR Public by real clients: the AWS CLI, docker and skopeo.</summary>
public sealed class PublicRegistryTests(EngineFixture engine) : IAsyncLifetime
{
    private const string Alias = "x1y2z3a4";
    private const string ReaderArn = $"arn:aws:iam::{Scenario.OwnerAccount}:user/reader";

    private readonly Home home = new();
    private EcrEmulator emulator = null!;
    private AwsCli owner = null!;
    private AwsCli reader = null!;

    private string Repository => $"{emulator.PublicEndpoint.Authority}/{Alias}/hello-api";

    private string BaseImage => $"{emulator.Endpoint.Authority}/public/base:1";

    public async ValueTask InitializeAsync()
    {
        var account = new EmulatedAccount(Scenario.OwnerAccount)
        {
            Users =
            [
                new("owner")
                {
                    AccessKeys = [Scenario.OwnerKey],
                    IdentityPolicies = [Allow("""["ecr-public:*","sts:GetServiceBearerToken"]""")],
                },
                new("reader")
                {
                    AccessKeys = [Scenario.ReaderKey],
                    IdentityPolicies = [Allow("\"ecr-public:GetAuthorizationToken\"")],
                },
            ],
            PublicRegistry = new() { Aliases = ["a0b0c0d0", Alias], Repositories = [new("hello-api")] },
        };
        emulator = await EcrEmulator.StartAsync(
            new() { Accounts = [account], PublicImages = [new("public/base", "1")] },
            TestContext.Current.CancellationToken
        );
        owner = new(emulator, Scenario.OwnerKey);
        reader = new(emulator, Scenario.ReaderKey);
    }

    public async ValueTask DisposeAsync()
    {
        owner.Dispose();
        reader.Dispose();
        home.Dispose();
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task The_aws_cli_sees_aliases_and_repositories_without_regions_and_settings()
    {
        var registry = (await owner.AnswerAsync(Public("describe-registries"))).GetProperty("registries")[0];
        registry.GetProperty("registryId").GetString().ShouldBe(Scenario.OwnerAccount);
        registry
            .GetProperty("aliases")
            .EnumerateArray()
            .Select(alias => alias.GetProperty("name").GetString())
            .ShouldBe(["a0b0c0d0", Alias]);

        var created = (
            await owner.AnswerAsync(Public("create-repository", "--repository-name", "team/new-api"))
        ).GetProperty("repository");
        created
            .GetProperty("repositoryArn")
            .GetString()
            .ShouldBe("arn:aws:ecr-public::444455556666:repository/team/new-api");
        created
            .GetProperty("repositoryUri")
            .GetString()
            .ShouldBe($"{emulator.PublicEndpoint.Authority}/{Alias}/team/new-api");
        created.TryGetProperty("imageTagMutability", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Denials_are_in_the_words_and_actions_of_ECR_Public()
    {
        (await reader.RefusalAsync(Public("get-login-password"))).ShouldContain(
            $"User: {ReaderArn} is not authorized to perform: sts:GetServiceBearerToken on resource: * because no identity-based policy allows the sts:GetServiceBearerToken action"
        );
        (
            await reader.RefusalAsync(
                Public("initiate-layer-upload", "--registry-id", Alias, "--repository-name", "hello-api")
            )
        ).ShouldContain(
            $"User: {ReaderArn} is not authorized to perform: ecr-public:InitiateLayerUpload on resource: arn:aws:ecr-public::444455556666:repository/hello-api because no identity-based policy allows the ecr-public:InitiateLayerUpload action"
        );
        (
            await owner.RefusalAsync(
                Public("initiate-layer-upload", "--registry-id", "nobodys1", "--repository-name", "hello-api")
            )
        ).ShouldContain("RegistryNotFoundException");
        (await owner.RefusalAsync("ecr-public", "describe-registries", "--region", "eu-west-1")).ShouldContain(
            "InvalidSignatureException"
        );
    }

    [Fact]
    public async Task A_repository_policy_lets_others_push()
    {
        var policy = $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{ReaderArn}}"},"Action":"ecr-public:InitiateLayerUpload","Resource":"*"}]}
            """;

        await owner.AnswerAsync(
            Public("set-repository-policy", "--repository-name", "hello-api", "--policy-text", policy)
        );

        var upload = await reader.AnswerAsync(
            Public("initiate-layer-upload", "--registry-id", Alias, "--repository-name", "hello-api")
        );
        upload.GetProperty("uploadId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Skopeo_pushes_with_the_password_and_anybody_pulls()
    {
        var password = await PasswordAsync();
        var oci = $"oci:{home.PathOf("oci")}:1";
        var image = $"docker://{Repository}:skopeo";
        await SkopeoAsync("copy", "--all", "--src-tls-verify=false", $"docker://{BaseImage}", oci);

        await SkopeoAsync("copy", "--all", "--dest-tls-verify=false", "--dest-creds", $"AWS:{password}", oci, image);
        await SkopeoAsync("copy", "--all", "--src-tls-verify=false", image, $"dir:{home.PathOf("dir")}");

        var tags = await owner.AnswerAsync(Public("describe-image-tags", "--repository-name", "hello-api"));
        var tag = tags.GetProperty("imageTagDetails").EnumerateArray().ShouldHaveSingleItem();
        tag.GetProperty("imageTag").GetString().ShouldBe("skopeo");
        tag.GetProperty("imageDetail")
            .GetProperty("imageDigest")
            .GetString()
            .ShouldBe(
                TestImage.Digest(
                    await File.ReadAllBytesAsync(
                        Path.Combine(home.PathOf("dir"), "manifest.json"),
                        TestContext.Current.CancellationToken
                    )
                )
            );
    }

    [Fact]
    public async Task Without_a_password_nobody_pushes()
    {
        var oci = $"oci:{home.PathOf("oci")}:1";
        await SkopeoAsync("copy", "--all", "--src-tls-verify=false", $"docker://{BaseImage}", oci);

        var push = await RunSkopeoAsync("copy", "--dest-tls-verify=false", oci, $"docker://{Repository}:anybody");

        push.ExitCode.ShouldNotBe(0, push.ToString());
        push.Error.ShouldContain("Not Authorized");
    }

    [Theory]
    [InlineData("", 401, true)]
    [InlineData("Bearer abc", 400, false)]
    [InlineData("Basic QVdTOng=", 400, false)]
    public async Task A_request_without_a_token_is_sent_to_the_token_service_and_one_with_a_wrong_one_is_a_bad_request(
        string authorization,
        int status,
        bool isChallenged
    )
    {
        using var http = new HttpClient();
        using var ping = new HttpRequestMessage(HttpMethod.Get, new Uri(emulator.PublicEndpoint, "/v2/"));
        ping.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var answer = await http.SendAsync(ping, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        (answer.Headers.WwwAuthenticate.Count > 0).ShouldBe(isChallenged);
    }

    [Fact]
    public async Task Docker_logs_in_at_the_token_service_and_pushes()
    {
        var image = $"{Repository}:docker";
        (
            await DockerAsync(
                await PasswordAsync(),
                "login",
                "-u",
                "AWS",
                "--password-stdin",
                emulator.PublicEndpoint.Authority
            )
        ).EnsureSuccess();
        var other = $"{emulator.PublicEndpoint.Authority}/public/base:1";
        (await DockerAsync(null, "pull", other)).EnsureSuccess();
        (await DockerAsync(null, "tag", other, image)).EnsureSuccess();

        (await DockerAsync(null, "push", image)).EnsureSuccess();

        emulator.Calls.ShouldContain(call =>
            call.Method == "PUT" && call.Path == $"/v2/{Alias}/hello-api/manifests/docker" && call.Status == 201
        );
        (await DockerAsync(null, "rmi", image, other)).EnsureSuccess();
    }

    private static string[] Public(string command, params string[] arguments) =>
        ["ecr-public", command, "--region", "us-east-1", .. arguments];

    private static IamPolicy Allow(string actions) =>
        new(
            "allow",
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":{{actions}},"Resource":"*"}]}"""
        );

    private async Task<string> PasswordAsync()
    {
        var answer = await owner.AnswerAsync(Public("get-authorization-token"));
        var token = answer.GetProperty("authorizationData").GetProperty("authorizationToken").GetBytesFromBase64();
        return Encoding.UTF8.GetString(token).Split(':', 2)[1];
    }

    private async Task SkopeoAsync(params string[] arguments) => (await RunSkopeoAsync(arguments)).EnsureSuccess();

    private Task<CliResult> RunSkopeoAsync(params string[] arguments) =>
        Cli.RunAsync(
            RealPart.Find("skopeo"),
            arguments,
            environment: Environment(),
            cancellationToken: TestContext.Current.CancellationToken
        );

    private async Task<CliResult> DockerAsync(string? input, params string[] arguments) =>
        await Cli.RunAsync(
            RealPart.Find("docker"),
            ["--host", (await engine.EndpointAsync()).ToString(), .. arguments],
            environment: Environment(),
            standardInput: input,
            cancellationToken: TestContext.Current.CancellationToken
        );

    private Dictionary<string, string?> Environment() =>
        new(StringComparer.Ordinal)
        {
            ["HOME"] = home.Folder,
            ["DOCKER_CONFIG"] = home.PathOf("docker"),
            ["NO_PROXY"] = "127.0.0.1",
        };
}
