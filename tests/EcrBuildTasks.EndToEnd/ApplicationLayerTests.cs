using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>What is in an image whose application has several layers.</summary>
public sealed class ApplicationLayerTests(ProductFixture product)
{
    [Theory]
    [InlineData("worker", "packages application")]
    [InlineData("blazor", "application", "-p:ContainerUser=1654", "-p:ContainerWorkingDirectory=/srv/x/")]
    [InlineData("console", "runtime application", "-r", "linux-x64", "-p:PublishTrimmed=true")]
    public async Task It_has_the_files_of_the_image_that_the_SDK_makes(
        string template,
        string layers,
        params string[] options
    )
    {
        await using var emulator = await Scenario.StartAsync(Scenario.AllowCi);
        var project = (await product.CreateProjectAsync(template)).Using(emulator).PushedTo(emulator);
        var links = Directory.CreateDirectory(Path.Combine(project.Folder, "content")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(links, $"{string.Concat(Enumerable.Repeat("long", 30))} ü.txt"),
            "long",
            Token
        );
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(links, "link.txt"), "target.txt");
            await File.WriteAllTextAsync(Path.Combine(links, "target.txt"), "target", Token);
            File.SetUnixFileMode(Path.Combine(links, "target.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        project.Add(
            """<ItemGroup><None Include="content/**" CopyToPublishDirectory="Always" LinkBase="content" /></ItemGroup>"""
        );

        (await project.PublishAsync(options)).ShouldSucceed();
        var archive = Path.Combine(project.Folder, "sdk.tar.gz");
        (
            await project.RunAsync([
                "publish",
                "--no-build",
                "/t:PublishContainer",
                $"-p:ContainerArchiveOutputPath={archive}",
                .. options,
            ])
        ).ShouldSucceed();

        var ofSdk = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using (var file = File.OpenRead(archive))
        {
            await ReadAsync(file, (entry, content) => ofSdk[entry.Name] = content);
        }

        var layout = Directory
            .GetDirectories(Path.Combine(project.Folder, "obj"), "image", SearchOption.AllDirectories)
            .Single();
        var (ours, theirs) = (Image(name => File.ReadAllBytes(Path.Combine(layout, name))), Image(name => ofSdk[name]));
        string.Join(' ', ours.Comments).ShouldBe(layers);
        ours.Configuration.ShouldBe(theirs.Configuration);
        (await EntriesAsync(ours)).ShouldBe(await EntriesAsync(theirs));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The application's layers, the reasons for them, and what a container is told.</summary>
    private static (IReadOnlyList<byte[]> Layers, IEnumerable<string> Comments, string Configuration) Image(
        Func<string, byte[]> read
    )
    {
        var root = JsonNode.Parse(read("index.json"))!["manifests"]![0]!["digest"]!.GetValue<string>();
        var manifest = JsonNode.Parse(Blob(root))!;
        var configuration = JsonNode.Parse(Blob(manifest["config"]!["digest"]!.GetValue<string>()))!;
        var run = configuration["config"]!.AsObject();
        foreach (
            var label in run["Labels"]!
                .AsObject()
                .Select(label => label.Key)
                .Where(key => key.EndsWith(".created", StringComparison.Ordinal))
                .ToList()
        )
        {
            run["Labels"]!.AsObject().Remove(label);
        }

        return (
            [.. manifest["layers"]!.AsArray().Skip(1).Select(layer => Blob(layer!["digest"]!.GetValue<string>()))],
            [
                .. configuration["history"]!
                    .AsArray()
                    .Select(step => step!["comment"]?.GetValue<string>())
                    .OfType<string>(),
            ],
            $"{configuration["os"]} {configuration["architecture"]} {run.ToJsonString()}"
        );

        byte[] Blob(string digest) => read($"blobs/sha256/{digest["sha256:".Length..]}");
    }

    private static async Task<IReadOnlyList<string>> EntriesAsync(
        (IReadOnlyList<byte[]> Layers, IEnumerable<string>, string) image
    )
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in image.Layers)
        {
            using var stream = new MemoryStream(layer);
            await ReadAsync(
                stream,
                (entry, content) =>
                    entries[entry.Name.TrimEnd('/')] =
                        $"{entry.Name.TrimEnd('/')} {entry.EntryType} {entry.Mode} {entry.Uid}:{entry.Gid} {content.Length} {Convert.ToHexString(SHA256.HashData(content))}"
            );
        }

        return [.. entries.Values];
    }

    private static async Task ReadAsync(Stream packed, Action<TarEntry, byte[]> read)
    {
        // The archive of the SDK is not compressed, whatever its name.
        var isGzip = packed.ReadByte() == 0x1F;
        packed.Position = 0;
        await using var plain = isGzip ? new GZipStream(packed, CompressionMode.Decompress) : packed;
        await using var tar = new TarReader(plain);
        while (await tar.GetNextEntryAsync(cancellationToken: Token) is { } entry)
        {
            using var content = new MemoryStream();
            await (entry.DataStream?.CopyToAsync(content, Token) ?? Task.CompletedTask);
            read(entry, content.ToArray());
        }
    }
}
