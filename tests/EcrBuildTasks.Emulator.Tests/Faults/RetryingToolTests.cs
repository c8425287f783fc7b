using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests.Faults;

/// <summary>A client that tries again gets through.</summary>
public sealed class RetryingToolTests : IDisposable
{
    private readonly Home home = new();

    public void Dispose() => home.Dispose();

    // Of what a registry may answer to a part, 429 is all that skopeo tries again.
    [Fact]
    public async Task Skopeo_sends_a_part_again_that_came_too_fast()
    {
        var options = Scenario.Options() with { PublicImages = [new("public/base", "1")] };
        await using var emulator = await EcrEmulator.StartAsync(options, TestContext.Current.CancellationToken);
        using var owner = new AwsCli(emulator, Scenario.OwnerKey);
        var password = await owner.PasswordAsync(Scenario.OwnerAccount);
        var fault = new RefusalFault(FaultStep.UploadBlob, 429) { Times = 1 };
        emulator.Faults.Add(fault);

        var copy = await Cli.RunAsync(
            RealPart.Find("skopeo"),
            [
                "copy",
                "--retry-times=1",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                "--dest-creds",
                $"AWS:{password}",
                $"docker://{emulator.Endpoint.Authority}/public/base:1",
                $"docker://{emulator.Endpoint.Authority}/hello-api:1",
            ],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["HOME"] = home.Folder,
                ["XDG_RUNTIME_DIR"] = home.Folder,
                ["NO_PROXY"] = "127.0.0.1",
            },
            cancellationToken: TestContext.Current.CancellationToken
        );

        copy.EnsureSuccess();
        emulator.Faults.StrikesOf(fault).ShouldBe(1);
        emulator.Calls.ShouldContain(call => call.Method == "PATCH" && call.Status == 429);
        emulator.Calls.ShouldContain(call => call.Action == "PutImage" && call.Status == 201);
    }
}
