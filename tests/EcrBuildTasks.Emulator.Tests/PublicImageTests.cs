using System.Formats.Tar;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Tests.Clients;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Emulator.Tests;

public sealed class PublicImageTests : IDisposable
{
    private readonly Home home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void A_public_image_has_the_same_digest_everywhere() =>
        TinyImage
            .Build(new PublicImage("public/base", "1"))
            .IndexDigest.ShouldBe("sha256:bb3f08642ced4fdeb7da3a86707f606f709ccf3dea7dcaf0030904da78358308");

    [Fact]
    public async Task The_NET_SDK_builds_on_it_without_credentials()
    {
        await using var emulator = await EcrEmulator.StartAsync(
            new() { PublicImages = [new("public/base", "1")] },
            TestContext.Current.CancellationToken
        );
        // The SDK speaks plain HTTP to localhost; to 127.0.0.1 only where a Docker Engine or an environment variable tells it to.
        var image = $"localhost:{emulator.Endpoint.Port}/public/base:1";
        await File.WriteAllTextAsync(
            home.PathOf("app.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <EnableSdkContainerSupport>true</EnableSdkContainerSupport>
                <ContainerArchiveOutputPath>app.tar</ContainerArchiveOutputPath>
              </PropertyGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            home.PathOf("Program.cs"),
            "System.Console.WriteLine();",
            TestContext.Current.CancellationToken
        );

        var published = await Cli.RunAsync(
            "dotnet",
            ["publish", "/t:PublishContainer", $"-p:ContainerBaseImage={image}", "-nodeReuse:false"],
            home.Folder,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                // Settings of the build that runs this test.
                ["MSBUILD_EXE_PATH"] = null,
                ["MSBuildSDKsPath"] = null,
                ["MSBuildExtensionsPath"] = null,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );

        published.EnsureSuccess();
        await using var archive = File.OpenRead(home.PathOf("app.tar"));
        await using var tar = new TarReader(archive);
        var layer = TinyImage
            .Build(new PublicImage("public/base", "1"))
            .Contents.Single(content => content.Value.MediaType.Contains("layer", StringComparison.Ordinal))
            .Key["sha256:".Length..];
        var names = new List<string>();
        while (await tar.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry)
        {
            names.Add(entry.Name);
        }

        names.ShouldContain(name => name.Contains(layer, StringComparison.Ordinal));
        emulator.Calls.ShouldAllBe(call => call.Service == "public" && call.Status == 200);
    }
}
