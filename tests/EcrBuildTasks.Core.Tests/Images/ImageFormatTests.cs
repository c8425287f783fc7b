using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Images;

public sealed class ImageFormatTests : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly ToolImages _image = new ToolImages().Write();

    [Fact]
    public async Task A_layout_keeps_its_manifest_byte_for_byte()
    {
        using var content = await Opened.OpenAsync(_image.Layout);

        await content.ShouldBeWholeAsync();
        content.Root.MediaType.ShouldBe("application/vnd.oci.image.manifest.v1+json");
        content
            .Root.Content.ToArray()
            .ShouldBe(await File.ReadAllBytesAsync(_image.BlobPath(content.Root.Digest), Token));
        (await content.DiffIdsAsync()).ShouldBe(_image.DiffIds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_of_a_layout_is_the_image_that_the_folder_is(bool gzip)
    {
        var archive = await _image.CopyAsync("oci-archive", "image.tar");
        if (gzip)
        {
            (await Cli.RunAsync("gzip", [archive], cancellationToken: Token)).EnsureSuccess();
            archive += ".gz";
        }

        using var content = await Opened.OpenAsync(archive);
        using var folder = await Opened.OpenAsync(_image.Layout);

        await content.ShouldBeWholeAsync();
        content.Root.Digest.ShouldBe(folder.Root.Digest);
    }

    [Fact]
    public async Task Layers_that_an_archive_of_containers_image_holds_plain_are_compressed()
    {
        var archive = await _image.CopyAsync("docker-archive", "image.tar");

        using var content = await Opened.OpenAsync(archive);

        await content.ShouldBeWholeAsync();
        content.Root.MediaType.ShouldBe("application/vnd.docker.distribution.manifest.v2+json");
        (await content.DiffIdsAsync()).ShouldBe(_image.DiffIds);
        content.SizeInBytes.ShouldBeLessThan(_image.Layers.Sum(layer => layer.Length) * 3 / 4);
    }

    [Fact]
    public async Task Compressing_a_layer_again_gives_the_same_digest()
    {
        var archive = await _image.CopyAsync("docker-archive", "image.tar");

        using var first = await Opened.OpenAsync(archive);
        using var second = await Opened.OpenAsync(archive);

        second.Root.Digest.ShouldBe(first.Root.Digest);
    }

    [Fact]
    public async Task A_layer_can_be_sent_as_soon_as_it_is_compressed()
    {
        var archive = await _image.CopyAsync("docker-archive", "image.tar");
        var ready = new List<Blob>();
        using var workspace = new Workspace { LayerReady = ready.Add };

        using var content = await ImageContents.OpenAsync(
            ImageSource.Parse(archive),
            EngineSearch.Usual,
            workspace,
            Token
        );

        ready.ShouldBe(content.Layers);
        await content.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task Cancelling_while_layers_are_compressed_stops_at_once_and_leaves_no_file()
    {
        var archive = await _image.CopyAsync("docker-archive", "image.tar");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ready = 0;
        string folder;
        using (var workspace = new Workspace())
        {
            workspace.LayerReady = _ =>
            {
                ready++;
                cancellation.Cancel();
            };

            await Should.ThrowAsync<OperationCanceledException>(() =>
                ImageContents.OpenAsync(ImageSource.Parse(archive), EngineSearch.Usual, workspace, cancellation.Token)
            );
            folder = workspace.Folder!;
        }

        ready.ShouldBe(1);
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_disk_that_is_full_while_a_layer_is_compressed_is_told_with_what_to_do()
    {
        var archive = await _image.CopyAsync("docker-archive", "image.tar");
        using var workspace = new Workspace();
        var taken = int.Parse(Path.GetFileName(workspace.NewFile()), CultureInfo.InvariantCulture);
        // The second layer: what is written there meets a device that is always full.
        File.CreateSymbolicLink(Path.Combine(workspace.Folder!, $"{taken + 2}"), "/dev/full");

        var failure = await Should.ThrowAsync<PushException>(() =>
            ImageContents.OpenAsync(ImageSource.Parse(archive), EngineSearch.Usual, workspace, Token)
        );

        failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
        failure.Message.ShouldContain("No space left on device");
        failure.Message.ShouldContain("TMPDIR");
    }

    [Fact]
    public async Task What_compressing_would_not_make_smaller_is_stored_as_it_is()
    {
        byte[] layer = [.. RandomNumberGenerator.GetBytes(3_000_000), .. new byte[1_000_000]];
        using var workspace = new Workspace();

        var packed = await LayerCompression.RunAsync(default, new MemoryStream(layer), workspace, Token);

        packed.Blob.Size.ShouldBeInRange(3_000_000, 3_010_000);
        packed.DiffId.ShouldBe(ToolImages.DigestOf(layer));
        await using var gzip = new GZipStream(new BlobStream(packed.Blob.Content), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await gzip.CopyToAsync(unpacked, Token);
        unpacked.ToArray().ShouldBe(layer);
    }

    [Fact]
    public async Task Layers_packed_with_zstd_pass_as_they_are()
    {
        var layout = await _image.CopyAsync("oci", "zstd", "1.0", "--dest-compress-format", "zstd", "--dest-compress");

        using var content = await Opened.OpenAsync(layout);

        await content.ShouldBeWholeAsync();
        content
            .Root.Named()
            .Skip(1)
            .ShouldAllBe(layer => layer.MediaType == "application/vnd.oci.image.layer.v1.tar+zstd");
    }

    [Fact]
    public async Task The_archive_of_the_SDK_is_opened_without_a_copy()
    {
        using var archive = TestArchive.Create("hello-api:1.0");

        using var content = await Opened.OpenAsync(archive.Path);

        await content.ShouldBeWholeAsync();
        content.Root.Named()[0].Digest.ShouldBe(archive.ImageId);
        content.Root.Named()[1].MediaType.ShouldBe("application/vnd.docker.image.rootfs.diff.tar.gzip");
    }

    public void Dispose() => _image.Dispose();
}
