using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using EcrBuildTasks.Core.Tests.Aws;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Core.Tests.Push.Registry;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Push;
using EcrBuildTasks.Push.Engine;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Images;

/// <summary>Archives that would fill the memory or the disk of whoever reads them, by every way that an image can come.</summary>
public sealed partial class ArchiveLimitTests(ArchiveLimitTests.WrittenAttacks written)
    : IClassFixture<ArchiveLimitTests.WrittenAttacks>,
        IDisposable
{
    /// <summary>Each attack's archive, written once for all the ways.</summary>
    public sealed class WrittenAttacks
    {
        private readonly Dictionary<string, byte[]> _archives = new(StringComparer.Ordinal);

        public byte[] Get(string attack)
        {
            if (!_archives.TryGetValue(attack, out var archive))
            {
                _archives[attack] = archive = WriteAttack(attack);
            }

            return archive;
        }
    }

    public enum Way
    {
        Direct,
        ThroughEngine,
        FromEngine,
    }

    private const int Mebibyte = 1 << 20;

    private static readonly Dictionary<string, Func<IEnumerable<byte[]>>> Attacks = new(StringComparer.Ordinal)
    {
        ["manifest.json of 9 MiB"] = () => [],
        ["GNU long name"] = () => [Member("././@LongLink", 'L', Long), Member("x", '0')],
        ["GNU long link"] = () => [Member("././@LongLink", 'K', Long), Member("x", '0')],
        ["attributes of a member"] = () => [Member("p", 'x', $"{Long.Length + 10} path={Long}\n"), Member("x", '0')],
        ["attributes of all"] = () => [Member("p", 'g', $"{Long.Length + 10} path={Long}\n"), Member("x", '0')],
        ["100 001 links"] = () => Enumerable.Range(0, 100_001).Select(number => Member($"{number}", '2')),
        // Each of the two kinds of headers alone would be within the limit.
        ["folders of 128 MiB"] = () =>
            Enumerable
                .Repeat(Member("././@LongLink", 'L', Long[..Mebibyte]), 127)
                .SelectMany(name => (byte[][])[name, Member("x", '5')])
                .Concat(Enumerable.Repeat(Member("folder", '5'), 2 * 2048)),
    };

    private static readonly string Id = $"sha256:{new string('a', 64)}";

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-limits-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Long => new('n', 2 * Mebibyte);

    public static IEnumerable<TheoryDataRow<string, Way, bool>> Rows =>
        from attack in Attacks.Keys
        from way in Enum.GetValues<Way>()
        from isGzip in (bool[])(way == Way.ThroughEngine ? [false, true] : [false])
        select new TheoryDataRow<string, Way, bool>(attack, way, isGzip);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task An_archive_beyond_a_limit_is_refused_whichever_way_it_comes(string attack, Way way, bool isGzip)
    {
        var tar = written.Get(attack);
        await using var engine = await StubService.StartAsync(Answer(tar));
        var path = Write(tar, isGzip);

        var failure = await Should.ThrowAsync<PushException>(() => OpenAsync(path, way, engine));

        failure.Code.ShouldBe(EcrCode.ArchiveInvalid, failure.Message);
        engine.Requests.Where(request => request.Path.EndsWith("/load", StringComparison.Ordinal)).Count().ShouldBe(0);
    }

    [Theory]
    [InlineData(Way.ThroughEngine, false)]
    [InlineData(Way.ThroughEngine, true)]
    [InlineData(Way.FromEngine, false)]
    public async Task What_a_file_says_is_no_header(Way way, bool isGzip)
    {
        var tar = Image(manifestLength: 512);
        await using var engine = await StubService.StartAsync(Answer(tar));
        var path = Write(tar, isGzip);

        await OpenAsync(path, way, engine);
    }

    [Theory]
    [InlineData(200, 0, false)]
    [InlineData(50, 0, true)]
    [InlineData(200, 40 * Mebibyte, true)]
    public async Task An_archive_is_unpacked_as_far_as_its_size_makes_that_plausible(
        int percentOfRatio,
        long alwaysUnpacked,
        bool isUnpacked
    )
    {
        // Zeros are compressed to about a thousandth, random bytes not at all.
        var random = TestImage.Random(100_000);
        var zeros = new byte[(int)(percentOfRatio * (double)random.Length)];
        var tar = TestArchive.Tar(("random", random), ("zeros", zeros));
        var path = Write(tar, isGzip: true);
        using var workspace = new Workspace();

        var reading = ImageArchive.ReadAsync(path, workspace, Token, alwaysUnpacked);

        if (isUnpacked)
        {
            (await reading).Find("zeros")!.Length.ShouldBe(zeros.Length);
        }
        else
        {
            var failure = await Should.ThrowAsync<PushException>(reading);
            failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
            new DirectoryInfo(workspace.Folder!).EnumerateFiles().Sum(file => file.Length).ShouldBeLessThan(tar.Length);
        }
    }

    [Theory]
    [InlineData("archive", Way.Direct)]
    [InlineData("layer", Way.Direct)]
    [InlineData("layer", Way.FromEngine)]
    [InlineData("other", Way.FromEngine)]
    public async Task What_does_not_fit_on_the_drive_is_refused_before_it_fills_it(string large, Way way)
    {
        var content = TestArchive.Tar(("random", TestImage.Random(2 * Mebibyte)));
        var tar = large == "layer" ? Image(512, content) : Image(512, other: [.. content.Reverse()]);
        await using var engine = await StubService.StartAsync(Answer(tar));
        var path = Write(tar, isGzip: large == "archive");

        await OpenAsync(_ => null);
        await OpenAsync(written => (2 * tar.Length) - written);
        long? free = null;
        var failure = await Should.ThrowAsync<PushException>(() =>
            OpenAsync(written => free = Mebibyte + 999 - written)
        );

        failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
        failure.Message.ShouldContain($"{free} bytes");
        failure.Message.ShouldContain(Path.GetTempPath());
        var needed = long.Parse(NeededBytes().Match(failure.Message).Value, CultureInfo.InvariantCulture);
        needed.ShouldBeInRange(free!.Value + 1, tar.Length + 999);

        async Task OpenAsync(Func<long, long?> freeAfter)
        {
            using var workspace = new Workspace
            {
                FreeBytes = folder => freeAfter(new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length)),
            };
            using var image = await ImageContents.OpenAsync(Source(path, way), Search(engine), workspace, Token);
        }
    }

    [Fact]
    public void The_free_bytes_of_a_folder_are_those_of_its_mount_and_unknown_where_nobody_counts()
    {
        foreach (var drive in DriveInfo.GetDrives().Where(drive => drive.IsReady && drive.TotalSize > 0))
        {
            var expected = drive.AvailableFreeSpace;
            Workspace
                .FindFreeBytes(Path.Combine(drive.RootDirectory.FullName, "."))!
                .Value.ShouldBeInRange((long)(expected * 0.9), (long)(expected * 1.1));
        }

        Workspace.FindFreeBytes(Path.Combine(_folder, "missing")).ShouldBeNull();
        Workspace.FindFreeBytes("/proc").ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task OpenAsync(string path, Way way, StubService engine)
    {
        var search = Search(engine);
        if (way == Way.ThroughEngine)
        {
            using var pusher = await DockerEnginePusher.OpenAsync(search, Token);
            await pusher.PushAsync(
                Pushes.To("127.0.0.1:1", "team/x", new ImageSource.Archive(path), ["1.0"]),
                new Recorder(),
                Token
            );
        }
        else
        {
            (await ImageContents.OpenAsync(Source(path, way), search, Token)).Dispose();
        }
    }

    private static ImageSource Source(string path, Way way) =>
        way == Way.FromEngine ? new ImageSource.EngineImage("x:1") : new ImageSource.Archive(path);

    private static EngineSearch Search(StubService engine) =>
        new($"tcp://{engine.Url.Authority}", EnvironmentVariables.None);

    private static byte[] WriteAttack(string attack)
    {
        using var stream = new MemoryStream();
        foreach (var block in Attacks[attack]())
        {
            stream.Write(block);
        }

        stream.Write(Image(manifestLength: stream.Length > 0 ? 512 : 9 * Mebibyte));
        return stream.ToArray();
    }

    /// <summary>An engine that holds the image, and takes every archive and every push.</summary>
    private static Func<ReceivedRequest, StubAnswer> Answer(byte[] tar) =>
        request =>
            request.Path.EndsWith("/get", StringComparison.Ordinal) ? new(200, "", "application/x-tar") { Bytes = tar }
            : request.Path.EndsWith("/images/json", StringComparison.Ordinal) ? new(200, "[]", "application/json")
            : request.Path.EndsWith("/load", StringComparison.Ordinal)
                ? new(200, $$"""{"stream":"Loaded image ID: {{Id}}\n"}""", "application/json")
            : request.Path.EndsWith("/push", StringComparison.Ordinal)
                ? new(200, $$$"""{"aux":{"Tag":"1.0","Digest":"{{{Id}}}","Size":7}}""", "application/json")
            : request.Path.EndsWith("/tag", StringComparison.Ordinal) ? new(201, "")
            : new(200, $$"""{"Id":"{{Id}}","Size":7}""", "application/json");

    private string Write(byte[] tar, bool isGzip)
    {
        var path = Path.Combine(_folder, "image.tar");
        using Stream file = File.Create(path);
        using var target = isGzip ? new GZipStream(file, CompressionLevel.Optimal) : file;
        target.Write(tar);
        return path;
    }

    /// <summary>
    /// An image whose layer would be a header that is too large, and which a connection delivers in one piece of the size of one.
    /// </summary>
    private static byte[] Image(int manifestLength, byte[]? layer = null, byte[]? other = null)
    {
        layer ??= Member("x", 'x', Long)[..512];
        return TestArchive.Tar(
            ("other", other ?? []),
            ("layer.tar", layer),
            ("config.json", Padded($$"""{"rootfs":{"diff_ids":["{{TestImage.Digest(layer)}}"]} }""", 1024)),
            ("manifest.json", Padded("""[{"Config":"config.json","Layers":["layer.tar"]}]""", manifestLength))
        );
    }

    [GeneratedRegex("[0-9]+(?= bytes are needed)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NeededBytes();

    private static byte[] Padded(string text, int length) => Encoding.ASCII.GetBytes(text.PadRight(length));

    /// <summary>A header with its content, which a writer would not write.</summary>
    private static byte[] Member(string name, char type, string content = "")
    {
        var block = new byte[512 + ((content.Length + 511) / 512 * 512)];
        Put(name, 0);
        Put("0000644\0" + "0000000\0" + "0000000\0" + Convert.ToString(content.Length, 8).PadLeft(11, '0') + "\0", 100);
        Put("00000000000\0" + "        " + type, 136);
        Put("ustar\0" + "00", 257);
        Put(content, 512);
        Put(Convert.ToString(block[..512].Sum(value => value), 8).PadLeft(6, '0') + "\0 ", 148);
        return block;

        void Put(string text, int at) => Encoding.ASCII.GetBytes(text).CopyTo(block, at);
    }
}
