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
    [InlineData(
        "webapi",
        "packages application",
        "-p:RuntimeIdentifiers=\"linux-x64;linux-arm64\"",
        "-p:ContainerRuntimeIdentifiers=\"linux-x64;linux-arm64\"",
        "-mt"
    )]
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

        var ours = Directory
            .GetDirectories(Path.Combine(project.Folder, "obj"), "image", SearchOption.AllDirectories)
            .SelectMany(layout => Images(name => File.ReadAllBytes(Path.Combine(layout, name))))
            .OrderBy(image => image.Configuration, StringComparer.Ordinal)
            .ToList();
        var theirs = Images(name => ofSdk[name]).OrderBy(image => image.Configuration, StringComparer.Ordinal).ToList();
        ours.Select(image => string.Join(' ', image.Comments)).Distinct().ShouldBe([layers]);
        ours.Select(image => image.Configuration).ShouldBe(theirs.Select(image => image.Configuration));
        foreach (var (mine, other) in ours.Zip(theirs))
        {
            (await EntriesAsync(mine.Layers)).ShouldBe(await EntriesAsync(other.Layers));
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<Image> Images(Func<string, byte[]> read)
    {
        return OfIndex(JsonNode.Parse(read("index.json"))!);

        IEnumerable<Image> OfIndex(JsonNode index) =>
            index["manifests"]!
                .AsArray()
                .Select(item => JsonNode.Parse(Blob(item!))!)
                .SelectMany(node => node["manifests"] is null ? [Image.Read(node, Blob)] : OfIndex(node));

        byte[] Blob(JsonNode item) => read($"blobs/sha256/{item["digest"]!.GetValue<string>()["sha256:".Length..]}");
    }

    private static async Task<IReadOnlyList<string>> EntriesAsync(IReadOnlyList<byte[]> layers)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in layers)
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

    /// <param name="Layers">The application's.</param>
    /// <param name="Comments">The reasons for them.</param>
    /// <param name="Configuration">What a container is told.</param>
    private sealed record Image(IReadOnlyList<byte[]> Layers, IReadOnlyList<string> Comments, string Configuration)
    {
        public static Image Read(JsonNode manifest, Func<JsonNode, byte[]> blob)
        {
            var configuration = JsonNode.Parse(blob(manifest["config"]!))!;
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

            return new(
                [.. manifest["layers"]!.AsArray().Skip(1).Select(layer => blob(layer!))],
                [
                    .. configuration["history"]!
                        .AsArray()
                        .Select(step => step!["comment"]?.GetValue<string>())
                        .OfType<string>(),
                ],
                $"{configuration["os"]} {configuration["architecture"]} {run.ToJsonString()}"
            );
        }
    }
}
