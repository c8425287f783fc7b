using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

public sealed class PackageTests(ProductFixture product)
{
    private const string CompiledAhead = "tasks/net10.0/linux-x64/";

    private static readonly string[] Entries =
    [
        "EcrBuildTasks.nuspec",
        "README.md",
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
        using var package = await ZipFile.OpenReadAsync(
            await product.PackageAsync(),
            TestContext.Current.CancellationToken
        );
        await using var stream = await package
            .GetEntry("EcrBuildTasks.nuspec")!
            .OpenAsync(TestContext.Current.CancellationToken);
        var nuspec = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);

        var metadata = nuspec.Root!.Elements().Single(element => element.Name.LocalName == "metadata");

        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Value("id").ShouldBe("EcrBuildTasks");
        Value("version").ShouldBe(product.Version);
        Value("developmentDependency").ShouldBe("true");
        nuspec.Descendants().ShouldNotContain(element => element.Name.LocalName == "dependency");
    }

    [Fact]
    public async Task Packing_the_same_sources_again_gives_the_same_assemblies_byte_for_byte()
    {
        var first = await TasksAsync(await product.PackageAsync());

        var second = await TasksAsync(await product.PackAsync("again"));

        first.ShouldContainKey("tasks/net10.0/EcrBuildTasks.Core.dll");
        first.ShouldContainKey(CompiledAhead + "EcrBuildTasks.Core.dll");
        second.ShouldBe(first, ignoreOrder: true);
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
