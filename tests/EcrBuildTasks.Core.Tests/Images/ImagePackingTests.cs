using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Core.Tests.Push;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;
using EcrBuildTasks.Images.Packing;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Images;

/// <summary>The layers of an application, and the documents that describe them.</summary>
public sealed class ImagePackingTests : IDisposable
{
    private const string Built = "2026-11-30T04:44:26.8795028Z";
    private const string BaseLayer = "sha256:3577bbd4b74fa617dde913525b7b9a792df7454f1522c923709c99ac51abdcb9";

    /// <summary>What the SDK makes of an empty folder.</summary>
    private static readonly byte[] Template = TestArchive.Gzip(
        Tar(new PaxTarEntry(TarEntryType.Directory, "srv/x") { Uid = 1654, Mode = (UnixFileMode)0x1ED })
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-packing-").FullName;

    private string Packages => Path.Combine(_folder, "packages");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_file_is_in_the_layer_of_its_part_with_the_owner_and_place_of_the_SDK()
    {
        var output = Publish("a");

        var layers = await PackAsync(output, "image");

        layers.Select(layer => layer.Comment).ShouldBe(["runtime", "packages", "application"]);
        Names(layers[0]).ShouldBe(["srv/x", "srv/x/System.Private.CoreLib.dll"]);
        Names(layers[1])
            .ShouldBe(["srv/x", "srv/x/Lib.dll", "srv/x/de", "srv/x/de/Lib.resources.dll", "srv/x/native.so"]);
        Names(layers[2])
            .ShouldBe(["srv/x", "srv/x/App.dll", "srv/x/de", "srv/x/empty", "srv/x/wwwroot", "srv/x/wwwroot/site.css"]);
        foreach (var entry in layers.SelectMany(layer => layer.Entries))
        {
            entry.Uid.ShouldBe(1654);
            entry.Gid.ShouldBe(0);
            entry.Mode.ShouldBe((UnixFileMode)0x1ED);
        }
    }

    [Fact]
    public async Task The_same_output_gives_the_same_digests_in_another_folder_at_another_time_with_other_modes()
    {
        var epoch = EnvironmentVariables.None.With("SOURCE_DATE_EPOCH", "1764000000");
        var first = await PackAsync(Publish("a"), "one", epoch);
        var other = Publish(Path.Combine("another", "folder"));
        foreach (var file in Directory.EnumerateFiles(other, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 1, 2, 3, 4, 5, DateTimeKind.Utc));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead);
            }
        }

        var second = await PackAsync(other, "two", epoch, Built.Replace("2026", "2031", StringComparison.Ordinal));

        second.Select(layer => layer.Digest).ShouldBe(first.Select(layer => layer.Digest));
        Root("two").ShouldBe(Root("one"));
    }

    [Fact]
    public async Task Files_that_are_written_again_keep_their_times_and_others_do_not()
    {
        var output = Publish("a");
        var first = await PackAsync(output, "image");
        var root = Root("image");
        foreach (var file in Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }

        var same = await PackAsync(output, "image");
        var sameRoot = Root("image");
        await File.WriteAllTextAsync(Path.Combine(output, "App.dll"), "edited", Token);
        var edited = await PackAsync(output, "image");

        same.Select(layer => layer.Digest).ShouldBe(first.Select(layer => layer.Digest));
        sameRoot.ShouldBe(root);
        edited[0].Digest.ShouldBe(first[0].Digest);
        edited[1].Digest.ShouldBe(first[1].Digest);
        edited[2].Digest.ShouldNotBe(first[2].Digest);
        Directory.GetFiles(Path.Combine(_folder, "image", "blobs", "sha256")).Length.ShouldBe(5);
    }

    [Fact]
    public async Task Static_files_with_other_content_of_the_same_length_have_another_time()
    {
        var epoch = EnvironmentVariables.None.With("SOURCE_DATE_EPOCH", "1764000000");
        var output = Publish("a");
        var first = (await PackAsync(output, "image", epoch))[2];
        await File.WriteAllTextAsync(Path.Combine(output, "wwwroot", "site.css"), "a{}/*2*/", Token);

        var second = (await PackAsync(output, "image", epoch))[2];

        Time(second, "site.css").ShouldNotBe(Time(first, "site.css"));
        Time(second, "App.dll").ShouldBe(Time(first, "App.dll"));
        foreach (var entry in second.Entries)
        {
            entry.ModificationTime.ShouldBeLessThanOrEqualTo(DateTimeOffset.FromUnixTimeSeconds(1764000000));
        }

        static DateTimeOffset Time(Layer layer, string name) =>
            layer.Entries.Single(entry => entry.Name.EndsWith(name, StringComparison.Ordinal)).ModificationTime;
    }

    [Fact]
    public async Task The_documents_keep_what_the_SDK_wrote_but_layers_and_times()
    {
        await PackAsync(Publish("a"), "image", EnvironmentVariables.None.With("SOURCE_DATE_EPOCH", "1764000000"));

        var (manifest, configuration) = Documents("image");
        manifest["layers"]!.AsArray().Count.ShouldBe(4);
        manifest["layers"]![0]!["digest"]!.GetValue<string>().ShouldBe(BaseLayer);
        manifest["unknown"]!.GetValue<string>().ShouldBe("kept + as it is");
        configuration["rootfs"]!["diff_ids"]!.AsArray().Count.ShouldBe(4);
        configuration["history"]!.AsArray().Count.ShouldBe(4);
        configuration["history"]![0]!["created"]!.GetValue<string>().ShouldBe("1970-01-01T00:00:00Z");
        configuration["created"]!.GetValue<string>().ShouldStartWith("2025-11-24T");
        configuration["config"]!["Labels"]!["org.opencontainers.image.created"]!
            .GetValue<string>()
            .ShouldStartWith("2025");
        // The project has set it.
        configuration["config"]!["Labels"]!["org.opencontainers.artifact.created"]!
            .GetValue<string>()
            .ShouldBe("2020-02-02T00:00:00Z");
        configuration["config"]!["Entrypoint"]![1]!.GetValue<string>().ShouldBe("/srv/x/App.dll");
    }

    [Fact]
    public async Task Without_a_split_the_layer_of_the_SDK_stays()
    {
        var layers = await PackAsync(publishFolder: null, "image");

        layers.ShouldHaveSingleItem().Digest.ShouldBe(Digest.Compute(Template));
        Documents("image").Configuration["created"]!.GetValue<string>().ShouldBe(Built);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("1764000000000")]
    public async Task An_epoch_that_is_no_number_of_seconds_is_refused(string epoch)
    {
        var failure = await Should.ThrowAsync<DiagnosedException>(() =>
            PackAsync(Publish("a"), "image", EnvironmentVariables.None.With("SOURCE_DATE_EPOCH", epoch))
        );

        failure.Diagnostic.Code.ShouldBe(EcrCode.PropertyValueInvalid);
        failure.Diagnostic.Message.ShouldContain($"'{epoch}'");
    }

    [Fact]
    public async Task A_layer_that_the_SDK_did_not_leave_is_an_error_that_names_its_place()
    {
        var packing = Packing(Publish("a"), "image", EnvironmentVariables.None, Built);
        Directory.Delete(Path.Combine(_folder, "cache"), recursive: true);

        var failure = await Should.ThrowAsync<PushException>(() => packing.RunAsync(Token));

        failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
        failure.Message.ShouldContain(Path.Combine(_folder, "cache"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_an_error_that_names_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var output = Publish("a");
        File.CreateSymbolicLink(Path.Combine(output, "dangling.txt"), "missing.txt");

        var failure = await Should.ThrowAsync<PushException>(() => PackAsync(output, "image"));

        failure.Code.ShouldBe(EcrCode.ArchiveInvalid);
        failure.Message.ShouldContain("dangling.txt");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Publish(string name)
    {
        var output = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (
            var (file, content) in new[]
            {
                ("App.dll", "app"),
                ("Lib.dll", "lib"),
                ("de/Lib.resources.dll", "de"),
                ("native.so", "native"),
                ("System.Private.CoreLib.dll", "runtime"),
                ("wwwroot/site.css", "a{}/*1*/"),
            }
        )
        {
            var path = Path.Combine(output, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        Directory.CreateDirectory(Path.Combine(output, "empty"));
        return output;
    }

    private ImagePacking Packing(string? publishFolder, string layout, EnvironmentVariables environment, string built)
    {
        var cache = Directory
            .CreateDirectory(Path.Combine(_folder, "cache", "dotnet", "Containers", "Content"))
            .FullName;
        File.WriteAllBytes(Path.Combine(cache, $"{Digest.Compute(Template)[7..]}.tar.gz"), Template);
        return new()
        {
            Manifest =
                $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","unknown":"kept + as it is","config":{"mediaType":"{{MediaTypes.OciConfig}}","size":1,"digest":"x"},"layers":[{"mediaType":"{{MediaTypes.OciGzipLayer}}","size":4119,"digest":"{{BaseLayer}}"},{"mediaType":"{{MediaTypes.OciGzipLayer}}","size":{{Template.Length}},"digest":"{{Digest.Compute(Template)}}"}]}""",
            Configuration =
                $$$"""{"config":{"Labels":{"org.opencontainers.image.created":"{{{built}}}","org.opencontainers.artifact.created":"2020-02-02T00:00:00Z"},"WorkingDir":"/srv/x/","Entrypoint":["dotnet","/srv/x/App.dll"]},"created":"{{{built}}}","rootfs":{"type":"layers","diff_ids":["{{{BaseLayer}}}","x"]},"architecture":"amd64","os":"linux","history":[{"created":"1970-01-01T00:00:00Z"},{"author":".NET SDK","created":"{{{built}}}"}]}""",
            PublishFolder = publishFolder,
            Items =
            [
                new("Lib.dll", "/elsewhere/Lib.dll", "Some.Package"),
                new(@"de\Lib.resources.dll", "/elsewhere/de/Lib.resources.dll", "Some.Package"),
                // Content that the targets of a package add names no package.
                new("native.so", Path.Combine(Packages, "other", "native.so"), ""),
                new("System.Private.CoreLib.dll", "/elsewhere/x", "Microsoft.NETCore.App.Runtime.linux-x64"),
                new("App.dll", "/project/obj/App.dll", ""),
            ],
            PackageFolders = [Packages],
            Layout = Path.Combine(_folder, layout),
            Environment = environment
                .With("XDG_CACHE_HOME", Path.Combine(_folder, "cache"))
                .With("LOCALAPPDATA", Path.Combine(_folder, "cache")),
        };
    }

    private async Task<IReadOnlyList<Layer>> PackAsync(
        string? publishFolder,
        string layout,
        EnvironmentVariables? environment = null,
        string built = Built
    )
    {
        await Packing(publishFolder, layout, environment ?? EnvironmentVariables.None, built).RunAsync(Token);
        var (manifest, configuration) = Documents(layout);
        var layers = new List<Layer>();
        foreach (
            var (descriptor, index) in manifest["layers"]!.AsArray().Select((layer, index) => (layer!, index)).Skip(1)
        )
        {
            var digest = descriptor["digest"]!.GetValue<string>();
            var blob = await File.ReadAllBytesAsync(Path.Combine(_folder, layout, Digest.FileName(digest)), Token);
            blob.Length.ShouldBe(descriptor["size"]!.GetValue<int>());
            Digest.Compute(blob).ShouldBe(digest);
            using var plain = new MemoryStream();
            await using (var gzip = new GZipStream(new MemoryStream(blob), CompressionMode.Decompress))
            {
                await gzip.CopyToAsync(plain, Token);
            }

            if (publishFolder is not null)
            {
                configuration["rootfs"]!["diff_ids"]![index]!
                    .GetValue<string>()
                    .ShouldBe(Digest.Compute(plain.ToArray()));
            }

            plain.Position = 0;
            using var tar = new TarReader(plain);
            var entries = new List<TarEntry>();
            while (await tar.GetNextEntryAsync(copyData: true, Token) is { } entry)
            {
                entries.Add(entry);
            }

            layers.Add(new(digest, configuration["history"]![index]!["comment"]?.GetValue<string>(), entries));
        }

        return layers;
    }

    private string Root(string layout) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, layout, "index.json")))!["manifests"]![0]![
            "digest"
        ]!.GetValue<string>();

    private (JsonNode Manifest, JsonNode Configuration) Documents(string layout)
    {
        var manifest = Read(Root(layout));
        return (manifest, Read(manifest["config"]!["digest"]!.GetValue<string>()));

        JsonNode Read(string digest) =>
            JsonNode.Parse(File.ReadAllBytes(Path.Combine(_folder, layout, Digest.FileName(digest))))!;
    }

    private static IEnumerable<string> Names(Layer layer) => layer.Entries.Select(entry => entry.Name.TrimEnd('/'));

    private static byte[] Tar(TarEntry entry)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            tar.WriteEntry(entry);
        }

        return stream.ToArray();
    }

    private sealed record Layer(string Digest, string? Comment, IReadOnlyList<TarEntry> Entries);
}
