using EcrBuildTasks.Registry;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Registry;

public sealed class EcrRegistryTests
{
    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1", "aws")]
    [InlineData("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1", "aws")]
    [InlineData("123456789012.dkr-ecr.eu-west-1.on.aws", "eu-west-1", "aws")]
    [InlineData("123456789012.dkr-ecr-fips.us-gov-west-1.on.aws", "us-gov-west-1", "aws-us-gov")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "aws-cn")]
    [InlineData("123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1", "aws-cn")]
    [InlineData("123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "aws-iso")]
    [InlineData("123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "aws-iso-b")]
    [InlineData("123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "aws-iso-e")]
    [InlineData("123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", "aws-iso-f")]
    [InlineData("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "aws-eusc")]
    public void A_private_host_gives_account_region_and_partition(string host, string region, string partition)
    {
        var registry = EcrRegistry.Parse(host);

        registry.Host.ShouldBe(host);
        registry.Account.ShouldBe("123456789012");
        registry.Region.ShouldBe(region);
        registry.RepositoryArn("team/app").ShouldBe($"arn:{partition}:ecr:{region}:123456789012:repository/team/app");
    }

    [Theory]
    [InlineData("public.ecr.aws")]
    [InlineData("ecr-public.aws.com")]
    public void The_public_hosts_are_known(string host) => EcrRegistry.Parse(host).Kind.ShouldBe(RegistryKind.Public);

    [Theory]
    [InlineData("ghcr.io", "Write it as <account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData("12345.dkr.ecr.eu-west-1.amazonaws.com", "Write it as")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn", "Write it as")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com", "Write it as")]
    [InlineData(
        "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",
        "Write 123456789012.dkr.ecr.eu-west-1.amazonaws.com."
    )]
    [InlineData(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app",
        "Write 123456789012.dkr.ecr.eu-west-1.amazonaws.com as the registry and app as the repository."
    )]
    [InlineData("", "Write it as")]
    public void Another_host_is_refused_with_the_mended_spelling(string host, string remedy) =>
        Should.Throw<ReferenceFormatException>(() => EcrRegistry.Parse(host)).Remedy.ShouldStartWith(remedy);

    [Fact]
    public void The_case_of_a_host_does_not_matter() =>
        EcrRegistry
            .Parse("123456789012.DKR.ECR.EU-West-1.amazonaws.com")
            .ShouldBe(EcrRegistry.Of("123456789012", "eu-west-1"));

    [Property]
    public Property The_registry_of_an_account_is_read_back_from_its_host() =>
        Prop.ForAll(
            Gen.Choose(0, 999_999)
                .Zip(Gen.Elements("eu-west-1", "us-gov-east-1", "cn-northwest-1", "us-iso-west-1", "eusc-de-east-1"))
                .ToArbitrary(),
            pair =>
            {
                var registry = EcrRegistry.Of($"{pair.Item1:D12}", pair.Item2);
                return EcrRegistry.Parse(registry.Host) == registry;
            }
        );

    [Property(MaxTest = 300)]
    public bool Any_text_is_a_host_or_refused(string? text)
    {
        try
        {
            return EcrRegistry.Parse(text ?? "").Host.Length > 0;
        }
        catch (ReferenceFormatException)
        {
            return !EcrRegistry.IsEcrHost(text ?? "");
        }
    }
}
