using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Core.Tests.Images;

/// <summary>Images for several platforms, and what Docker writes of them and of others since version 25.</summary>
public sealed class IndexTests : IDisposable
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";

    private static readonly string[] Names = ["hello:1.0"];

    private readonly ToolImages _image = new ToolImages().Write();

    [Fact]
    public async Task An_index_comes_after_what_it_names_and_a_shared_layer_comes_once()
    {
        var other = _image.AddManifest(_image.Layers[..1]);
        var attestation = _image.AddManifest([Encoding.UTF8.GetBytes("{}")]);
        var nested = _image.AddIndex((_image.Manifest, Manifest), (attestation, Manifest));
        var root = _image.AddIndex((other, Manifest), (nested, Index), (_image.Manifest, Manifest));
        _image.WriteIndex((root, Index, null));

        using var content = await Opened.OpenAsync(_image.Layout);

        await content.ShouldBeWholeAsync();
        content
            .Manifests.Select(manifest => manifest.Digest)
            .ShouldBe([.. new[] { other, _image.Manifest, attestation, nested, root }.Select(ToolImages.DigestOf)]);
    }

    [Fact]
    public async Task The_platforms_are_those_of_the_configuration_or_of_the_index_without_attestations()
    {
        var arm = _image.AddManifest(_image.Layers[..1], architecture: "arm64");
        var hostile = _image.AddManifest(_image.Layers[..1], architecture: "::error::\u202e");
        var attestation = _image.AddManifest([Encoding.UTF8.GetBytes("{}")], architecture: "unknown");
        var index = _image.AddPlatforms(
            (_image.Manifest, "linux", "amd64"),
            (arm, "linux", "arm64"),
            (hostile, "linux", "\e[31m"),
            (attestation, "unknown", "unknown")
        );

        (await PlatformsAsync(_image.Manifest, Manifest)).ShouldBe(["linux/amd64"]);
        (await PlatformsAsync(arm, Manifest)).ShouldBe(["linux/arm64"]);
        (await PlatformsAsync(hostile, Manifest)).ShouldBeEmpty();
        (await PlatformsAsync(index, Index)).ShouldBe(["linux/amd64", "linux/arm64"]);

        async Task<IReadOnlyList<string>> PlatformsAsync(byte[] manifest, string mediaType)
        {
            _image.WriteIndex((manifest, mediaType, null));
            using var content = await Opened.OpenAsync(_image.Layout);
            return await content.ReadPlatformsAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_index_that_names_what_the_layout_lacks_is_refused()
    {
        var other = _image.AddManifest(_image.Layers[..1]);
        _image.WriteIndex((_image.AddIndex((_image.Manifest, Manifest), (other, Manifest)), Index, null));
        File.Delete(_image.BlobPath(ToolImages.DigestOf(other)));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain(ToolImages.DigestOf(other)[7..]);
    }

    [Fact]
    public async Task Of_an_index_of_which_an_engine_saved_one_platform_this_platform_is_the_image()
    {
        var other = _image.AddManifest(_image.Layers[..1]);
        _image.WriteIndex((_image.AddIndex((other, Manifest), (_image.Manifest, Manifest)), Index, null));
        File.Delete(_image.BlobPath(ToolImages.DigestOf(other)));
        AddManifestJson();

        using var content = await Opened.OpenAsync(Tar());

        await content.ShouldBeWholeAsync();
        content.Manifests.ShouldHaveSingleItem().Digest.ShouldBe(ToolImages.DigestOf(_image.Manifest));
    }

    [Fact]
    public async Task The_plain_layers_that_an_engine_saved_in_a_layout_are_compressed()
    {
        var plain = _image.AddManifest(_image.Layers, layer => ("application/vnd.oci.image.layer.v1.tar", layer));
        _image.WriteIndex((plain, Manifest, "1.0"));
        AddManifestJson();

        using var content = await Opened.OpenAsync(Tar());

        await content.ShouldBeWholeAsync();
        content
            .Root.Named()
            .Skip(1)
            .ShouldAllBe(layer => layer.MediaType == "application/vnd.docker.image.rootfs.diff.tar.gzip");
        (await content.DiffIdsAsync()).ShouldBe(_image.DiffIds);
    }

    [Fact]
    public async Task The_plain_layers_of_a_mere_layout_are_what_its_owner_wanted()
    {
        var plain = _image.AddManifest(_image.Layers, layer => ("application/vnd.oci.image.layer.v1.tar", layer));
        _image.WriteIndex((plain, Manifest, "1.0"));

        using var content = await Opened.OpenAsync(_image.Layout);

        content.Root.Digest.ShouldBe(ToolImages.DigestOf(plain));
    }

    public void Dispose() => _image.Dispose();

    /// <summary>What `docker save` adds to a layout for older engines.</summary>
    private void AddManifestJson()
    {
        var manifest = JsonNode.Parse(_image.Manifest)!;
        File.WriteAllText(
            Path.Combine(_image.Layout, "manifest.json"),
            JsonSerializer.Serialize(
                new[]
                {
                    new
                    {
                        Config = NameOf((string)manifest["config"]!["digest"]!),
                        RepoTags = Names,
                        Layers = _image.DiffIds.Select(NameOf),
                    },
                }
            )
        );

        static string NameOf(string digest) => digest.Replace("sha256:", "blobs/sha256/");
    }

    private string Tar()
    {
        var path = Path.Combine(_image.Folder, "saved.tar");
        TarFile.CreateFromDirectory(_image.Layout, path, includeBaseDirectory: false);
        return path;
    }
}
