using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Push;

[Collection(RealEngine.OneAtATime)]
public sealed class ImageArchiveTests(RealEngine real)
{
    [Fact]
    public async Task A_truncated_archive_is_refused_with_its_path()
    {
        using var archive = TestArchive.Create();
        archive.Truncate();

        (await FailureAsync(archive.Path)).Message.ShouldContain(archive.Path);
    }

    [Fact]
    public async Task A_truncated_gzipped_archive_is_refused_with_its_path()
    {
        using var archive = TestArchive.Create(gzip: true);
        archive.Truncate();

        await FailureAsync(archive.Path);
    }

    [Fact]
    public async Task A_file_that_is_no_archive_is_refused_with_its_path()
    {
        using var archive = TestArchive.Create();
        await File.WriteAllTextAsync(archive.Path, new string('x', 5000), TestContext.Current.CancellationToken);

        await FailureAsync(archive.Path);
    }

    [Fact]
    public async Task An_archive_of_several_images_is_refused_because_it_is_not_clear_which_to_push()
    {
        using var archive = TestArchive.Create(images: 2);

        (await FailureAsync(archive.Path)).Message.ShouldContain(" 2 images");
    }

    [Fact]
    public async Task An_archive_that_lacks_a_layer_is_refused()
    {
        using var archive = TestArchive.Create(omitLayer: true);

        (await FailureAsync(archive.Path)).Message.ShouldContain("manifest.json");
    }

    [Fact]
    public async Task An_archive_that_does_not_exist_is_refused()
    {
        var path = Path.Combine(Path.GetTempPath(), "no", "such.tar.gz");

        (await FailureAsync(path)).Message.ShouldContain(path);
    }

    private async Task<PushException> FailureAsync(string path)
    {
        using var pusher = await real.OpenAsync();
        var before = await real.NamesAsync();
        var push = Pushes.To("127.0.0.1:1", "team/x", new ImageSource.Archive(path), ["1.0"]);

        var failure = await Should.ThrowAsync<PushException>(() =>
            pusher.PushAsync(push, new Recorder(), TestContext.Current.CancellationToken)
        );

        failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
        failure.Message.ShouldContain(path);
        (await real.NamesAsync()).ShouldBe(before);
        return failure;
    }
}
