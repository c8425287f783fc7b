using EcrBuildTasks.Registry;

namespace EcrBuildTasks.Core.Tests.Registry;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("hello-api")]
    [InlineData("team/app.web_1")]
    [InlineData("  trimmed  ")]
    public void A_legal_repository_name_is_taken(string name) => RepositoryName.Parse(name).ShouldBe(name.Trim());

    [Theory]
    [InlineData("HelloApi", "Write helloapi;")]
    [InlineData("hello__api", "Write hello_api;")]
    [InlineData("/hello/", "Write hello;")]
    [InlineData("hello api", "Write hello-api;")]
    [InlineData("a", "A name has 2 to 256 characters; this one has 1.")]
    [InlineData("é+é", "Use lower-case letters and digits")]
    [InlineData(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app",
        "Set EcrRegistry to 123456789012.dkr.ecr.eu-west-1.amazonaws.com and the repository to app."
    )]
    public void An_illegal_repository_name_is_refused_with_the_mended_spelling(string name, string remedy) =>
        Should.Throw<ReferenceFormatException>(() => RepositoryName.Parse(name)).Remedy.ShouldStartWith(remedy);

    [Fact]
    public void Tags_keep_their_order_and_lose_repetitions() =>
        ImageTags.Parse(["1.0", "latest", " 1.0 "]).ShouldBe(["1.0", "latest"]);

    [Theory]
    [InlineData("1.0+build", "1.0_build")]
    [InlineData("-x", "x")]
    [InlineData("a b", "a-b")]
    [InlineData("", "latest")]
    public void An_illegal_tag_is_refused_with_the_mended_spelling(string tag, string mended) =>
        Should.Throw<ReferenceFormatException>(() => ImageTags.Parse([tag])).Remedy.ShouldContain($"{mended} would do");
}
