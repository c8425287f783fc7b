using Docker.DotNet.Models;
using EcrBuildTasks.Push.Engine;
using EngineDescription = EcrBuildTasks.Push.Engine.EngineDescription;

namespace EcrBuildTasks.Core.Tests.Push;

/// <summary>Kinds of engines, by what they answer.</summary>
public sealed class EngineDescriptionTests
{
    private static readonly EngineEndpoint Endpoint = new(new Uri("unix:///run/docker.sock"), "a default socket");

    [Fact]
    public void A_rootless_Docker_with_images_in_containerd_is_known_as_both() =>
        EngineDescription
            .Describe(
                Endpoint,
                new()
                {
                    SecurityOptions = ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"],
                    Driver = "overlayfs",
                    DriverStatus =
                    [
                        ["driver-type", "io.containerd.snapshotter.v1"],
                    ],
                },
                new() { Version = "29.0.1", Components = [new() { Name = "Engine", Version = "29.0.1" }] }
            )
            .ShouldBe(new(Endpoint, "Docker", "29.0.1", IsRootless: true, KeepsImagesInContainerd: true));

    [Fact]
    public void A_Docker_with_its_own_store_is_neither() =>
        EngineDescription
            .Describe(
                Endpoint,
                new()
                {
                    SecurityOptions = ["name=seccomp,profile=builtin"],
                    DriverStatus =
                    [
                        ["Backing Filesystem", "extfs"],
                        ["Using metacopy", "false"],
                    ],
                },
                new() { Version = "28.2.2", Components = [new() { Name = "Engine", Version = "28.2.2" }] }
            )
            .ShouldBe(new(Endpoint, "Docker", "28.2.2", IsRootless: false, KeepsImagesInContainerd: false));

    [Fact]
    public void An_engine_that_tells_next_to_nothing_is_described_all_the_same() =>
        EngineDescription
            .Describe(
                Endpoint,
                new() { ServerVersion = "5.0.0" },
                new() { Components = [new() { Name = "Podman Engine" }] }
            )
            .ShouldBe(new(Endpoint, "Podman", "5.0.0", IsRootless: false, KeepsImagesInContainerd: false));
}
