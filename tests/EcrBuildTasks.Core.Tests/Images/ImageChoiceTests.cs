using System.Text;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Images;

public sealed class ImageChoiceTests : IDisposable
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    private readonly ToolImages _image = new ToolImages().Write();

    [Fact]
    public async Task One_of_several_images_is_chosen_by_its_name()
    {
        var other = _image.AddManifest(_image.Layers[..1]);
        _image.WriteIndex((_image.Manifest, Manifest, "1.0"), (other, Manifest, "debug"));

        using var content = await Opened.OpenAsync($"{_image.Layout}:debug");

        content.Root.Digest.ShouldBe(ToolImages.DigestOf(other));
        await content.ShouldBeWholeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData(":2.0")]
    public async Task Without_the_name_of_one_several_images_are_listed(string choice)
    {
        var nameless = _image.AddManifest([]);
        _image.WriteIndex((_image.Manifest, Manifest, "1.0"), (nameless, Manifest, null));

        var message = (await Opened.RefusedAsync(_image.Layout + choice)).Message;

        message.ShouldContain("1.0");
        message.ShouldContain(ToolImages.DigestOf(nameless));
    }

    [Fact]
    public async Task One_of_several_nameless_images_is_chosen_by_its_digest()
    {
        var other = _image.AddManifest(_image.Layers[..1]);
        _image.WriteIndex((_image.Manifest, Manifest, null), (other, Manifest, null));
        var digest = ToolImages.DigestOf(other);

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain(digest);
        using var content = await Opened.OpenAsync($"{_image.Layout}:{digest}");

        content.Root.Digest.ShouldBe(digest);
        await content.ShouldBeWholeAsync();
    }

    [Fact]
    public async Task One_of_several_nameless_images_of_docker_save_is_chosen_by_its_configuration()
    {
        var path = Path.Combine(_image.Folder, "saved.tar");
        var layer = TestArchive.Tar(("file", [1]));
        byte[] Configuration(string author) =>
            Encoding.UTF8.GetBytes(
                $$"""{"author":"{{author}}","rootfs":{"diff_ids":["{{ToolImages.DigestOf(layer)}}"]} }"""
            );
        await File.WriteAllBytesAsync(
            path,
            TestArchive.Tar(
                ("layer.tar", layer),
                ("a.json", Configuration("a")),
                ("b.json", Configuration("b")),
                (
                    "manifest.json",
                    """[{"Config":"a.json","Layers":["layer.tar"]},{"Config":"b.json","RepoTags":[],"Layers":["layer.tar"]}]"""u8.ToArray()
                )
            ),
            TestContext.Current.CancellationToken
        );

        (await Opened.RefusedAsync(path)).Message.ShouldContain("a.json, b.json");
        using var content = await Opened.OpenAsync($"{path}:b.json");

        content.Root.Named()[0].Digest.ShouldBe(ToolImages.DigestOf(Configuration("b")));
        Encoding.UTF8.GetString(content.Root.Content.Span).ShouldContain("manifest.v2+json");
    }

    [Fact]
    public async Task Two_names_of_one_image_need_no_choice()
    {
        _image.WriteIndex((_image.Manifest, Manifest, "1.0"), (_image.Manifest, Manifest, "latest"));

        using var content = await Opened.OpenAsync(_image.Layout);

        content.Root.Digest.ShouldBe(ToolImages.DigestOf(_image.Manifest));
    }

    [Fact]
    public async Task A_folder_that_is_no_layout_is_told_what_it_lacks()
    {
        File.Delete(Path.Combine(_image.Layout, "oci-layout"));

        (await Opened.RefusedAsync(_image.Layout)).Message.ShouldContain("oci-layout");
    }

    [Fact]
    public void A_name_with_a_tag_is_an_image_of_the_engine_and_a_path_that_is_not_there_is_told()
    {
        ImageSource.Parse("hello-api:1.0").ShouldBe(new ImageSource.EngineImage("hello-api:1.0"));
        ImageSource.Parse("localhost:5000/hello-api:1.0").ShouldBeOfType<ImageSource.EngineImage>();
        Should
            .Throw<PushException>(() => ImageSource.Parse("./no-such-folder"))
            .Code.ShouldBe(EcrCode.SourceImageMissing);
    }

    public void Dispose() => _image.Dispose();
}
