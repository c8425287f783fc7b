using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Registry;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Push.Registry;

/// <summary>A registry behind a proxy that opens TLS, with an authority of its own.</summary>
public sealed class CertificateTests
{
    [Fact]
    public async Task A_registry_is_trusted_by_the_certificates_of_the_bundle()
    {
        await using var scene = await RegistryScene.OpenAsync();
        await using var front = new TlsFront(scene.Emulator.Endpoint);
        using var pusher = new RegistryPusher(new PushTiming(), new CertificateBundle(front.BundlePath));
        using var image = TestImage.Of(TestImage.Random(2_000_000));

        await scene.PushAsync(pusher, image, front.Host, usePlainHttp: false);

        (await scene.DigestOfAsync("1.0.0")).ShouldBe(image.Root.Digest);
    }

    [Fact]
    public async Task Without_the_bundle_it_is_not_and_the_push_does_not_wait_for_it_to_change()
    {
        await using var scene = await RegistryScene.OpenAsync();
        await using var front = new TlsFront(scene.Emulator.Endpoint);
        using var pusher = new RegistryPusher(
            new PushTiming { FirstDelay = TimeSpan.FromHours(1), LongestDelay = TimeSpan.FromHours(1) }
        );
        using var image = TestImage.Of(TestImage.Random(1000));

        var failure = await Should.ThrowAsync<PushException>(() =>
            scene.PushAsync(pusher, image, front.Host, usePlainHttp: false)
        );

        failure.Code.ShouldBe(EcrCode.RegistryUnreachable);
        failure.Message.ShouldContain("certificate");
        scene.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bundle_that_cannot_be_read_is_named_where_certificates_matter()
    {
        await using var scene = await RegistryScene.OpenAsync();
        await using var front = new TlsFront(scene.Emulator.Endpoint);
        using var pusher = new RegistryPusher(new PushTiming(), new CertificateBundle("/nowhere/bundle.pem"));
        using var image = TestImage.Of(TestImage.Random(1000));

        var failure = await Should.ThrowAsync<PushException>(() =>
            scene.PushAsync(pusher, image, front.Host, usePlainHttp: false)
        );
        await scene.PushAsync(pusher, image, scene.Emulator.Endpoint.Authority, usePlainHttp: true);

        failure.Message.ShouldContain("/nowhere/bundle.pem");
        failure.Message.ShouldContain("AWS_CA_BUNDLE");
    }
}
