using System.Buffers.Text;
using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;
using YamlDotNet.RepresentationModel;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Sample pipelines whose scripts get their credentials by themselves, run as their systems run them.</summary>
public sealed class PipelineSampleTests(ProductFixture product)
{
    private const string Role = "hello-api-push";
    private const string ContainerPath = "/containers/build";
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public async Task The_jobs_of_GitLab_exchange_their_token_and_push_and_tell_the_next_job()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await StartAsync();
        var pipeline = Read("gitlab-ci/.gitlab-ci.yml");
        var project = await ProjectAsync(emulator);
        project
            .With("GITLAB_CI", "true")
            .With("CI_PROJECT_DIR", project.Folder)
            .With("CI_COMMIT_SHA", Commit)
            .With("CI_JOB_ID", $"{Guid.NewGuid():N}")
            .With("AWS_ID_TOKEN", Token(pipeline[".aws"]["id_tokens"]["AWS_ID_TOKEN"]["aud"].ToString()));
        var setting = string.Join(
            '\n',
            Variables(pipeline["variables"]).Concat(Variables(pipeline[".aws"]["variables"]))
        );
        string Job(string name) =>
            $"""
                {setting}
                PROJECT={project.File}
                {Lines(pipeline[".aws"]["before_script"])}
                {Lines(pipeline[name]["script"])}
                {Lines(pipeline[".aws"]["after_script"])}
                test ! -e "$AWS_WEB_IDENTITY_TOKEN_FILE"
                """;

        var preflight = await project.ShellAsync(Job("preflight"));
        preflight.EnsureSuccess().Output.ShouldContain($"role/{Role}");
        project.ShouldNotBeCompiled();
        var push = await project.ShellAsync(Job("push"));

        push.EnsureSuccess().Output.ShouldContain($"role/{Role} by web identity");
        var told = await File.ReadAllLinesAsync(
            Path.Combine(project.Folder, "ecr.env"),
            TestContext.Current.CancellationToken
        );
        told[0].ShouldBe($"IMAGE_URI={emulator.Endpoint.Authority}/{Scenario.Repository}:{Commit}");
        using var owner = new RepositoryOwner(emulator);
        told[1].ShouldBe($"IMAGE_DIGEST={await owner.DigestAsync(Commit)}");
    }

    [Fact]
    public async Task The_build_of_CodeBuild_has_the_role_and_exports_what_it_pushed()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await StartAsync();
        var commands = Read("codebuild/buildspec.yml")["phases"]["build"]["commands"];
        var project = (await ProjectAsync(emulator))
            .With("AWS_CONTAINER_CREDENTIALS_FULL_URI", new Uri(emulator.Endpoint, ContainerPath).ToString())
            .With("CODEBUILD_RESOLVED_SOURCE_VERSION", Commit);

        var build = await project.ShellAsync(
            $"""
            PROJECT={project.File}
            {Lines(commands)}
            printf 'exported %s %s\n' "$IMAGE_URI" "$IMAGE_DIGEST"
            """
        );

        using var owner = new RepositoryOwner(emulator);
        var digest = await owner.DigestAsync(Commit);
        build
            .EnsureSuccess()
            .Output.ShouldContain($"exported {emulator.Endpoint.Authority}/{Scenario.Repository}:{Commit} {digest}");
    }

    private static Task<EcrEmulator> StartAsync()
    {
        const string Allow =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}""";
        return EcrEmulator.StartAsync(
            new()
            {
                Accounts =
                [
                    new(Scenario.CiAccount)
                    {
                        OidcProviders = [new("gitlab.com") { ClientIds = ["https://gitlab.com"] }],
                        Roles =
                        [
                            new(Role)
                            {
                                IdentityPolicies = [new("push", Allow)],
                                TrustPolicy = $$"""
                                {"Version":"2012-10-17","Statement":[{
                                  "Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
                                  "Principal":{"Federated":"arn:aws:iam::{{Scenario.CiAccount}}:oidc-provider/gitlab.com"} }]}
                                """,
                            },
                        ],
                    },
                    new(Scenario.OwnerAccount)
                    {
                        Users =
                        [
                            new("owner") { AccessKeys = [Scenario.Owner], IdentityPolicies = [new("all", Allow)] },
                        ],
                        Registries =
                        [
                            new(Scenario.Region)
                            {
                                Repositories =
                                [
                                    new(Scenario.Repository)
                                    {
                                        Policy = Scenario.Policy(
                                            ("Ci", $"arn:aws:iam::{Scenario.CiAccount}:root", Scenario.PushActions)
                                        ),
                                    },
                                ],
                            },
                        ],
                    },
                ],
                Containers = [new(ContainerPath, $"arn:aws:iam::{Scenario.CiAccount}:role/{Role}")],
                PublicImages = [new("public/base", "1")],
            },
            TestContext.Current.CancellationToken
        );
    }

    private async Task<DotnetProject> ProjectAsync(EcrEmulator emulator) =>
        (await product.CreateProjectAsync("web"))
            .Using(emulator)
            .With("DOCKER_HOST", "unix:///nowhere/docker.sock")
            .With("AWS_ENDPOINT_URL", emulator.Endpoint.ToString());

    private static YamlNode Read(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(SourceTree.Root, "samples", "pipelines", file))));
        return stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    private static string Lines(YamlNode script) => string.Join('\n', (YamlSequenceNode)script);

    /// <summary>Variables as GitLab sets them: one may refer to another.</summary>
    private static IEnumerable<string> Variables(YamlNode variables) =>
        ((YamlMappingNode)variables).Select(variable => $"export {variable.Key}=\"{variable.Value}\"");

    private static string Token(string audience)
    {
        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
        var claims = new
        {
            iss = "https://gitlab.com",
            sub = "project_path:my-group/hello-api:ref_type:branch:ref:main",
            aud = audience,
            exp = DateTimeOffset.UtcNow.AddMinutes(20).ToUnixTimeSeconds(),
        };
        return $"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(claims)}.{Base64Url.EncodeToString("signed"u8)}";
    }
}
