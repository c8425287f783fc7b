namespace EcrBuildTasks.Tags;

/// <summary>
/// Moves floating tags after the version has been pushed, and never back. Builds may race: each lists the tags after its version
/// is there, and again after each tag that it wrote. The last writer of a floating tag therefore sees the highest version of
/// those that wrote before, and puts it back where it is not its own; a build whose version came later than that list moves the
/// tag by itself. Between a write and the list that follows a floating tag may stand for a lower version.
/// </summary>
/// <param name="list">Lists the tags of the repository, with their digests.</param>
/// <param name="point">Points a tag to the image of a digest.</param>
internal sealed class FloatingTagMover(
    Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>> list,
    Func<string, string, CancellationToken, Task> point
)
{
    /// <summary>More builds than publish one repository at the same moment.</summary>
    private const int MostLooks = 20;

    /// <summary>How long written tags are still corrected after the build is cancelled.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <param name="digest">The digest of the image under these tags.</param>
    /// <param name="cancellationToken">Stops it before a tag is written.</param>
    public async Task<IReadOnlyList<FloatingTagMove>> RunAsync(
        FloatingTags tags,
        string digest,
        CancellationToken cancellationToken
    )
    {
        if (tags.Floating.Count == 0)
        {
            return [];
        }

        var now = await ListAsync(tags, cancellationToken);
        var written = new Dictionary<FloatingTag, string>();
        foreach (var floating in tags.MovingIn(now).Where(floating => now.DigestOf(floating.Name) != digest))
        {
            written[floating] = digest;
        }

        if (written.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var grace = new CancellationTokenSource();
            await using var _ = cancellationToken.Register(() => grace.CancelAfter(Grace));
            try
            {
                await WriteAsync(written, grace.Token);
            }
            finally
            {
                now = await SettleAsync(tags, written, grace.Token);
            }
        }

        return
        [
            .. tags.Floating.Select(floating => new FloatingTagMove(
                floating.Name,
                tags.MovingIn(now).Contains(floating) ? null : now.HighestOf(floating)[0].Tag
            )),
        ];
    }

    /// <summary>Repeats until every written tag points to the highest existing version.</summary>
    private async Task<TagList> SettleAsync(
        FloatingTags tags,
        Dictionary<FloatingTag, string> written,
        CancellationToken cancellationToken
    )
    {
        var now = await ListAsync(tags, cancellationToken);
        for (var look = 1; look < MostLooks; look++)
        {
            var overtaken = new Dictionary<FloatingTag, string>();
            foreach (var (floating, last) in written)
            {
                // What was written last may not be listed yet: then it is no reason to write it again.
                string[] highest = [.. now.HighestOf(floating).Select(tag => now.DigestOf(tag.Tag) ?? last)];
                if (!highest.Contains(last) && !highest.Contains(now.DigestOf(floating.Name)))
                {
                    overtaken[floating] = highest[0];
                }
            }

            if (overtaken.Count == 0)
            {
                break;
            }

            await WriteAsync(overtaken, cancellationToken);
            foreach (var (floating, digest) in overtaken)
            {
                written[floating] = digest;
            }

            now = await ListAsync(tags, cancellationToken);
        }

        return now;
    }

    private async Task<TagList> ListAsync(FloatingTags tags, CancellationToken cancellationToken) =>
        new(await list(cancellationToken), tags.Versions);

    private Task WriteAsync(Dictionary<FloatingTag, string> digests, CancellationToken cancellationToken) =>
        Task.WhenAll(digests.Select(tag => point(tag.Key.Name, tag.Value, cancellationToken)));
}
