using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd;

public sealed class PackageTests(ProductFixture product)
{
    private const string CompiledAhead = "tasks/net10.0/linux-x64/";

    /// <summary>https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md#source-link-c-and-vb-compilers</summary>
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private static readonly string[] Entries =
    [
        "EcrBuildTasks.nuspec",
        "README.md",
        "THIRD-PARTY-NOTICES.txt",
        "bom.cdx.json",
        "icon.png",
        "build/EcrBuildTasks.targets",
        "buildMultiTargeting/EcrBuildTasks.targets",
    ];

    private static readonly string[] TaskFiles =
    [
        "AWSSDK.Core.dll",
        "AWSSDK.Extensions.Numerics.dll",
        "AWSSDK.SSO.dll",
        "AWSSDK.SSOOIDC.dll",
        "AWSSDK.SecurityToken.dll",
        "Docker.DotNet.Handler.Abstractions.dll",
        "Docker.DotNet.LegacyHttp.dll",
        "Docker.DotNet.NPipe.dll",
        "Docker.DotNet.NativeHttp.dll",
        "Docker.DotNet.Unix.dll",
        "Docker.DotNet.dll",
        "EcrBuildTasks.Core.dll",
        "EcrBuildTasks.Policies.dll",
        "EcrBuildTasks.Tasks.deps.json",
        "EcrBuildTasks.Tasks.dll",
        "Microsoft.Extensions.DependencyInjection.Abstractions.dll",
        "Microsoft.Extensions.Logging.Abstractions.dll",
        "Microsoft.Net.Http.Client.dll",
        "NuGet.Versioning.dll",
        "Polly.Core.dll",
        "System.IO.Hashing.dll",
    ];

