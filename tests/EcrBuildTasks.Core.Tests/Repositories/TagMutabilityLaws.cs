using System.Text.RegularExpressions;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tags;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Which tags a repository keeps in place, over all modes, filters and tags.</summary>
[Properties(Arbitrary = [typeof(Rules)])]
public sealed class TagMutabilityLaws
{
    private static readonly string[] Modes =
    [
        "MUTABLE",
        "IMMUTABLE",
        "MUTABLE_WITH_EXCLUSION",
        "IMMUTABLE_WITH_EXCLUSION",
    ];

    [Property]
    public bool A_filter_matches_as_a_pattern_does_in_which_a_star_is_any_text(Filter filter, Tag tag) =>
        new TagMutability("IMMUTABLE_WITH_EXCLUSION", [filter.Text]).FiltersMatching(tag.Text).Count
        == 1
        == Regex.IsMatch(
            tag.Text,
            $"^{Regex.Escape(filter.Text).Replace("\\*", ".*", StringComparison.Ordinal)}$",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );

    [Property]
    public bool Without_exclusions_the_mode_alone_decides(Filter[] filters, Tag tag) =>
        Mode("IMMUTABLE", filters).IsImmutable(tag.Text) && !Mode("MUTABLE", filters).IsImmutable(tag.Text);

    [Property]
    public bool With_exclusions_the_two_modes_are_each_others_opposite(Filter[] filters, Tag tag) =>
        Mode("IMMUTABLE_WITH_EXCLUSION", filters).IsImmutable(tag.Text)
        != Mode("MUTABLE_WITH_EXCLUSION", filters).IsImmutable(tag.Text);

    [Property]
    public bool One_filter_more_never_keeps_a_tag_that_an_immutable_repository_lets_go(
        Filter[] filters,
        Filter more,
        Tag tag
    ) =>
        Mode("IMMUTABLE_WITH_EXCLUSION", filters).IsImmutable(tag.Text)
        || !Mode("IMMUTABLE_WITH_EXCLUSION", [.. filters, more]).IsImmutable(tag.Text);

    [Property]
    public bool The_tag_itself_as_a_filter_lets_it_go(Filter[] filters, Tag tag) =>
        !Mode("IMMUTABLE_WITH_EXCLUSION", [.. filters, new(tag.Text)]).IsImmutable(tag.Text);

    [Property]
    public bool A_push_is_in_the_way_of_nothing_that_can_be_moved(int mode, Filter[] filters, Tag[] there, Tag[] absent)
    {
        var mutability = Mode(Modes[(mode & int.MaxValue) % Modes.Length], filters);
        var tags = new ExistingTags(
            [.. there.Select(tag => new TaggedImage(tag.Text, "sha256:0", 1))],
            [.. absent.Select(tag => tag.Text)],
            mutability
        );
        var isFree = there.All(tag => !mutability.IsImmutable(tag.Text));
        return tags.Decide(IfTagExists.Fail) == (isFree ? TagDecision.Push : TagDecision.Fail)
            && tags.Decide(IfTagExists.Skip)
                == (
                    isFree ? TagDecision.Push
                    : absent.Length == 0 ? TagDecision.Skip
                    : TagDecision.Fail
                )
            && (tags with { Mutability = null }).Decide(IfTagExists.Fail) is TagDecision.Push;
    }

    private static TagMutability Mode(string mode, Filter[] filters) =>
        new(mode, [.. filters.Select(filter => filter.Text)]);

    public sealed record Filter(string Text);

    public sealed record Tag(string Text);

    /// <summary>Few letters, so that filters match often.</summary>
    public static class Rules
    {
        public static Arbitrary<Filter> Filters() =>
            Texts('a', '1', '.', '-', '*').Select(text => new Filter(text)).ToArbitrary();

        public static Arbitrary<Tag> Tags() => Texts('a', '1', '.', '-').Select(text => new Tag(text)).ToArbitrary();

        private static Gen<string> Texts(params char[] letters) =>
            Gen.Elements(letters).NonEmptyListOf().Select(list => string.Concat(list.Take(6)));
    }
}
