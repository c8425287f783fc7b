using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd;

/// <summary>A role that <c>EcrRoleArn</c> names, on top of identities that are themselves given by others.</summary>
public sealed class AssumedRoleTests(ProductFixture product)
{
    private const string Issuer = "token.actions.githubusercontent.com";
    private const string Container = "/containers/task";
    private const string RoleOfCi = $"arn:aws:iam::{Scenario.CiAccount}:role/ci";
    private const string RoleOfGitHub = $"arn:aws:iam::{Scenario.CiAccount}:role/github";
    private const string Deploy = $"arn:aws:iam::{Scenario.OwnerAccount}:role/deploy";

    private static readonly (string Profile, string Source)[] Below =
    [
        ("chain", $"profile chain (role {RoleOfCi} assumed from profile ada)"),
        ("web", $"profile web (role {RoleOfGitHub} by web identity)"),
        ("container", $"profile container (role {RoleOfCi} assumed from container credentials)"),
    ];

    [Fact]
    public async Task A_build_assumes_it_from_a_chain_of_profiles_a_web_identity_and_a_container()
    {
        using var signer = new OidcSigner();
        await using var emulator = await EcrEmulator.StartAsync(Options(signer), TestContext.Current.CancellationToken);
        var project = (await product.CreateProjectAsync("web")).Using(emulator);
        var url = emulator.Endpoint.ToString().TrimEnd('/');
        project
            .With("AWS_ENDPOINT_URL", url)
            .With("AWS_CONTAINER_CREDENTIALS_FULL_URI", url + Container)
            .With("AWS_CONFIG_FILE", await WriteAsync(project, "aws-config", Profiles(project)));
        await WriteAsync(project, "token", signer.Token(Issuer, "repo:corp/api:ref:refs/heads/main"));
        // One build: each time the project is another one to MSBuild, for its properties differ.
        var all = await WriteAsync(
            project,
            "all.proj",
            $"""
            <Project>
              <Target Name="All">
                <MSBuild Projects="{DotnetProject.Name}.csproj" Targets="Restore" Properties="Stage=Restore" />
                {string.Concat(
                Below.Select(one =>
                    $"""<MSBuild Projects="{DotnetProject.Name}.csproj" Targets="EcrPreflight" Properties="EcrProfile={one.Profile};EcrRoleArn={Deploy};EcrExternalId=ext/1" />"""
                )
            )}
              </Target>
            </Project>
            """
        );

        var build = (await project.RunAsync("msbuild", all)).ShouldSucceed();

        foreach (var (_, source) in Below)
        {
            build
                .Output.Split('\n')
                .ShouldContain(line =>
                    line.Contains($"arn:aws:sts::{Scenario.OwnerAccount}:assumed-role/deploy/EcrBuildTasks")
                    && line.Contains($"{Deploy} assumed from {source},")
                );
        }
    }

    private static async Task<string> WriteAsync(DotnetProject project, string name, string text)
    {
        var path = Path.Combine(project.Folder, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }

    private static string Profiles(DotnetProject project) =>
        $"""
            [profile ada]
            aws_access_key_id = {Scenario.Newcomer.Id}
            aws_secret_access_key = {Scenario.Newcomer.Secret}
            [profile chain]
            role_arn = {RoleOfCi}
            source_profile = ada
            [profile web]
            role_arn = {RoleOfGitHub}
            web_identity_token_file = {Path.Combine(project.Folder, "token")}
            [profile container]
            role_arn = {RoleOfCi}
            credential_source = EcsContainer
            """;

    private static EmulatorOptions Options(OidcSigner signer) =>
        new()
        {
            Accounts =
            [
                new(Scenario.CiAccount)
                {
                    Users = [new("ada") { AccessKeys = [Scenario.Newcomer], IdentityPolicies = [Allowing("sts:*")] }],
                    Roles =
                    [
                        new("ci")
                        {
                            IdentityPolicies = [Allowing("sts:*")],
                            TrustPolicy = Trusting($$"""{"AWS":"{{Scenario.CiAccount}}"}"""),
                        },
                        new("github")
                        {
                            IdentityPolicies = [Allowing("sts:*")],
                            TrustPolicy = Trusting(
                                $$"""{"Federated":"arn:aws:iam::{{Scenario.CiAccount}}:oidc-provider/{{Issuer}}"}"""
                            ),
                        },
                    ],
                    OidcProviders = [new(Issuer) { PublicKey = signer.PublicKey }],
                },
                new(Scenario.OwnerAccount)
                {
                    Roles =
                    [
                        new("deploy")
                        {
                            IdentityPolicies = [Allowing("ecr:*")],
                            TrustPolicy = Trusting(
                                $$"""{"AWS":"{{Scenario.CiAccount}}"}""",
                                """{"StringEquals":{"sts:ExternalId":"ext/1"} }"""
                            ),
                        },
                    ],
                    Registries = [new(Scenario.Region) { Repositories = [new(Scenario.Repository)] }],
                },
            ],
            Containers = [new(Container, RoleOfCi)],
        };

    private static IamPolicy Allowing(string action) =>
        new(
            "allow",
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}"""
        );

    private static string Trusting(string principal, string condition = "{}") =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{{principal}},"Action":"sts:*","Condition":{{condition}} }]}""";
}
