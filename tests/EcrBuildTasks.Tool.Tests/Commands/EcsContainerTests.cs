using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>
/// A task of ECS and a pod of EKS, which are given their roles at addresses of their own that no setting moves: in a network of
/// the test's own.
/// </summary>
public sealed class EcsContainerTests
{
    [Theory]
    [InlineData("169.254.170.2", "/credentials/task", "the ECS container's role", "builds", true)]
    [InlineData("169.254.170.23", "/v1/credentials", "the EKS pod's role", "builds", true)]
    [InlineData("169.254.170.23", "/v1/credentials", "the EKS pod's role", "others", false)]
    public async Task A_container_is_given_its_role_and_may_push_as_it_by_its_tags(
        string address,
        string way,
        string source,
        string kubernetesNamespace,
        bool mayPush
    )
    {
        var unshare = (await FindUnshareAsync()).OrSkip("unshare and ip with user namespaces");
        await using var opened = await PushScene.StartAsync();
        var scene = opened;
        var config = Path.Combine(scene.Folder, "emulator.json");
        var token = Path.Combine(scene.Folder, "eks-pod-identity-token");
        await File.WriteAllTextAsync(token, "pod-token\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            config,
            $$$"""
            {"accounts": [{"id": "{{{PushScene.OwnerAccount}}}",
              "roles": [{"name": "task", "identityPolicies": [{"name": "all", "document":
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*",
                  "Condition": {"StringEquals": {"aws:PrincipalTag/kubernetes-namespace": "builds"}} }]} }]}],
              "registries": [{"region": "{{{PushScene.Region}}}", "repositories": [{"name": "hello-api"}]}]}],
             "containers": [{"path": "{{{way}}}", "roleArn": "arn:aws:iam::{{{PushScene.OwnerAccount}}}:role/task",
               "authorizationToken": "pod-token", "sessionTags": {"kubernetes-namespace": "{{{kubernetesNamespace}}}"} }]}
            """,
            TestContext.Current.CancellationToken
        );
        scene
            .With("AWS_ACCESS_KEY_ID", null)
            .With("AWS_SECRET_ACCESS_KEY", null)
            .With("AWS_ENDPOINT_URL", "http://127.0.0.1")
            .With("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token);
        scene = address.EndsWith("23", StringComparison.Ordinal)
            ? scene.With("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"http://{address}{way}")
            : scene.With("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", way);

        var result = await scene.RunAsync(
            unshare,
            [
                "--net",
                "--map-root-user",
                "sh",
                "-c",
                $"""
                ip link set lo up && ip address add {address}/32 dev lo || exit 99
                dotnet {SourceTree.Emulator} --config {config} --address 0.0.0.0 --port 80 > calls &
                until grep -q answer calls; do sleep 0.05; done
                dotnet {SourceTree.Tool} check hello-api
                code=$?
                kill $!
                cat calls
                exit $code
                """,
            ]
        );

        result.ExitCode.ShouldBe(mayPush ? 0 : 2, result.ToString());
        result
            .ToString()
            .ShouldContain(
                $"arn:aws:sts::{PushScene.OwnerAccount}:assumed-role/task/{way.Trim('/').Replace('/', '-')}"
            );
        if (mayPush)
        {
            result.Output.ShouldContain($" {source}");
        }

        result.Output.ShouldContain($"200 container:GetCredentials GET {way}");
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
