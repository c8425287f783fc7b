using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>One image to several registries side by side.</summary>
public sealed class SeveralTargetsTests
{
    [Fact]
    public async Task Layers_are_read_once_for_uploads_that_keep_pace()
    {
        await using var here = await RegistryScene.OpenAsync();
        await using var there = await RegistryScene.OpenAsync();
        var layer = new MemoryBlob(TestImage.Random(6_000_000));
        using var image = TestImage.Of(layer).Shared();

        await Task.WhenAll(here.PushAsync(image), there.PushAsync(image));

        layer.BytesRead.ShouldBe(layer.Length);
        (await here.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
        (await there.BlobAsync(layer.Digest)).ShouldBe(layer.Bytes);
    }

    [Fact]
    public async Task A_registry_that_fails_does_not_stop_the_other()
    {
        await using var here = await RegistryScene.OpenAsync();
        await using var there = await RegistryScene.OpenAsync();
        using var image = TestImage.Of(TestImage.Random(3_000_000)).Shared();

        var refused = Should.ThrowAsync<PushException>(() => there.PushAsync(image, repository: "missing"));
        var pushed = await here.PushAsync(image);

        (await refused).Code.ShouldBe(EcrCode.RepositoryMissing);
        (await here.DigestOfAsync("1.0.0")).ShouldBe(pushed.Digest);
    }
}
