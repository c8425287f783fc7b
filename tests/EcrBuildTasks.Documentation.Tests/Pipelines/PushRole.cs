using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>A role of a sample as its file describes it, with the OIDC provider that comes with it.</summary>
internal sealed record PushRole(string Name, JsonNode TrustPolicy, JsonNode IdentityPolicy, OidcProvider? Provider)
{
    private static readonly Lazy<Task<IReadOnlyDictionary<string, PushRole>>> Terraform = new(ReadTerraformAsync);

    private static readonly Lazy<Task<IReadOnlyDictionary<string, PushRole>>> CloudFormation = new(ReadTemplatesAsync);

    public static async Task<PushRole> OfAsync(string sample, string language) =>
        (await (language == "Terraform" ? Terraform : CloudFormation).Value)[sample];

    private static async Task<IReadOnlyDictionary<string, PushRole>> ReadTerraformAsync()
    {
        var documents = await RoleFiles.TerraformAsync();
        return Named(
            PipelineSample.All.Select(sample =>
            {
                var resources = documents[sample.Name]["resource"]!;
                var role = resources["aws_iam_role"]!["push"]![0]!;
                var provider = resources["aws_iam_openid_connect_provider"]?["issuer"]![0]!;
                return Of(
                    (string)role["name"]!,
                    role["assume_role_policy"]!,
                    resources["aws_iam_role_policy"]!["push"]![0]!["policy"]!,
                    provider is null ? null : ((string)provider["url"]!, provider["client_id_list"]!)
                );
            })
        );
    }

    private static async Task<IReadOnlyDictionary<string, PushRole>> ReadTemplatesAsync()
    {
        var templates = await RoleFiles.CloudFormationAsync();
        return Named(
            PipelineSample.All.Select(sample =>
            {
                var resources = templates[sample.Name].Resources!;
                var role = resources["PushRole"]!;
                var trust = role["AssumeRolePolicyDocument"]!;
                return Of(
                    (string)role["RoleName"]!,
                    trust is JsonValue text ? JsonNode.Parse((string)text!)! : trust,
                    role["Policies"]!.AsArray().ShouldHaveSingleItem()!["PolicyDocument"]!,
                    resources["Issuer"] is { } provider ? ((string)provider["Url"]!, provider["ClientIdList"]!) : null
                );
            })
        );
    }

    private static Dictionary<string, PushRole> Named(IEnumerable<PushRole> roles) =>
        PipelineSample.All.Zip(roles).ToDictionary(pair => pair.First.Name, pair => pair.Second);

    private static PushRole Of(string name, JsonNode trust, JsonNode policy, (string Url, JsonNode ClientIds)? issuer)
    {
        OidcProvider? provider = issuer is { } given
            ? new(given.Url.Replace("https://", "", StringComparison.Ordinal))
            {
                ClientIds = [.. given.ClientIds.AsArray().Select(id => (string)id!)],
            }
            : null;
        // The one thing that only AWS can fill in: the ARN of the provider.
        var filled = trust
            .ToJsonString()
            .Replace("${aws_iam_openid_connect_provider.issuer.arn}", ArnOf(provider), StringComparison.Ordinal)
            .Replace("${Issuer}", ArnOf(provider), StringComparison.Ordinal);
        filled.ShouldNotContain("${");
        policy.ToJsonString().ShouldNotContain("${");
        return new(name, JsonNode.Parse(filled)!, policy, provider);
    }

    private static string ArnOf(OidcProvider? provider) =>
        $"arn:aws:iam::{PipelineSample.PipelineAccount}:oidc-provider/{provider?.Url}";
}
