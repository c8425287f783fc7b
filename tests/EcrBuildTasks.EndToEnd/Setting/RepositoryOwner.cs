using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>The administrator of the account that owns the repository, at a shell with the AWS CLI and skopeo.</summary>
internal sealed class RepositoryOwner : IDisposable
{
    private readonly EcrEmulator emulator;
    private readonly string repository;
    private readonly string folder = Directory.CreateTempSubdirectory("ecr-owner-").FullName;

    public RepositoryOwner(EcrEmulator emulator, string repository = Scenario.Repository)
    {
        this.emulator = emulator;
        this.repository = repository;
    }

    /// <summary>Skips a test before its builds rather than after them.</summary>
    public static void RequirePrograms()
    {
        foreach (var program in new[] { "aws", "bash", "jq", "skopeo" })
        {
            RealPart.Find(program);
        }
    }

    /// <summary>Runs what stands in a build's output.</summary>
    public async Task<string> RunAsync(string script)
    {
        var result = await Cli.RunAsync(
            RealPart.Find("bash"),
            ["-euo", "pipefail"],
            folder,
            Environment(),
            standardInput: script,
            cancellationToken: TestContext.Current.CancellationToken
        );
        return result.EnsureSuccess().Output;
    }

    public async Task SetRepositoryPolicyAsync(string policy)
    {
        var file = Path.Combine(folder, "policy.json");
        await File.WriteAllTextAsync(file, policy, TestContext.Current.CancellationToken);
        await RunAsync($"aws ecr set-repository-policy --repository-name {repository} --policy-text file://{file}");
    }

    /// <summary>The digest that a tag of the repository has, as skopeo sees it.</summary>
    public async Task<string> DigestAsync(string tag)
    {
        var inspected = await SkopeoAsync("inspect", tag, "--tls-verify=false", "--no-tags", "--creds");
        using var answer = JsonDocument.Parse(inspected);
        return answer.RootElement.GetProperty("Digest").GetString()!;
    }

    /// <summary>Copies an image to an OCI layout, and gives its path.</summary>
    public async Task<string> SaveAsync(string tag)
    {
        var layout = Path.Combine(folder, tag);
        await SkopeoAsync("copy", tag, $"oci:{layout}", "--src-tls-verify=false", "--src-creds");
        return layout;
    }

    private async Task<string> SkopeoAsync(string command, string tag, params string[] options)
    {
        var password = await RunAsync("aws ecr get-login-password");
        var image = $"docker://{emulator.Endpoint.Authority}/{repository}:{tag}";
        string[] target = [.. options.Where(option => option.StartsWith("oci:", StringComparison.Ordinal))];
        var result = await Cli.RunAsync(
            RealPart.Find("skopeo"),
            [command, .. options.Except(target, StringComparer.Ordinal), $"AWS:{password.Trim()}", image, .. target],
            folder,
            Environment(),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return result.EnsureSuccess().Output;
    }

    /// <summary>The digest that a tag has in a region, as ECR's API gives it; <c>None</c> without the tag.</summary>
    public async Task<string> DigestAsync(string tag, string region) =>
        (
            await RunAsync(
                $"aws ecr batch-get-image --region {region} --repository-name {repository} --image-ids imageTag={tag} --query images[0].imageId.imageDigest --output text"
            )
        ).Trim();

    /// <summary>The manifest or index that a tag points to.</summary>
    public async Task<JsonElement> ManifestAsync(string tag)
    {
        var manifest = await RunAsync(
            $"aws ecr batch-get-image --repository-name {repository} --image-ids imageTag={tag} --query images[0].imageManifest --output text"
        );
        return JsonSerializer.Deserialize<JsonElement>(manifest);
    }

    public async Task<string[]> TagsAsync()
    {
        var tags = await RunAsync(
            $"aws ecr list-images --repository-name {repository} --filter tagStatus=TAGGED --query imageIds[].imageTag --output text"
        );
        return tags.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Dictionary<string, string?> Environment() =>
        new(emulator.EnvironmentFor(Scenario.Owner, Scenario.Region), StringComparer.Ordinal)
        {
            ["HOME"] = folder,
            ["AWS_CONFIG_FILE"] = null,
            ["AWS_SHARED_CREDENTIALS_FILE"] = null,
            ["AWS_PAGER"] = "",
        };
}
