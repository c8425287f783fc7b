using System.Text.RegularExpressions;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Tests.Names;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("hello-api", true)]
    [InlineData("team/app.web_1", true)]
    [InlineData("  trimmed  ", true)]
    [InlineData("my--app", false)]
    [InlineData("my---app", false)]
    [InlineData("team/my__app", false)]
    [InlineData("my--team/app", false)]
    public void A_legal_repository_name_is_taken(string name, bool isLegalInPublic)
    {
        RepositoryAddress.Parse(null, name).Repository.ShouldBe(name.Trim());
        RepositoryName.IsValid(name.Trim(), RegistryKind.Public).ShouldBe(isLegalInPublic);
    }

    [Theory]
    [InlineData(RegistryKind.Private, "a..b", "a.b")]
    [InlineData(RegistryKind.Private, "a___b", "a_b")]
    [InlineData(RegistryKind.Private, "a-_b", "a-b")]
    [InlineData(RegistryKind.Private, "a//b", "a/b")]
    [InlineData(RegistryKind.Private, "My--App__1___2", "my--app__1_2")]
    [InlineData(RegistryKind.Public, "my--app", "my-app")]
    [InlineData(RegistryKind.Public, "team/my__app", "team/my_app")]
    public void Separators_in_a_row_are_corrected_by_the_rules_of_the_registry(
        RegistryKind kind,
        string name,
        string corrected
    ) =>
        Should
            .Throw<ReferenceFormatException>(() => RepositoryName.Parse(name, kind))
            .Remedy.ShouldStartWith($"Use {corrected};");

    [Theory]
    [InlineData("HelloApi", "helloapi")]
    [InlineData("/hello/", "hello")]
    [InlineData("hello api", "hello-api")]
    [InlineData("a", "2 256")]
    [InlineData("é+é", ". _ - or /")]
    [InlineData(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app",
        "EcrRegistry 123456789012.dkr.ecr.eu-west-1.amazonaws.com app"
    )]
    [InlineData(
        "https://123456789012.DKR.ecr.eu-west-1.amazonaws.com/Team/App:1.0",
        "EcrRegistry 123456789012.dkr.ecr.eu-west-1.amazonaws.com team/app 1.0"
    )]
    [InlineData("public.ecr.aws/alias/app", "EcrRegistry public.ecr.aws/alias app")]
    [InlineData(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/",
        "EcrRegistry 123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    )]
    [InlineData("hello-api:1.0", "hello-api 1.0")]
    [InlineData("hello-api@sha256:0a1b", "hello-api")]
    public void An_illegal_repository_name_is_refused_with_the_corrected_spelling(string name, string facts) =>
        Should
            .Throw<ReferenceFormatException>(() => RepositoryName.Parse(name, RegistryKind.Private))
            .Remedy.ShouldMatch($" {string.Join("[,.;]? (.* )?", facts.Split(' ').Select(Regex.Escape))}[,.; ]");

    [Fact]
    public void Tags_keep_their_order_and_lose_repetitions() =>
        ImageTags.Parse(["1.0", "latest", " 1.0 "]).ShouldBe(["1.0", "latest"]);

    [Theory]
    [InlineData("1.0+build", "1.0_build")]
    [InlineData("-x", "x")]
    [InlineData("a b", "a-b")]
    [InlineData("", "latest")]
    public void An_illegal_tag_is_refused_with_the_corrected_spelling(string tag, string corrected) =>
        Should.Throw<ReferenceFormatException>(() => ImageTags.Parse([tag])).Remedy.ShouldEndWith($" {corrected}.");

    [Theory]
    [InlineData("app", null, "app", null, null)]
    [InlineData(" team/app:1.0 ", null, "team/app", "1.0", null)]
    [InlineData("app:1.0@sha256:0a1b", null, "app", "1.0", "sha256:0a1b")]
    [InlineData("team/app:feature/x", null, "team/app", "feature/x", null)]
    [InlineData("app:feature/x", null, "app", "feature/x", null)]
    [InlineData("app:v1/x", null, "app", "v1/x", null)]
    [InlineData(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:feature/x",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        "team/app",
        "feature/x",
        null
    )]
    [InlineData("docker-hub/library/app/", null, "docker-hub/library/app", null, null)]
    [InlineData(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        "app",
        "1",
        null
    )]
    [InlineData(
        "https://123456789012.DKR-ECR.eu-west-1.on.aws:443/app/",
        "123456789012.dkr-ecr.eu-west-1.on.aws",
        "app",
        null,
        null
    )]
    [InlineData("public.ecr.aws/alias/team/app:1", "public.ecr.aws/alias", "team/app", "1", null)]
    public void An_image_is_taken_apart(string text, string? registry, string repository, string? tag, string? digest)
    {
        var address = ImageAddress.FromText(text);

        var (found, path) = address.Locate();
        found?.ToString().ShouldBe(registry);
        (found is null).ShouldBe(registry is null);
        path.ShouldBe(repository);
        address.Tag.ShouldBe(tag);
        address.Digest.ShouldBe(digest);
    }

    [Theory]
    [InlineData("ghcr.io/app:1", "<account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData("registry:5000/app:1", "<account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData("[::1]/app:1", "<account>.dkr.ecr.<region>.amazonaws.com")]
    [InlineData(
        "http://123456789012.dkr.ecr.eu-west-1.amazonaws.com/app",
        " 123456789012.dkr.ecr.eu-west-1.amazonaws.com."
    )]
    [InlineData(
        "AWS:secret@123456789012.dkr.ecr.eu-west-1.amazonaws.com/app",
        " 123456789012.dkr.ecr.eu-west-1.amazonaws.com."
    )]
    public void An_image_of_no_ECR_registry_is_refused(string text, string remedy)
    {
        var refusal = Should.Throw<ReferenceFormatException>(() => ImageAddress.FromText(text).Locate());

        refusal.Part.ShouldBe(ReferencePart.Registry);
        refusal.Remedy.ShouldContain(remedy);
        refusal.Message.ShouldNotContain("secret");
    }
}
