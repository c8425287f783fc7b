using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Images.Packing;

/// <summary>The parts of an application, each a layer, from the one that changes least.</summary>
internal enum ApplicationPart
{
    /// <summary>.NET itself, in a self-contained application.</summary>
    Runtime,
    Packages,

    /// <summary>What the project builds, and its static files.</summary>
    Application,
}

/// <summary>A file that a build copies to its publish output: an item <c>ResolvedFileToPublish</c>.</summary>
/// <param name="RelativePath">Where it is in the publish output.</param>
/// <param name="SourcePath">The full path of its source.</param>
/// <param name="PackageId">The package that it comes from; empty for a file of the project.</param>
public sealed record PublishItem(string RelativePath, string SourcePath, string PackageId);

/// <summary>A file or folder of the publish output.</summary>
/// <param name="Name">Relative, with slashes.</param>
/// <param name="Path">The full path; <see langword="null"/> for a folder.</param>
/// <param name="Changed">When it was last changed, in whole seconds.</param>
internal sealed partial record ApplicationFile(string Name, string? Path, ApplicationPart Part, DateTimeOffset Changed)
{
    private const int SecondsPerDay = 24 * 60 * 60;

    /// <summary>The content, where it is not that of the file.</summary>
    public byte[]? Content { get; private init; }

    /// <summary>SHA-256 of the content.</summary>
    public ReadOnlyMemory<byte> Hash { get; private init; }

    public Stream Open() =>
        Content is not null ? new MemoryStream(Content) : new FileStream(Path!, FileMode.Open, FileAccess.Read);

    /// <summary>Reads the content, and sets the time that the file has in the image.</summary>
    /// <param name="epoch">The value of <c>SOURCE_DATE_EPOCH</c>, if it is set.</param>
    /// <param name="earlier">The time of the same file in the image before, by <see cref="TimeKey"/>.</param>
    public ApplicationFile Read(DateTimeOffset? epoch, IReadOnlyDictionary<string, DateTimeOffset> earlier)
    {
        if (Path is null)
        {
            return this with { Changed = LayerTar.FixedTime };
        }

        var content =
            epoch is { } date && Name.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal)
                ? Encoding.UTF8.GetBytes(
                    LastModified().Replace(File.ReadAllText(Path), date.ToString("R", CultureInfo.InvariantCulture))
                )
                : null;
        using var stream = content is null ? File.OpenRead(Path) : (Stream)new MemoryStream(content);
        var read = this with { Content = content, Hash = SHA256.HashData(stream) };
        return read with
        {
            Changed =
                Part is not ApplicationPart.Application ? LayerTar.FixedTime
                : epoch is { } latest ? latest - read.TimeOfContent
                : earlier.GetValueOrDefault(read.TimeKey, Changed),
        };
    }

    /// <summary>Name and content.</summary>
    public string TimeKey => $"{Convert.ToHexStringLower(Hash.Span)}/{Name}";

    /// <summary>ASP.NET Core makes an ETag of a static file's time and length, so files that differ must not have one time.</summary>
    private TimeSpan TimeOfContent =>
        TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(Hash.Span) % SecondsPerDay);

    [GeneratedRegex(
        """(?<="Name"\s*:\s*"Last-Modified"\s*,\s*"Value"\s*:\s*")[^"\\]*(?=")""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex LastModified();
}

/// <summary>The publish output of a project.</summary>
internal static partial class ApplicationFiles
{
    /// <summary>All files and folders in it, sorted by name; links are followed, as the .NET SDK does.</summary>
    /// <param name="items">What the build knows of the files.</param>
    /// <param name="packageFolders">Where packages are restored to.</param>
    public static IReadOnlyList<ApplicationFile> Find(
        string folder,
        IEnumerable<PublishItem> items,
        IReadOnlyList<string> packageFolders
    )
    {
        var parts = new Dictionary<string, ApplicationPart>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            parts[item.RelativePath.Replace('\\', '/')] = PartOf(item, packageFolders);
        }

        var root = new DirectoryInfo(folder);
        var files = new List<ApplicationFile>();
        foreach (
            var entry in root.EnumerateFileSystemInfos(
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.System }
            )
        )
        {
            var name = Path.GetRelativePath(root.FullName, entry.FullName).Replace('\\', '/');
            var isFolder = entry is DirectoryInfo;
            var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
            var changed = (
                (isLink ? entry.ResolveLinkTarget(returnFinalTarget: true) : null) ?? entry
            ).LastWriteTimeUtc;
            files.Add(
                new(
                    name,
                    isFolder ? null : entry.FullName,
                    isFolder ? ApplicationPart.Application : parts.GetValueOrDefault(name, ApplicationPart.Application),
                    DateTimeOffset.FromUnixTimeSeconds(new DateTimeOffset(changed).ToUnixTimeSeconds())
                )
            );
        }

        files.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return files;
    }

    private static ApplicationPart PartOf(PublishItem item, IReadOnlyList<string> packageFolders) =>
        RuntimePack().IsMatch(item.PackageId) ? ApplicationPart.Runtime
        : item.PackageId.Length > 0 ? ApplicationPart.Packages
        : packageFolders.Any(folder => item.SourcePath.StartsWith(folder, StringComparison.Ordinal))
            ? ApplicationPart.Packages
        : ApplicationPart.Application;

    [GeneratedRegex(
        @"^Microsoft\.\w+\.App\.Runtime\.",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RuntimePack();
}
