using System.IO.Compression;
using System.Text;
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
public sealed class ArchiveLimitTests : IDisposable
{
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
        ["folders of 128 MiB"] = () => Enumerable.Repeat(Member("folder", '5'), 129 * 2048),
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
        using var stream = new MemoryStream();
        Attacks[attack]().ToList().ForEach(block => stream.Write(block));
        stream.Write(Image(manifestLength: Attacks[attack]().Any() ? 512 : 9 * Mebibyte));
        var tar = stream.ToArray();
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

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task OpenAsync(string path, Way way, StubService engine)
    {
        EngineSearch search = new($"tcp://{engine.Url.Authority}", EnvironmentVariables.None);
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
            ImageSource source = way == Way.Direct ? new ImageSource.Archive(path) : new ImageSource.EngineImage("x:1");
            (await ImageContents.OpenAsync(source, search, Token)).Dispose();
        }
    }

    /// <summary>An engine that holds the image, and takes every archive and every push.</summary>
    private static Func<ReceivedRequest, StubAnswer> Answer(byte[] tar) =>
        request =>
            request.Path.EndsWith("/get", StringComparison.Ordinal)
                ? new(200, Encoding.Latin1.GetString(tar), "application/x-tar; charset=iso-8859-1")
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
    private static byte[] Image(int manifestLength)
    {
        var layer = Member("x", 'x', Long)[..512];
        return TestArchive.Tar(
            ("layer.tar", layer),
            ("config.json", Padded($$"""{"rootfs":{"diff_ids":["{{TestImage.Digest(layer)}}"]} }""", 1024)),
            ("manifest.json", Padded("""[{"Config":"config.json","Layers":["layer.tar"]}]""", manifestLength))
        );
    }

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
