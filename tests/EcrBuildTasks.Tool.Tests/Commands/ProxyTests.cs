using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>A proxy that opens TLS, and is the only way to AWS.</summary>
public sealed class ProxyTests
{
    private const string Api = $"api.ecr.{PushScene.Region}.amazonaws.com";
    private const string Sts = $"sts.{PushScene.Region}.amazonaws.com";

    [Theory]
    [InlineData(null, 0, "", new[] { Api, PushScene.Host, Sts })]
    [InlineData(Api, 1, "error ECR4006: ", new[] { Sts })]
    public async Task AWS_and_the_registry_are_reached_through_the_proxy_that_the_environment_names(
        string? except,
        int exitCode,
        string error,
        string[] reached
    )
    {
        await using var scene = await PushScene.StartAsync();
        await using var proxy = new TlsFront(scene.Emulator.Endpoint, Api, Sts, PushScene.Host);
        scene
            .With("https_proxy", null)
            .With("NO_PROXY", except)
            .With("no_proxy", null)
            .With("AWS_MAX_ATTEMPTS", "1")
            .With("AWS_CA_BUNDLE", proxy.BundlePath)
            .With("HTTPS_PROXY", $"http://{proxy.Host}");

        var push = await scene.RunAsync(
            PushScene.Dotnet,
            [SourceTree.Tool, "push", scene.WriteLayout(), $"{PushScene.Host}/hello-api:1.0.0"]
        );

        push.ExitCode.ShouldBe(exitCode, push.ToString());
        push.Error.ShouldContain(error);
        proxy.Connected.Distinct().Order(StringComparer.Ordinal).ShouldBe(reached.Order(StringComparer.Ordinal));
    }
}
