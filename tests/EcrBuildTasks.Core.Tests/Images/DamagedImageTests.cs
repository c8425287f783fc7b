using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Core.Tests.Push.Registry;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Images;

public sealed class DamagedImageTests : IDisposable
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";

    private static readonly string[] DiffIds = ["sha256:x"];

    private readonly ToolImages _image = new ToolImages().Write();

    [Theory]
    [InlineData("config.digest", "\"sha256:../../../../etc/passwd\"", "\"sha256:../../../../etc/passwd\"")]
    [InlineData("config.digest", "\"sha512:00\"", "\"sha512:00\"")]
    [InlineData("config.digest", "null", "SHA-256")]
    [InlineData("config.size", "-1", " -1 bytes")]
    [InlineData("config.size", "9223372036854775807", " 9223372036854775807 bytes")]
    [InlineData("config.size", "1e99", "cannot be read")]
    [InlineData("config", "null", "descriptor")]
    [InlineData("layers.0", "null", "descriptor")]
    [InlineData("layers.0.size", "7", " 7 bytes")]
    [InlineData(
        "layers.0.digest",
        "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"",
        "0000000000000000000000000000000000000000000000000000000000000000 is missing"
    )]
    [InlineData("layers", "null", Manifest)]
    [InlineData("schemaVersion", "1", Manifest)]
    [InlineData("manifests", "[]", Manifest)]
    [InlineData("mediaType", "\"application/vnd.oci.image.index.v1+json\"", Manifest)]
    public async Task A_manifest_that_cannot_be_right_is_refused(string property, string value, string reason)
    {
        var manifest = ReadManifest();
        Set(manifest, property.Split('.'), JsonNode.Parse(value));
        _image.WriteIndex((_image.AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString())), Manifest, null));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("docker.image.rootfs.foreign.diff.tar.gzip", true, true, true)]
    [InlineData("docker.image.rootfs.foreign.diff.tar.gzip", true, false, true)]
    [InlineData("docker.image.rootfs.foreign.diff.tar.gzip", false, true, true)]
    [InlineData("docker.image.rootfs.foreign.diff.tar.gzip", false, false, false)]
    [InlineData("oci.image.layer.nondistributable.v1.tar+gzip", true, true, true)]
    [InlineData("oci.image.layer.nondistributable.v1.tar+gzip", true, false, true)]
    [InlineData("oci.image.layer.nondistributable.v1.tar+gzip", false, false, false)]
    [InlineData("oci.image.layer.v1.tar+gzip", true, true, true)]
    [InlineData("oci.image.layer.v1.tar+gzip", true, false, false)]
    public async Task A_layer_that_is_there_is_pushed_and_only_a_foreign_one_with_an_address_may_be_absent(
        string mediaType,
        bool hasUrls,
        bool isPresent,
        bool isPushed
    )
    {
        var manifest = ReadManifest();
        var digest = (string)manifest["layers"]![0]!["digest"]!;
        manifest["layers"]![0]!["mediaType"] = $"application/vnd.{mediaType}";
        if (hasUrls)
        {
            manifest["layers"]![0]!["urls"] = new JsonArray("https://example.com/layer");
        }

        if (!isPresent)
        {
            File.Delete(_image.BlobPath(digest));
        }

        _image.WriteIndex((_image.AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString())), Manifest, null));
        if (!isPushed)
        {
            (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain("is missing");
            return;
        }

        using var content = await Opened.OpenAsync(_image.Layout);
        await using var scene = await RegistryScene.OpenAsync();
        await scene.PushAsync(content);

        (await scene.DigestOfAsync("1.0.0")).ShouldBe(content.Root.Digest);
        content.Layers.Any(layer => layer.Digest == digest).ShouldBe(isPresent);
        (await scene.AbsentBytesAsync(content)).ShouldBe(0);
    }

    [Theory]
    [InlineData("config", "", true)]
    [InlineData("layers.0", "", true)]
    [InlineData("config", "AAAA", false)]
    [InlineData("layers.0", "AAAA", false)]
    [InlineData("layers.0", "not base64", false)]
    public async Task A_blob_that_only_the_manifest_contains_is_pushed_if_it_is_intact(
        string blob,
        string prefix,
        bool isIntact
    )
    {
        var manifest = ReadManifest();
        var bytes = Encoding.UTF8.GetBytes($$"""{"of":"{{Guid.NewGuid()}}"}""");
        var descriptor = JsonSerializer.SerializeToNode(ToolImages.Describe("application/json", bytes))!;
        descriptor["data"] = prefix + Convert.ToBase64String(bytes);
        Set(manifest, blob.Split('.'), descriptor);
        _image.WriteIndex((_image.AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString())), Manifest, null));
        if (!isIntact)
        {
            (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain(ToolImages.DigestOf(bytes));
            return;
        }

        using var content = await Opened.OpenAsync(_image.Layout);
        await content.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task A_configuration_larger_than_any_image_has_is_pushed_as_artifacts_have_them()
    {
        var manifest = ReadManifest();
        manifest["config"] = JsonSerializer.SerializeToNode(
            ToolImages.Describe("application/octet-stream", _image.AddBlob(new byte[9 << 20]))
        );
        _image.WriteIndex((_image.AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString())), Manifest, null));

        using var content = await Opened.OpenAsync(_image.Layout);

        await content.ShouldBeWholeAsync();
        (await content.ReadPlatformsAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zstd", new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0 })]
    [InlineData("xz", new byte[] { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0 })]
    [InlineData("bzip2", new byte[] { 0x42, 0x5a, 0x68, 0x39, 0x31 })]
    public async Task An_archive_in_another_compression_than_gzip_is_told_how_to_unpack_it(string program, byte[] start)
    {
        var path = Path.Combine(_image.Folder, "image.tar");
        await File.WriteAllBytesAsync(path, [.. start, .. new byte[600]], TestContext.Current.CancellationToken);

        (await Opened.RefusedAsync(path)).Message.ShouldContain($"`{program} -d`");
    }

    [Theory]
    [InlineData("config")]
    [InlineData("layers.0")]
    public async Task A_blob_of_no_bytes_is_refused_because_ECR_does_not_take_it(string blob)
    {
        var manifest = ReadManifest();
        Set(
            manifest,
            blob.Split('.'),
            JsonSerializer.SerializeToNode(ToolImages.Describe("application/octet-stream", _image.AddBlob([])))
        );
        _image.WriteIndex((_image.AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString())), Manifest, null));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain("0 bytes");
    }

    [Fact]
    public async Task A_property_that_stands_twice_in_a_manifest_is_refused()
    {
        var twice = ReadManifest().ToJsonString()[..^1] + ",\"layers\":[]}";
        _image.WriteIndex((_image.AddBlob(Encoding.UTF8.GetBytes(twice)), Manifest, null));

        await Opened.RefusedAsync(_image.Layout);
    }

    [Fact]
    public async Task A_manifest_of_an_unknown_type_is_refused_by_its_type()
    {
        _image.WriteIndex((_image.Manifest, "application/vnd.docker.distribution.manifest.v1+prettyjws", null));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain("v1+prettyjws");
    }

    [Fact]
    public async Task A_manifest_or_configuration_that_was_changed_is_refused()
    {
        var configuration = _image.BlobPath((string)ReadManifest()["config"]!["digest"]!);
        var bytes = await File.ReadAllBytesAsync(configuration, TestContext.Current.CancellationToken);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(configuration, bytes, TestContext.Current.CancellationToken);

        var failure = await Opened.RefusedAsync(_image.Layout);

        failure.Message.ShouldContain("damaged");
        failure.Message.ShouldContain(Path.GetFileName(configuration));
    }

    [Fact]
    public async Task A_manifest_beyond_the_size_that_ECR_takes_is_refused()
    {
        var manifest = ReadManifest();
        manifest["annotations"] = new JsonObject { ["padding"] = new string('x', 4 << 20) };
        _image.WriteIndex((_image.AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString())), Manifest, null));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain("4194304");
    }

    [Fact]
    public async Task Indexes_nested_without_end_are_refused()
    {
        var inner = (Bytes: _image.Manifest, Type: Manifest);
        for (var depth = 0; depth < 20; depth++)
        {
            inner = (_image.AddIndex(inner), Index);
        }

        _image.WriteIndex((inner.Bytes, Index, null));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain("nested");
    }

    [Fact]
    public async Task An_index_of_more_than_a_thousand_manifests_is_refused()
    {
        var many = Enumerable
            .Range(0, 1_001)
            .Select(number =>
            {
                var manifest = ReadManifest();
                manifest["annotations"] = new JsonObject { ["number"] = $"{number}" };
                return (_image.AddBlob(Encoding.UTF8.GetBytes(manifest.ToJsonString())), Manifest);
            })
            .ToArray();
        _image.WriteIndex((_image.AddIndex(many), Index, null));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain("1000 manifests");
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_layout_is_not_followed()
    {
        var layer = _image.BlobPath((string)ReadManifest()["layers"]![0]!["digest"]!);
        var outside = Path.Combine(_image.Folder, "outside");
        File.Move(layer, outside);
        File.CreateSymbolicLink(layer, outside);

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain(outside);
    }

    [Theory]
    // A link of the layer, and what the folder "inner" beside it is, in the layout of the folder "layout".
    [InlineData("../../inner/file", "../outside", false)]
    [InlineData("../../inner/file", "{outside}", false)]
    [InlineData("../../inner/../inner/file", "../outside", false)]
    [InlineData("../../second/inner/file", "../outside", false)]
    [InlineData("../../inner/file", "../layout/real/../../outside", false)]
    [InlineData("{layout}/inner/file", "../outside", false)]
    [InlineData("../../inner/file", "inner", false)]
    [InlineData("../../inner/file", "real", true)]
    [InlineData("../../second/inner/file", "real", true)]
    [InlineData("{layout}/inner/file", "{layout}/real", true)]
    public async Task A_link_over_another_link_leads_out_of_the_layout_no_more(string link, string inner, bool isInside)
    {
        var layer = _image.BlobPath((string)ReadManifest()["layers"]![0]!["digest"]!);
        var outside = Directory.CreateDirectory(Path.Combine(_image.Folder, "outside")).FullName;
        var real = Directory.CreateDirectory(Path.Combine(_image.Layout, "real")).FullName;
        File.Copy(layer, Path.Combine(outside, "file"));
        File.Move(layer, Path.Combine(real, "file"));
        Directory.CreateSymbolicLink(Path.Combine(_image.Layout, "second"), ".");
        Directory.CreateSymbolicLink(Path.Combine(_image.Layout, "inner"), Placed(inner));
        File.CreateSymbolicLink(layer, Placed(link));

        if (isInside)
        {
            using var content = await Opened.OpenAsync(_image.Layout);
            await content.ShouldBeWholeAsync();
        }
        else
        {
            await Opened.RefusedAsync(_image.Layout);
        }

        string Placed(string path) =>
            path.Replace("{layout}", _image.Layout, StringComparison.Ordinal)
                .Replace("{outside}", outside, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd", "\"/etc/passwd\"")]
    [InlineData("../layer.tar", "\"../layer.tar\"")]
    [InlineData("link-out", "../../etc/passwd")]
    [InlineData("loop", " loop ")]
    [InlineData("twice", "more than once")]
    [InlineData("absent", " absent ")]
    [InlineData("line\u0000break\n", "line\\u0000break\\u000A")]
    public async Task A_saved_image_that_refers_to_what_is_none_of_its_members_is_refused(string layer, string reason)
    {
        var path = Path.Combine(_image.Folder, "saved.tar");
        await using (var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax))
        {
            void Add(string name, byte[] content) =>
                tar.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
                );
            void Link(string name, string target) =>
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });
            Link("link-out", "../../etc/passwd");
            Link("loop", "loop");
            Add("twice", [1]);
            Add("twice", [2]);
            Add("c.json", JsonSerializer.SerializeToUtf8Bytes(new { rootfs = new { diff_ids = DiffIds } }));
            Add(
                "manifest.json",
                JsonSerializer.SerializeToUtf8Bytes(new[] { new { Config = "c.json", Layers = new[] { layer } } })
            );
        }

        var failure = await Opened.RefusedAsync(path);

        failure.Message.ShouldContain(reason);
        failure.Message.ShouldContain(path);
        failure.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_configuration_says_is_refused_before_anything_is_sent()
    {
        var path = await _image.CopyAsync("docker-archive", "image.tar");
        await using (var file = File.Open(path, FileMode.Open))
        {
            file.Position = 20_000;
            file.WriteByte(0xff);
            file.WriteByte(0xfe);
        }

        (await Opened.RefusedAsync(path)).Message.ShouldContain("damaged");
    }

    [Fact]
    public async Task What_had_to_be_compressed_is_gone_with_the_image()
    {
        var good = await _image.CopyAsync("docker-archive", "image.tar");
        string workspace;
        using (var content = await Opened.OpenAsync(good))
        {
            workspace = WorkspaceOf(content);
            Directory.Exists(workspace).ShouldBeTrue();
        }

        Directory.Exists(workspace).ShouldBeFalse();
    }

    [Property(MaxTest = 300)]
    public FsCheck.Property Whatever_is_broken_in_an_archive_either_it_is_refused_or_a_whole_image_comes_out() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            seed => IsRefusedOrWholeAsync(Mangle(new Random(seed))).GetAwaiter().GetResult()
        );

    public void Dispose() => _image.Dispose();

    /// <summary>Small archives of each format, so that most damage hits what is read.</summary>
    private static readonly Lazy<byte[][]> Archives = new(() =>
    {
        using var image = new ToolImages().Write();
        using var sdk = TestArchive.Create("hello:1.0", layerBytes: 100);
        using var packed = TestArchive.Create("hello:1.0", layerBytes: 100, gzip: true);
        using var layout = new MemoryStream();
        // Without the layers, which nobody reads.
        foreach (var blob in Directory.GetFiles(image.Layout, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(blob).Length > 100_000)
            {
                File.WriteAllBytes(blob, []);
            }
        }

        System.Formats.Tar.TarFile.CreateFromDirectory(image.Layout, layout, includeBaseDirectory: false);
        return [File.ReadAllBytes(sdk.Path), File.ReadAllBytes(packed.Path), layout.ToArray()];
    });

    private static byte[] Mangle(Random random)
    {
        var bytes = Archives.Value[random.Next(Archives.Value.Length)].ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var position = random.Next(bytes.Length);
            // Most of what is read stands in the headers, at the beginning of a block.
            position =
                random.Next(2) == 0 ? position : Math.Min(position / 512 * 512 + random.Next(160), bytes.Length - 1);
            bytes[position] = (byte)random.Next(256);
        }

        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static async Task<bool> IsRefusedOrWholeAsync(byte[] archive)
    {
        var path = Path.Combine(Path.GetTempPath(), $"mangled-{Guid.NewGuid():N}.tar");
        await File.WriteAllBytesAsync(path, archive);
        try
        {
            using var content = await ImageContents.OpenAsync(
                new ImageSource.Archive(path),
                EngineSearch.Usual,
                CancellationToken.None
            );
            return ToolImages.DigestOf(content.Root.Content.ToArray()) == content.Root.Digest
                && content.Root.Named().All(named => content.Blobs.Any(blob => blob.Digest == named.Digest));
        }
        catch (PushException failure)
        {
            return failure.Code == EcrCode.ArchiveInvalid && failure.Message.Contains(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private JsonNode ReadManifest() => JsonNode.Parse(_image.Manifest)!;

    private static void Set(JsonNode document, string[] path, JsonNode? value)
    {
        foreach (var step in path[..^1])
        {
            document = int.TryParse(step, out var number) ? document[number]! : document[step]!;
        }

        if (int.TryParse(path[^1], out var last))
        {
            document[last] = value;
        }
        else
        {
            document[path[^1]] = value;
        }
    }

    private static string WorkspaceOf(EcrBuildTasks.Images.ImageContent content) =>
        ((EcrBuildTasks.Images.Workspace)content.Workspace!).Folder!;
}
