using EcrBuildTasks.Policies.Names;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Policies.Tests.Names;

public sealed class PublicRegistryTests
{
    [Theory]
    [InlineData("public.ecr.aws/a1b2c3d4", "hello-api", "a1b2c3d4", "hello-api")]
    [InlineData("public.ecr.aws/my-team.x", "web/hello-api", "my-team.x", "web/hello-api")]
    [InlineData("public.ecr.aws", "a1b2c3d4/hello-api", "a1b2c3d4", "hello-api")]
    [InlineData("public.ecr.aws", "a1b2c3d4/web/hello-api", "a1b2c3d4", "web/hello-api")]
    [InlineData("Public.ECR.aws", "a1b2c3d4/hello-api", "a1b2c3d4", "hello-api")]
    [InlineData("public.ecr.aws/a1b2c3d4", "web/hello-api", "a1b2c3d4", "web/hello-api")]
    public void The_alias_stands_behind_the_host_or_before_the_repository(
        string registry,
        string repository,
        string alias,
        string name
    )
    {
        var address = RepositoryAddress.Parse(registry, repository);

        address.Repository.ShouldBe(name);
        address.Registry!.Kind.ShouldBe(RegistryKind.Public);
        address.Registry.Alias.ShouldBe(alias);
        address.Registry.Host.ShouldBe("public.ecr.aws");
        new ImageReference(address.Registry, name, ["1"]).ToString().ShouldBe($"public.ecr.aws/{alias}/{name}");
    }

    [Theory]
    [InlineData("hello-api")]
    [InlineData("1abc/hello-api")]
    public void A_repository_without_an_alias_is_refused_with_the_way_to_find_it(string repository)
    {
        var refused = Should.Throw<ReferenceFormatException>(() =>
            RepositoryAddress.Parse("public.ecr.aws", repository)
        );

        refused.Part.ShouldBe(ReferencePart.Alias);
        refused.Remedy.ShouldContain($"<alias>/{repository}");
        refused.Remedy.ShouldContain("aws ecr-public describe-registries");
    }

    [Fact]
    public void A_single_name_behind_the_host_is_not_taken_for_an_alias_without_a_repository()
    {
        var refused = Should.Throw<ReferenceFormatException>(() => RepositoryAddress.Parse("public.ecr.aws/hello", ""));

        refused.Part.ShouldBe(ReferencePart.Alias);
        refused.Remedy.ShouldStartWith("Write public.ecr.aws/<alias>/hello, or public.ecr.aws/hello/<repository>.");
    }

    [Fact]
    public void A_private_registry_takes_the_repository_as_it_is()
    {
        var address = RepositoryAddress.Parse("444455556666.dkr.ecr.eu-west-1.amazonaws.com", "team/hello-api");

        address.Repository.ShouldBe("team/hello-api");
        address.Registry!.Alias.ShouldBeNull();
        RepositoryAddress.Parse(null, "team/hello-api").Registry.ShouldBeNull();
    }

    [Fact]
    public void An_ARN_of_a_public_repository_has_no_region() =>
        EcrRegistry
            .Parse("public.ecr.aws/a1b2c3d4")
            .OwnedBy("444455556666")
            .RepositoryArn("web/hello-api")
            .ShouldBe("arn:aws:ecr-public::444455556666:repository/web/hello-api");

    [Fact]
    public void An_image_in_place_of_a_public_registry_is_refused_with_both_parts() =>
        Should
            .Throw<ReferenceFormatException>(() => EcrRegistry.Parse("public.ecr.aws/a1b2c3d4/hello-api"))
            .Remedy.ShouldMatch(" public.ecr.aws/a1b2c3d4 .* hello-api ");

    [Property]
    public Property A_public_registry_is_read_back_as_it_is_written() =>
        Prop.ForAll(
            Gen.Elements("a1", "a1b2c3d4", "my-team", "x9.y_z", new string('a', 50)).ToArbitrary(),
            alias =>
            {
                var registry = EcrRegistry.Parse($"public.ecr.aws/{alias}");
                return registry.Alias == alias && EcrRegistry.Parse(registry.ToString()) == registry;
            }
        );
}
