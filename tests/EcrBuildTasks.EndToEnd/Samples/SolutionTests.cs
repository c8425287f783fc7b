using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>The sample FiveServices, a solution of five services and two libraries, with a test project.</summary>
public sealed class SolutionTests(SolutionTests.Sample sample) : IClassFixture<SolutionTests.Sample>
{
    private const string Requested = "-p:EcrPushRequested=true";
    private static readonly string[] Services = ["Billing", "Catalog", "Gateway", "Orders", "Shipping"];

    [Fact]
    public async Task The_services_of_a_solution_are_pushed_and_its_libraries_and_tests_are_skipped_with_a_message_each()
    {
        await using var emulator = await EmulatorAsync();
        var solution = await sample.PushedToAsync(emulator);

        var build = (await solution.PublishAsync("-m:4", Requested)).ShouldSucceed();

        PushedRepositories(emulator).ShouldBe(Services.Select(RepositoryOf), ignoreOrder: true);
        foreach (var skipped in new[] { "Contracts.csproj", "Telemetry.csproj", "Orders.Tests.csproj" })
        {
            build.Output.Split($"{skipped} is not pushed: ").Length.ShouldBe(2, build.ToString());
        }
    }

    [Theory]
    [InlineData("-m:1")]
    [InlineData("-m:4")]
    public async Task When_one_service_is_denied_none_is_pushed(string nodes)
    {
        await using var emulator = await EmulatorAsync(denied: "Orders");
        var solution = await sample.PushedToAsync(emulator);

        var build = await solution.PublishAsync(nodes, Requested);

        build.ShouldFailWith("ECR2001").LineOf("ECR2001").ShouldStartWith("Orders.csproj : ");
        PushedRepositories(emulator).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_that_is_denied_is_not_compiled()
    {
        await using var emulator = await EmulatorAsync(denied: "Billing");
        var solution = await sample.NeverBuiltAsync(emulator);

        (await solution.PublishAsync("-m:4", Requested)).ShouldFailWith("ECR2001");

        Directory.EnumerateFiles(solution.Folder, "Billing.dll", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_preflight_of_a_solution_compiles_nothing_and_a_graph_build_pushes_what_it_allows()
    {
        await using var emulator = await EmulatorAsync();
        var solution = await sample.NeverBuiltAsync(emulator);

        var preflight = (await solution.RunAsync("build", "/t:EcrPreflight", "-m:4")).ShouldSucceed();
        var compiled = Directory.EnumerateFiles(solution.Folder, "*.dll", SearchOption.AllDirectories).ToList();
        (await solution.PublishAsync("-graph", "--no-restore")).ShouldSucceed();

        compiled.ShouldBeEmpty();
        preflight.Output.Split("Preflight passed: ").Length.ShouldBe(Services.Length + 1);
        PushedRepositories(emulator).ShouldBe(Services.Select(RepositoryOf), ignoreOrder: true);
    }

    [Theory]
    [InlineData("ContainerRepository")]
    [InlineData("EcrRepository")]
    public async Task One_repository_for_all_services_is_refused(string property)
    {
        await using var emulator = await EmulatorAsync();
        var solution = await sample.PushedToAsync(emulator);

        var build = await solution.PublishAsync(Requested, $"-p:{property}=five-services/orders");

        build.ShouldFailWith("ECR1004").LineOf("ECR1004").ShouldContain("Billing.csproj and Catalog.csproj");
        PushedRepositories(emulator).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_test_project_that_is_named_is_pushed()
    {
        await using var emulator = await EmulatorAsync();
        var solution = await sample.PushedToAsync(emulator);

        var build = await solution.PublishAsync("tests/Orders.Tests", "-p:EcrRepository=five-services/orders");

        build.ShouldSucceed();
        PushedRepositories(emulator).ShouldBe([RepositoryOf("Orders")]);
    }

    public sealed class Sample(ProductFixture product)
    {
        private readonly Lazy<Task<DotnetProject>> solution = new(() => CreateAsync(product));

        internal async Task<DotnetProject> PushedToAsync(EcrEmulator emulator) =>
            (await solution.Value).PushedTo(emulator);

        private static async Task<DotnetProject> CreateAsync(ProductFixture product)
        {
            var made = await product.CreateSampleAsync("FiveServices");
            var tests = Directory.CreateDirectory(Path.Combine(made.Folder, "tests", "Orders.Tests")).FullName;
            await File.WriteAllTextAsync(Path.Combine(tests, "Program.cs"), "return 0;");
            await File.WriteAllTextAsync(
                Path.Combine(tests, "Orders.Tests.csproj"),
                """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><OutputType>Exe</OutputType><IsTestProject>true</IsTestProject></PropertyGroup>
                </Project>
                """
            );
            var file = Path.Combine(made.Folder, "FiveServices.slnx");
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(
                file,
                text.Replace(
                    "</Solution>",
                    """<Project Path="tests/Orders.Tests/Orders.Tests.csproj" /></Solution>""",
                    StringComparison.Ordinal
                )
            );
            return made;
        }

        /// <summary>As after a fresh clone.</summary>
        internal async Task<DotnetProject> NeverBuiltAsync(EcrEmulator emulator)
        {
            var pushed = await PushedToAsync(emulator);
            var outputs = Directory
                .EnumerateDirectories(pushed.Folder, "*", SearchOption.AllDirectories)
                .Where(folder => Path.GetFileName(Path.GetDirectoryName(folder)) is "bin" or "obj")
                .ToList();
            outputs.ForEach(folder => Directory.Delete(folder, recursive: true));
            return pushed;
        }
    }

    private static Task<EcrEmulator> EmulatorAsync(string? denied = null) =>
        Scenario.StartWithAsync([
            .. Services.Select(service => new EmulatedRepository(RepositoryOf(service))
            {
                Policy = service == denied ? null : Scenario.AllowCi,
            }),
        ]);

    private static string RepositoryOf(string service) => $"five-services/{service.ToLowerInvariant()}";

    private static IEnumerable<string> PushedRepositories(EcrEmulator emulator) =>
        emulator.Images().Select(image => image.Repository).Distinct(StringComparer.Ordinal);
}
