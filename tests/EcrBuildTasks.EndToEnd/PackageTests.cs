using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

public sealed class PackageTests(ProductFixture product)
{
    private static readonly string[] Entries =
    [
        "EcrBuildTasks.nuspec",
        "README.md",
        "build/EcrBuildTasks.props",
        "build/EcrBuildTasks.targets",
        "buildMultiTargeting/EcrBuildTasks.targets",
        "tasks/net10.0/AWSSDK.Core.dll",
        "tasks/net10.0/AWSSDK.Extensions.Numerics.dll",
        "tasks/net10.0/AWSSDK.SSO.dll",
        "tasks/net10.0/AWSSDK.SSOOIDC.dll",
        "tasks/net10.0/AWSSDK.SecurityToken.dll",
        "tasks/net10.0/Docker.DotNet.Handler.Abstractions.dll",
        "tasks/net10.0/Docker.DotNet.LegacyHttp.dll",
        "tasks/net10.0/Docker.DotNet.NPipe.dll",
        "tasks/net10.0/Docker.DotNet.NativeHttp.dll",
        "tasks/net10.0/Docker.DotNet.Unix.dll",
        "tasks/net10.0/Docker.DotNet.dll",
        "tasks/net10.0/EcrBuildTasks.Core.dll",
        "tasks/net10.0/EcrBuildTasks.Tasks.deps.json",
        "tasks/net10.0/EcrBuildTasks.Tasks.dll",
        "tasks/net10.0/Microsoft.Extensions.DependencyInjection.Abstractions.dll",
        "tasks/net10.0/Microsoft.Extensions.Logging.Abstractions.dll",
        "tasks/net10.0/Microsoft.Net.Http.Client.dll",
        "tasks/net10.0/System.IO.Hashing.dll",
    ];

    [Fact]
    public async Task The_package_holds_these_files_and_no_others()
    {
        using var package = await ZipFile.OpenReadAsync(
            await product.PackageAsync(),
            TestContext.Current.CancellationToken
        );

        var entries = package.Entries.Select(entry => entry.FullName).Where(name => !IsPackaging(name)).ToList();

        entries.ShouldBe([.. Entries], ignoreOrder: true);
    }

    [Fact]
    public async Task The_tasks_bring_no_MSBuild_of_their_own_and_all_that_a_login_by_IAM_Identity_Center_needs()
    {
        var tasks = (await TasksAsync(await product.PackageAsync())).Keys;

        tasks.ShouldNotContain(name => name.StartsWith("Microsoft.Build", StringComparison.Ordinal));
        tasks.ShouldContain("AWSSDK.SSO.dll");
        tasks.ShouldContain("AWSSDK.SSOOIDC.dll");
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

        first.ShouldContainKey("EcrBuildTasks.Tasks.dll");
        first.ShouldContainKey("EcrBuildTasks.Core.dll");
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
            hashes.Add(entry.Name, Convert.ToHexString(hash));
        }

        return hashes;
    }
}
