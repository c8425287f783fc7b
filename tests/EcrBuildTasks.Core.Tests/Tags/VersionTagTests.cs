using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>Which tags follow from a version, a commit and a branch.</summary>
public sealed class VersionTagTests
{
    [Theory]
    [InlineData("1.4.2", "1.4", "1", "latest")]
    [InlineData("1.4.2_build.7", "1.4", "1", "latest")]
    [InlineData("0.3.0", "0.3", "0", "latest")]
    [InlineData("1.4.2.7", "1.4", "1", "latest")]
    [InlineData("01.04.2", "1.4", "1", "latest")]
    [InlineData("1.4.2-beta.1")]
    [InlineData("1.4.2-rc1_build.7")]
    public void A_stable_version_has_three_floating_tags_and_a_prerelease_none(string tag, params string[] floating)
    {
        var tags = FloatingTags.FromTags([tag]);

        tags.Fixed.ShouldBe([tag]);
        tags.Floating.Select(other => other.Name).ShouldBe(floating);
    }

    [Theory]
    [InlineData("1.4", "Write 1.4.0.")]
    [InlineData("v1.4.2", "Write 1.4.2.")]
    [InlineData("v2_x", "Write 2.0.0_x.")]
    [InlineData("nightly", "1.4.2")]
    [InlineData("99999999999.1.1", "1.4.2")]
    public void Where_no_tag_is_a_version_none_floats_and_the_corrected_spelling_is_told(string tag, string remedy) =>
        Should.Throw<ReferenceFormatException>(() => FloatingTags.FromTags([tag])).Remedy.ShouldContain(remedy);

    [Fact]
    public void A_floating_tag_that_was_also_written_down_floats_all_the_same()
    {
        var tags = FloatingTags.FromTags(["1.4.2", "latest", "stable", "1.4"]);

        tags.Fixed.ShouldBe(["1.4.2", "stable"]);
        tags.Floating.Select(floating => floating.Name).ShouldBe(["1.4", "1", "latest"]);
    }

    [Theory]
    [InlineData("feature/login", "feature-login")]
    [InlineData("main", "main")]
    [InlineData("renovate/@types+node-22", "renovate--types_node-22")]
    [InlineData("-.x", "x")]
    [InlineData("größe", "gr--e")]
    [InlineData("1.4", "branch-1.4")]
    [InlineData("1", "branch-1")]
    [InlineData("1.4.2-rc.1", "branch-1.4.2-rc.1")]
    [InlineData("latest", "branch-latest")]
    [InlineData("v1.4.2", "v1.4.2")]
    [InlineData("release/1.4", "release-1.4")]
    public void A_branch_becomes_a_tag_that_neither_floats_nor_passes_for_a_version(string branch, string tag) =>
        RevisionTag.OfBranch(branch).ShouldBe(tag);

    [Fact]
    public void A_branch_of_which_no_letter_can_be_in_a_tag_is_refused() =>
        Should.Throw<ReferenceFormatException>(() => RevisionTag.OfBranch("日本")).Problem.ShouldContain("branch");

    [Property]
    public bool Whatever_a_branch_or_a_commit_is_called_its_tag_is_legal(NonNull<string> name) =>
        new Func<string, string>[] { RevisionTag.OfBranch, RevisionTag.OfCommit }.All(tagOf =>
            !name.Get.Any(char.IsAsciiLetterOrDigit)
            || (tagOf(name.Get) is var tag && IsLegal(tag) && VersionTag.Parse(tag) is null && tag != "latest")
        );

    [Property]
    public Property The_tags_of_a_version_are_legal_and_give_the_version_back() =>
        Prop.ForAll(
            Versions().ToArbitrary(),
            version =>
            {
                var tag = ImageTags.OfVersion(version);
                var tags = FloatingTags.FromTags([tag]);
                return tags.Floating.Select(floating => floating.Name).Prepend(tag).All(IsLegal)
                    && tags.Versions is [var read]
                    && read.Version == new NuGet.Versioning.NuGetVersion(version)
                    && tags.Floating.All(floating => VersionTag.Parse(floating.Name) is null);
            }
        );

    /// <summary>Versions as NuGet writes them, with and without prerelease and build metadata.</summary>
    private static Gen<string> Versions() =>
        from numbers in Gen.Choose(0, int.MaxValue).ListOf(3)
        from release in Labels()
        from metadata in Labels()
        select string.Join('.', numbers)
            + (release is "" ? "" : $"-{release}")
            + (metadata is "" ? "" : $"+{metadata}");

    private static Gen<string> Labels() =>
        from count in Gen.Choose(0, 3)
        from labels in Gen.Elements("alpha", "x-1", "7", "rc", "B", "20261125").ListOf(count)
        select string.Join('.', labels);

    /// <summary>The rule of the OCI distribution specification, letter by letter.</summary>
    private static bool IsLegal(string tag) =>
        tag.Length is >= 1 and <= 128
        && (char.IsAsciiLetterOrDigit(tag[0]) || tag[0] == '_')
        && tag.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
