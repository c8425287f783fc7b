using EcrBuildTasks.Reporting;

namespace EcrBuildTasks.Core.Tests.Reporting;

public sealed class TargetNameTests
{
    [Theory]
    [InlineData("444455556666.eu-west-1/api", "444455556666.us-east-1/api", "eu-west-1")]
    [InlineData("444455556666.eu-west-1/api", "777788889999.eu-west-1/api", "444455556666")]
    [InlineData("444455556666.eu-west-1/api", "444455556666.eu-west-1/web", "api")]
    [InlineData("444455556666.eu-west-1/api", "777788889999.us-east-1/web", "444455556666 eu-west-1 api")]
    [InlineData("444455556666.eu-west-1/api", "444455556666.eu-west-1/api", null)]
    public void One_of_several_targets_is_called_by_what_sets_it_apart(string one, string other, string? name) =>
        Request(one).NameAmong([Request(one), Request(other)]).ShouldBe(name);

    [Fact]
    public void A_public_registry_is_called_by_its_alias()
    {
        var (acme, other, own) = (Public("acme"), Public("a1b2c3d4"), Request("444455556666.eu-west-1/api"));

        acme.NameAmong([acme, other]).ShouldBe("acme");
        acme.NameAmong([acme, own]).ShouldBe("acme public");
        own.NameAmong([acme, own]).ShouldBe("444455556666 eu-west-1");
    }

    [Fact]
    public void The_only_target_needs_no_name() =>
        Request("444455556666.eu-west-1/api").NameAmong([Request("444455556666.eu-west-1/api")]).ShouldBeNull();

    private static PushRequest Public(string alias) =>
        new()
        {
            Registry = $"public.ecr.aws/{alias}",
            Repository = "api",
            Tags = ["1"],
        };

    private static PushRequest Request(string image)
    {
        var (account, region, repository) = image.Split('.', '/') switch
        {
            [var a, var r, var name] => (a, r, name),
            _ => throw new ArgumentException(image, nameof(image)),
        };
        return new()
        {
            Registry = $"{account}.dkr.ecr.{region}.amazonaws.com",
            Repository = repository,
            Tags = ["1"],
        };
    }
}