    [Fact]
    public async Task The_package_holds_these_files_and_no_others()
    {
        using var package = await ZipFile.OpenReadAsync(
            await product.PackageAsync(),
            TestContext.Current.CancellationToken
        );

        var entries = package.Entries.Select(entry => entry.FullName).Where(name => !IsPackaging(name)).ToList();

        entries.ShouldBe(
            [
                .. Entries,
                .. TaskFiles.Select(name => "tasks/net10.0/" + name),
                .. TaskFiles.Select(name => CompiledAhead + name),
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task The_package_of_the_emulator_is_a_library_that_needs_only_ASP_NET_Core()
    {
        using var package = await ZipFile.OpenReadAsync(
            await product.EmulatorPackageAsync(),
            TestContext.Current.CancellationToken
        );
        await using var stream = await package
            .GetEntry("EcrBuildTasks.Emulator.nuspec")!
            .OpenAsync(TestContext.Current.CancellationToken);
        var nuspec = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);

        package
            .Entries.Select(entry => entry.FullName)
            .Where(name => name.StartsWith("lib/", StringComparison.Ordinal))
            .ShouldBe(
                [
                    "lib/net10.0/EcrBuildTasks.Emulator.dll",
                    "lib/net10.0/EcrBuildTasks.Emulator.xml",
                    "lib/net10.0/EcrBuildTasks.Policies.dll",
                ],
                ignoreOrder: true
            );
        nuspec.Descendants().ShouldNotContain(element => element.Name.LocalName == "dependency");
        nuspec
            .Descendants()
            .Single(element => element.Name.LocalName == "frameworkReference")
            .Attribute("name")!
            .Value.ShouldBe("Microsoft.AspNetCore.App");
    }

    [Fact]
    public async Task The_tasks_bring_no_MSBuild_of_their_own_and_all_that_a_login_by_IAM_Identity_Center_needs()
    {
        var tasks = (await TasksAsync(await product.PackageAsync())).Keys;

        tasks.ShouldNotContain(name => name.Contains("/Microsoft.Build", StringComparison.Ordinal));
        tasks.ShouldContain("tasks/net10.0/AWSSDK.SSO.dll");
        tasks.ShouldContain("tasks/net10.0/AWSSDK.SSOOIDC.dll");
    }

    [Fact]
    public async Task The_package_is_a_development_dependency_and_depends_on_nothing()
    {
        var metadata = await MetadataAsync();

        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Value("id").ShouldBe("EcrBuildTasks");
        Value("version").ShouldBe(product.Version);
        Value("developmentDependency").ShouldBe("true");
        metadata.Descendants().ShouldNotContain(element => element.Name.LocalName == "dependency");
    }

    [Fact]
    public async Task The_package_says_what_a_feed_shows_of_it()
    {
        var metadata = await MetadataAsync();

        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Value("license").ShouldBe("Apache-2.0");
        Value("readme").ShouldBe("README.md");
        Value("icon").ShouldBe("icon.png");
        Value("projectUrl").ShouldStartWith("https://");
        Value("tags").Split(' ').ShouldContain("ecr");
        Value("releaseNotes").ShouldStartWith("## ");
        var repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
        repository.Attribute("type")!.Value.ShouldBe("git");
        repository.Attribute("commit")!.Value.Length.ShouldBe(40);
    }

    [Fact]
    public async Task The_bill_of_materials_names_what_the_package_brings_of_others_and_nothing_else()
    {
        using var package = await ZipFile.OpenReadAsync(
            await product.PackageAsync(),
            TestContext.Current.CancellationToken
        );
        var bill = await ReadJsonAsync(package, "bom.cdx.json");
        var assemblies = await ReadJsonAsync(package, "tasks/net10.0/EcrBuildTasks.Tasks.deps.json");

        (
            bill["metadata"]!["component"]!["name"]!.ToString(),
            bill["metadata"]!["component"]!["version"]!.ToString()
        ).ShouldBe(("EcrBuildTasks", product.Version));
        bill["components"]!
            .AsArray()
            .Select(component => $"{component!["name"]}/{component["version"]}")
            .ShouldBe(
                assemblies["libraries"]!
                    .AsObject()
                    .Where(library => library.Value!["type"]!.ToString() == "package")
                    .Select(library => library.Key),
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task The_notices_name_the_package_of_each_assembly_with_its_license()
    {
        using var package = await ZipFile.OpenReadAsync(
            await product.PackageAsync(),
            TestContext.Current.CancellationToken
        );
        var libraries = (await ReadJsonAsync(package, "tasks/net10.0/EcrBuildTasks.Tasks.deps.json"))["targets"]!
            .AsObject()
            .Single()
            .Value!.AsObject();
        using var reader = new StreamReader(
            await package.GetEntry("THIRD-PARTY-NOTICES.txt")!.OpenAsync(TestContext.Current.CancellationToken)
        );
        var notices = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');

        foreach (var assembly in TaskFiles.Where(file => file.EndsWith(".dll") && !file.StartsWith("EcrBuildTasks.")))
        {
            var component = libraries
                .Single(library =>
                    library.Value!["runtime"]?.AsObject().Any(file => file.Key.EndsWith($"/{assembly}")) is true
                )
                .Key.Replace('/', ' ');
            // Once in the list, above its license, and once above the text of the license.
            notices.Count(line => line == component).ShouldBeGreaterThanOrEqualTo(2, assembly);
            notices[Array.IndexOf(notices, component) + 1].ShouldMatch("^  (Apache-2.0|MIT|BSD-3-Clause)$", assembly);
        }
    }

    [Fact]
    public async Task The_assemblies_carry_their_symbols()
    {
        using var package = await ZipFile.OpenReadAsync(
            await product.PackageAsync(),
            TestContext.Current.CancellationToken
        );
        await using var stream = await package
            .GetEntry("tasks/net10.0/EcrBuildTasks.Core.dll")!
            .OpenAsync(TestContext.Current.CancellationToken);
        using var assembly = new MemoryStream();
        await stream.CopyToAsync(assembly, TestContext.Current.CancellationToken);
        using var image = new PEReader(new MemoryStream(assembly.ToArray()));

        var symbols = image
            .ReadDebugDirectory()
            .Single(entry => entry.Type is DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
        provider.GetMetadataReader().Documents.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_debugger_finds_the_sources_of_the_assemblies_at_the_commit_that_they_were_built_from()
    {
        var repository = (await MetadataAsync()).Elements().Single(element => element.Name.LocalName == "repository");
        using var clone = await ClonedSources.CreateAsync(repository.Attribute("url")!.Value);

        var assembly = await clone.BuildCoreAsync();

        var (links, documents) = SymbolsOf(assembly);
        var pattern = links.Single();
        pattern.Value.ShouldBe($"https://raw.githubusercontent.com/EcrBuildTasks/EcrBuildTasks/{clone.Commit}/*");
        var folder = pattern.Key.TrimEnd('*');
        documents.ShouldContain($"{folder}src/EcrBuildTasks.Core/PushPipeline.cs");
        documents.ShouldAllBe(document => document.StartsWith(folder, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Packing_the_same_sources_again_gives_the_same_package_byte_for_byte()
    {
        var first = await product.PackageAsync();

        var second = await product.PackAsync("again");

        var (tasks, again) = (await TasksAsync(first), await TasksAsync(second));
        tasks.ShouldContainKey("tasks/net10.0/EcrBuildTasks.Core.dll");
        tasks.ShouldContainKey(CompiledAhead + "EcrBuildTasks.Core.dll");
        again.ShouldBe(tasks, ignoreOrder: true);
        (await HashAsync(second)).ShouldBe(await HashAsync(first));
    }

    [Fact]
    public async Task Packing_writes_nothing_among_the_sources()
    {
        await product.PackageAsync();

        string[] own = ["bin", "obj"];
        new DirectoryInfo(Path.Combine(SourceTree.Root, "src", "EcrBuildTasks"))
            .EnumerateDirectories()
            .Select(folder => folder.Name)
            .Except(own)
            .ShouldBeEmpty();
    }

    /// <summary>What a debugger reads of an assembly: where each of its documents is to be had.</summary>
    private static (Dictionary<string, string> Links, IReadOnlyList<string> Documents) SymbolsOf(string assembly)
    {
        using var image = new PEReader(new MemoryStream(File.ReadAllBytes(assembly)));
        var entry = image
            .ReadDebugDirectory()
            .Single(entry => entry.Type is DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        var symbols = provider.GetMetadataReader();
        var link = symbols
            .CustomDebugInformation.Select(symbols.GetCustomDebugInformation)
            .Single(information => symbols.GetGuid(information.Kind) == SourceLink);
        var map = JsonNode.Parse(symbols.GetBlobBytes(link.Value))!["documents"]!.AsObject();
        return (
            map.ToDictionary(pair => pair.Key, pair => pair.Value!.ToString(), StringComparer.Ordinal),
            [.. symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name))]
        );
    }

    private async Task<XElement> MetadataAsync()
    {
        using var package = await ZipFile.OpenReadAsync(
            await product.PackageAsync(),
            TestContext.Current.CancellationToken
        );
        await using var stream = await package
            .GetEntry("EcrBuildTasks.nuspec")!
            .OpenAsync(TestContext.Current.CancellationToken);
        var nuspec = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);
        return nuspec.Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    private static async Task<string> HashAsync(string file) =>
        Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));

    private static async Task<JsonNode> ReadJsonAsync(ZipArchive package, string name)
    {
        await using var stream = await package.GetEntry(name)!.OpenAsync(TestContext.Current.CancellationToken);
        return (
            await JsonNode.ParseAsync(stream, cancellationToken: TestContext.Current.CancellationToken)
        ).ShouldNotBeNull();
    }

    /// <summary>What the container format itself needs, under names that differ from package to package.</summary>
    private static bool IsPackaging(string name) =>
        name is "_rels/.rels" or "[Content_Types].xml"
        || name.StartsWith("package/services/", StringComparison.Ordinal);

    /// <summary>The hash of each assembly for MSBuild.</summary>
    private static async Task<Dictionary<string, string>> TasksAsync(string file)
    {
        using var package = await ZipFile.OpenReadAsync(file, TestContext.Current.CancellationToken);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var entry in package.Entries.Where(entry =>
                entry.FullName.StartsWith("tasks/net10.0/", StringComparison.Ordinal)
                && entry.Name.EndsWith(".dll", StringComparison.Ordinal)
            )
        )
        {
            await using var stream = await entry.OpenAsync(TestContext.Current.CancellationToken);
            var hash = await SHA256.HashDataAsync(stream, TestContext.Current.CancellationToken);
            hashes.Add(entry.FullName, Convert.ToHexString(hash));
        }

        return hashes;
    }
}
