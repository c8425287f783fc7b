using EcrBuildTasks.Tags;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NuGet.Versioning;

namespace EcrBuildTasks.Core.Tests.Tags;

/// <summary>Builds that publish versions of one repository at the same moment, in every order of their calls.</summary>
public sealed class FloatingTagRaceTests
{
    [Property(MaxTest = 1000)]
    public Property However_builds_interleave_floating_tags_end_at_the_highest_version() =>
        Prop.ForAll(
            Races().ToArbitrary(),
            race =>
            {
                var repository = new InterleavedRepository(race.Seed);
                foreach (var (tag, digest) in race.There)
                {
                    repository.Tags[tag] = digest;
                }

                repository.Run([
                    .. race.Published.Select(
                        (version, index) => (Func<Task>)(() => PublishAsync(repository, version, $"sha256:{index}"))
                    ),
                ]);

                return FloatingTag
                    .FromVersions(race.Published.Select(VersionTag.Parse).OfType<VersionTag>())
                    .All(floating =>
                        repository.Tags.GetValueOrDefault(floating.Name) == ExpectedOf(floating, repository, race)
                    );
            }
        );

    [Property]
    public Property Published_one_after_the_other_in_either_order_the_higher_version_keeps_the_tags() =>
        Prop.ForAll(
            Races().ToArbitrary(),
            race =>
            {
                string[] EndOf(IEnumerable<string> order)
                {
                    var repository = new InterleavedRepository(race.Seed);
                    foreach (var version in order)
                    {
                        repository.Run([() => PublishAsync(repository, version, $"sha256:{version}")]);
                    }

                    return [.. repository.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag}")];
                }

                var distinct = race.Published.Distinct().ToList();
                return EndOf(distinct).SequenceEqual(EndOf(Enumerable.Reverse(distinct)));
            }
        );

    [Fact]
    public async Task A_tag_that_the_list_does_not_show_yet_is_not_written_again()
    {
        var written = new List<string>();
        var mover = new FloatingTagMover(
            _ =>
                Task.FromResult<IReadOnlyDictionary<string, string>>(
                    new Dictionary<string, string> { ["1.4.1"] = "old" }
                ),
            (tag, digest, _) =>
            {
                written.Add($"{tag}={digest}");
                return Task.CompletedTask;
            }
        );

        var moves = await mover.RunAsync(
            FloatingTags.FromTags(["1.4.2"]),
            "new",
            TestContext.Current.CancellationToken
        );

        written.ShouldBe(["1.4=new", "1=new", "latest=new"]);
        moves.ShouldAllBe(move => move.IsMoved);
    }

    /// <summary>The highest version wins, also where it was there before; where its tag did not float, nothing makes it.</summary>
    private static string? ExpectedOf(FloatingTag floating, InterleavedRepository repository, Race race)
    {
        var highest = repository
            .Tags.Keys.Select(VersionTag.Parse)
            .OfType<VersionTag>()
            .Where(tag => floating.Covers(tag.Version))
            .MaxBy(tag => tag.Version)!;
        return race.Published.Contains(highest.Tag)
            ? repository.Tags[highest.Tag]
            : race.There.GetValueOrDefault(floating.Name);
    }

    private static async Task PublishAsync(InterleavedRepository repository, string version, string digest)
    {
        await repository.PointAsync(version, digest, CancellationToken.None);
        await new FloatingTagMover(repository.ListAsync, repository.PointAsync).RunAsync(
            FloatingTags.FromTags([version]),
            digest,
            CancellationToken.None
        );
    }

    /// <summary>Up to four builds, also of the same version, in a repository with versions of its own and odd tags.</summary>
    private static Gen<Race> Races() =>
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from there in Versions().ListOf(3)
        from floated in Gen.Elements(true, false)
        from count in Gen.Choose(1, 4)
        from published in Versions().ListOf(count)
        select new Race(seed, Repository(there.Except(published), floated), [.. published]);

    private static Gen<string> Versions() =>
        from major in Gen.Choose(1, 2)
        from minor in Gen.Choose(3, 4)
        from patch in Gen.Choose(9, 11)
        from release in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant("-rc.1")))
        select $"{major}.{minor}.{patch}{release}";

    private static Dictionary<string, string> Repository(IEnumerable<string> versions, bool floated)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["nightly"] = "odd",
            ["v9.9.9"] = "odd",
            ["9.9"] = "odd",
            ["9.9.9.9.9"] = "odd",
            ["9.9.9-rc"] = "odd",
        };
        // In the order in which they would have been published.
        foreach (var version in versions.OrderBy(NuGetVersion.Parse))
        {
            tags[version] = $"there-{version}";
            foreach (var floating in floated ? FloatingTag.FromVersions([VersionTag.Parse(version)!]) : [])
            {
                tags[floating.Name] = tags[version];
            }
        }

        return tags;
    }

    private sealed record Race(int Seed, Dictionary<string, string> There, IReadOnlyList<string> Published);
}
