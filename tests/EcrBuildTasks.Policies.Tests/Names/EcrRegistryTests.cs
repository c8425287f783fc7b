using EcrBuildTasks.Policies.Names;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Policies.Tests.Names;

public sealed class EcrRegistryTests
{
    [Theory]
    [InlineData("dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1", "aws", "api.ecr.eu-west-1.amazonaws.com")]
    [InlineData("dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1", "aws", "api.ecr-fips.us-east-1.amazonaws.com")]
    [InlineData("dkr-ecr.eu-west-1.on.aws", "eu-west-1", "aws", "ecr.eu-west-1.api.aws")]
    [InlineData("dkr-ecr-fips.us-gov-west-1.on.aws", "us-gov-west-1", "aws-us-gov", "ecr-fips.us-gov-west-1.api.aws")]
    [InlineData(
        "dkr.ecr.us-gov-east-1.amazonaws.com",
        "us-gov-east-1",
        "aws-us-gov",
        "api.ecr.us-gov-east-1.amazonaws.com"
    )]
    [InlineData("dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "aws-cn", "api.ecr.cn-north-1.amazonaws.com.cn")]
    [InlineData(
        "dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
        "cn-north-1",
        "aws-cn",
        "ecr.cn-north-1.api.amazonwebservices.com.cn"
    )]
    [InlineData("dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "aws-iso", "api.ecr.us-iso-east-1.c2s.ic.gov")]
    [InlineData("dkr-ecr.us-iso-west-1.on.aws.ic.gov", "us-iso-west-1", "aws-iso", "ecr.us-iso-west-1.api.aws.ic.gov")]
    [InlineData(
        "dkr.ecr.us-isob-east-1.sc2s.sgov.gov",
        "us-isob-east-1",
        "aws-iso-b",
        "api.ecr.us-isob-east-1.sc2s.sgov.gov"
    )]
    [InlineData(
        "dkr-ecr.us-isob-east-1.on.aws.scloud",
        "us-isob-east-1",
        "aws-iso-b",
        "ecr.us-isob-east-1.api.aws.scloud"
    )]
    [InlineData(
        "dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk",
        "eu-isoe-west-1",
        "aws-iso-e",
        "api.ecr.eu-isoe-west-1.cloud.adc-e.uk"
    )]
    [InlineData(
        "dkr-ecr.eu-isoe-west-1.on.cloud-aws.adc-e.uk",
        "eu-isoe-west-1",
        "aws-iso-e",
        "ecr.eu-isoe-west-1.api.cloud-aws.adc-e.uk"
    )]
    [InlineData(
        "dkr.ecr.us-isof-south-1.csp.hci.ic.gov",
        "us-isof-south-1",
        "aws-iso-f",
        "api.ecr.us-isof-south-1.csp.hci.ic.gov"
    )]
    [InlineData(
        "dkr-ecr.us-isof-south-1.on.aws.hci.ic.gov",
        "us-isof-south-1",
        "aws-iso-f",
        "ecr.us-isof-south-1.api.aws.hci.ic.gov"
    )]
    [InlineData(
        "dkr.ecr.eusc-de-east-1.amazonaws.eu",
        "eusc-de-east-1",
        "aws-eusc",
        "api.ecr.eusc-de-east-1.amazonaws.eu"
    )]
    [InlineData(
        "dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu",
        "eusc-de-east-1",
        "aws-eusc",
        "ecr.eusc-de-east-1.api.amazonwebservices.eu"
    )]
    public void A_private_host_gives_account_region_partition_and_API(
        string host,
        string region,
        string partition,
        string api
    )
    {
        var registry = EcrRegistry.Parse($"123456789012.{host}");

        registry.Host.ShouldBe($"123456789012.{host}");
        registry.Kind.ShouldBe(RegistryKind.Private);
        registry.Account.ShouldBe("123456789012");
        registry.Region.ShouldBe(region);
        ApiHostOf(registry).ShouldBe(api);
        registry.RepositoryArn("team/app").ShouldBe($"arn:{partition}:ecr:{region}:123456789012:repository/team/app");
        EcrRegistry.IsEcrHost(registry.Host).ShouldBeTrue();
    }

    [Theory]
    [InlineData("public.ecr.aws", null, "api.ecr-public.us-east-1.amazonaws.com")]
    [InlineData("public.ecr.aws/a1b2c3d4", "a1b2c3d4", "api.ecr-public.us-east-1.amazonaws.com")]
    [InlineData("https://public.ecr.aws/My-Alias/", "my-alias", "api.ecr-public.us-east-1.amazonaws.com")]
    [InlineData("ecr-public.aws.com/a1b2c3d4", "a1b2c3d4", "ecr-public.us-east-1.api.aws")]
    public void A_public_registry_gives_its_alias_and_API(string text, string? alias, string api)
    {
        var registry = EcrRegistry.Parse(text);

        registry.Kind.ShouldBe(RegistryKind.Public);
        registry.Alias.ShouldBe(alias);
        ApiHostOf(registry).ShouldBe(api);
        new ImageReference(registry, "app", ["1"])
            .ToString()
            .ShouldBe($"{registry.Host}/{(alias is null ? "" : alias + "/")}app");
    }

    [Theory]
    [InlineData("123456789012.DKR.ECR.EU-West-1.amazonaws.com")]
    [InlineData(" \n 123456789012.dkr.ecr.eu-west-1.amazonaws.com\n")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com:443")]
    [InlineData("https://123456789012.dkr.ecr.eu-west-1.amazonaws.com")]
    [InlineData("HTTPS://123456789012.dkr.ecr.eu-west-1.amazonaws.com:443/")]
    public void What_means_nothing_is_left_out_of_a_registry(string text) =>
        EcrRegistry.Parse(text).ShouldBe(EcrRegistry.Create("123456789012", "eu-west-1"));

    [Theory]
    [InlineData("ghcr.io", "<account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData("", "<account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData("12345.dkr.ecr.eu-west-1.amazonaws.com", "<account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData("api.ecr.eu-west-1.amazonaws.com", "<account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData("public.ecr.aws/-", "public.ecr.aws/<alias>")]
    [InlineData("{0}.cn", "{0}")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com", "{0:cn}")]
    [InlineData("123456789012.dkr-ecr.eu-west-1.amazonaws.com", "{0}")]
    [InlineData("123456789012.dkr.ecr-fips.us-east-1.on.aws", "123456789012.dkr-ecr-fips.us-east-1.on.aws")]
    [InlineData("http://{0}", "{0}")]
    [InlineData("{0}:5000", "{0}")]
    [InlineData("{0}/app", "{0} app")]
    [InlineData("https://{0}/team/app:1.0", "{0} team/app 1.0")]
    [InlineData("{0}/app@sha256:0a1b", "{0} app")]
    [InlineData("{0}@sha256:0a1b", "{0}")]
    [InlineData("{0}:1.0", "{0}")]
    [InlineData("public.ecr.aws/team/app", "public.ecr.aws/team app")]
    [InlineData("AWS:pass/w@rd@{0}", "{0}")]
    public void Another_registry_is_refused_with_the_corrected_spelling(string text, string facts)
    {
        var refusal = Should.Throw<ReferenceFormatException>(() => EcrRegistry.Parse(Spell(text)));

        refusal.Part.ShouldBe(ReferencePart.Registry);
        Spell(facts).Split(' ').ShouldBeSubsetOf(refusal.Remedy.Split(' ').Select(word => word.TrimEnd('.', ',')));
        refusal.Message.ShouldNotContain("rd@");

        static string Spell(string text) =>
            text.Replace("{0}", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", StringComparison.Ordinal)
                .Replace("{0:cn}", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-isoz-west-1.cloud.example", "AWS_ENDPOINT_URL_ECR")]
    [InlineData("123456789012.dkr-ecr.eu-isoz-west-1.on.cloud.example", "AWS_ENDPOINT_URL_ECR")]
    [InlineData(
        "000000000000.dkr.ecr.us-east-1.localhost.example:4566",
        "000000000000.dkr.ecr.us-east-1.amazonaws.com,"
    )]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaw.com", "123456789012.dkr.ecr.eu-west-1.amazonaws.com,")]
    public void A_host_of_a_partition_to_come_is_read_and_waits_for_an_endpoint(string host, string remedy)
    {
        var registry = EcrRegistry.Parse(host);

        registry.Host.ShouldBe(host);
        registry.Partition.IsKnown.ShouldBeFalse();
        registry.WithoutEndpoint().Remedy.ShouldContain($" {remedy}");
        registry.WithoutEndpoint().Remedy.ShouldContain("AWS_ENDPOINT_URL_ECR");
        EcrRegistry.IsEcrHost(host).ShouldBeFalse();
    }

    [Fact]
    public void The_caller_tells_the_name_of_a_partition_to_come()
    {
        var registry = EcrRegistry.Parse("123456789012.dkr.ecr.eu-isoz-west-1.cloud.example");

        registry
            .SeenBy("arn:aws-iso-z:sts::123456789012:assumed-role/ci/run-7")
            .RepositoryArn("app")
            .ShouldBe("arn:aws-iso-z:ecr:eu-isoz-west-1:123456789012:repository/app");
        registry.SeenBy("the caller").ShouldBe(registry);
        EcrRegistry
            .Create("123456789012", "eu-west-1")
            .SeenBy("arn:aws-cn:iam::123456789012:user/somebody")
            .Partition.Name.ShouldBe("aws");
    }

    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com", true)]
    [InlineData("123456789012.DKR-ECR-FIPS.us-east-1.on.aws", true)]
    [InlineData("https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1", true)]
    [InlineData("12345.dkr.ecr.eu-west-1.amazonaws.com", true)]
    [InlineData("000000000000.dkr.ecr.us-east-1.localhost.example:4566", true)]
    [InlineData("public.ecr.aws", true)]
    [InlineData(" Public.ECR.aws/alias ", true)]
    [InlineData("https://ecr-public.aws.com", true)]
    [InlineData("ghcr.io", false)]
    [InlineData("docker.io/public.ecr.aws.example", false)]
    [InlineData("mypublic.ecr.aws", false)]
    [InlineData("", false)]
    public void A_ContainerRegistry_is_taken_where_ECR_is_meant_however_it_is_spelt(string text, bool expected) =>
        EcrRegistry.IsMeantBy(text).ShouldBe(expected);

    [Property]
    public Property A_registry_is_read_back_from_what_it_says() =>
        Prop.ForAll(
            Registries.ToArbitrary(),
            registry =>
                EcrRegistry.Parse(registry.ToString()) == registry
                && EcrRegistry.Parse($" https://{registry}/".ToUpperInvariant()) == registry
        );

    [Property(MaxTest = 300)]
    public bool Any_text_is_a_registry_or_refused(string? text)
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

    private static Gen<EcrRegistry> Registries =>
        Gen.OneOf(
            from account in Gen.Choose(0, 999_999)
            from region in Gen.Elements(
                "eu-west-1",
                "us-gov-east-1",
                "cn-northwest-1",
                "us-iso-west-1",
                "us-isob-east-1",
                "eu-isoe-west-1",
                "us-isof-south-1",
                "eusc-de-east-1",
                "xx-new-1"
            )
            from isFips in Gen.Elements(true, false)
            from isDualStack in Gen.Elements(true, false)
            select EcrRegistry.Create($"{account:D12}", region, isFips, isDualStack),
            Gen.Elements(
                    "public.ecr.aws",
                    "ecr-public.aws.com",
                    "public.ecr.aws/my-1.alias_2",
                    "000000000000.dkr.ecr.us-east-1.localhost.example:4566",
                    "123456789012.dkr-ecr-fips.eu-isoz-west-1.on.cloud.example"
                )
                .Select(EcrRegistry.Parse)
        );

    private static string ApiHostOf(EcrRegistry registry) =>
        registry.Partition.ApiHost(registry.Kind, registry.Region, registry.IsFips, registry.IsDualStack);
}
