using EcrBuildTasks.RealParts;
using EcrBuildTasks.Tool.Commands;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>A task of ECS, which is given its role at an address of its own that no setting moves: in a network of the test's own.</summary>
public sealed class EcsContainerTests
{
    private static readonly string Emulator = SourceTree
        .Tool.Replace("EcrBuildTasks.Tool", "EcrBuildTasks.Emulator", StringComparison.Ordinal)
        .Replace("dotnet-ecr.dll", "EcrBuildTasks.Emulator.dll", StringComparison.Ordinal);

    [Fact]
    public async Task A_task_is_given_its_role_by_a_relative_address_and_may_push_as_it()
    {
        const string Way = "/credentials/task";
        var unshare = (await FindUnshareAsync()).OrSkip("unshare and ip with user namespaces");
        await using var scene = await PushScene.StartAsync();
        var config = Path.Combine(scene.Folder, "emulator.json");
        await File.WriteAllTextAsync(
            config,
            $$$"""
            {"accounts": [{"id": "{{{PushScene.OwnerAccount}}}",
              "roles": [{"name": "task", "identityPolicies": [{"name": "all", "document":
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]} }]}],
              "registries": [{"region": "{{{PushScene.Region}}}", "repositories": [{"name": "hello-api"}]}]}],
             "containers": [{"path": "{{{Way}}}", "roleArn": "arn:aws:iam::{{{PushScene.OwnerAccount}}}:role/task"}]}
            """,
            TestContext.Current.CancellationToken
        );
        scene
            .With("AWS_ACCESS_KEY_ID", null)
            .With("AWS_SECRET_ACCESS_KEY", null)
            .With("AWS_ENDPOINT_URL", "http://127.0.0.1")
            .With("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Way);

        var result = await scene.RunAsync(
            unshare,
            [
                "--net",
                "--map-root-user",
                "sh",
                "-c",
                $"""
                ip link set lo up && ip address add 169.254.170.2/32 dev lo || exit 99
                dotnet {Emulator} --config {config} --address 0.0.0.0 --port 80 > calls &
                until grep -q answer calls; do sleep 0.05; done
                dotnet {SourceTree.Tool} check hello-api
                code=$?
                kill $!
                cat calls
                exit $code
                """,
            ]
        );

        result.ExitCode.ShouldBe(0, result.ToString());
        result.Output.ShouldContain(
            $"caller: arn:aws:sts::{PushScene.OwnerAccount}:assumed-role/task/credentials-task, with credentials from the ECS container's role"
        );
        result.Output.ShouldContain("The push is allowed");
        result.Output.ShouldContain($"200 container:GetCredentials GET {Way}");
    }

    private static async Task<string?> FindUnshareAsync()
    {
        if (Cli.Find("unshare") is not { } unshare || Cli.Find("ip") is null)
        {
            return null;
        }

        var attempt = await Cli.RunAsync(
            unshare,
            ["--net", "--map-root-user", "true"],
            cancellationToken: TestContext.Current.CancellationToken
        );
        return attempt.ExitCode == 0 ? unshare : null;
    }
}
