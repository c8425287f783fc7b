using System.Text.Json;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>The sample FiveServices: a solution of five services and two libraries, in one folder for all of these pushes.</summary>
public sealed class SolutionTests(SolutionTests.Sample sample) : IClassFixture<SolutionTests.Sample>
{
    private static readonly string[] Services = ["Billing", "Catalog", "Gateway", "Orders", "Shipping"];

    [Fact]
    public async Task The_services_of_a_solution_are_pushed_and_its_libraries_are_not_in_a_new_process_and_in_a_build_server()
    {
        RepositoryOwner.RequirePrograms();
        await using var emulator = await EmulatorAsync();
        var solution = await sample.PushedToAsync(emulator);

        var alone = (await solution.PublishAsync("-m:1")).ShouldSucceed();
        foreach (var service in Services)
        {
            alone.Output.ShouldContain($"Pushed {emulator.Endpoint.Authority}/{RepositoryOf(service)}:1.0.0@");
        }

        // A salt of its own keeps this server apart from those of other builds on this machine.
        solution
            .With("MSBUILDDISABLENODEREUSE", null)
            .With("DOTNET_CLI_USE_MSBUILD_SERVER", "1")
            .With("MSBUILDNODEHANDSHAKESALT", $"{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(
            Path.Combine(solution.Folder, "Directory.Build.targets"),
            """
            <Project>
              <Target Name="TellProcess" AfterTargets="PushToEcr">
                <Message Importance="high" Text="$([System.Environment]::CommandLine)" />
              </Target>
            </Project>
            """,
            TestContext.Current.CancellationToken
        );
        try
        {
            foreach (var tag in new[] { "first", "second" })
            {
                var served = (await solution.PublishAsync("--no-restore", $"-p:EcrImageTags={tag}")).ShouldSucceed();
                served.Output.ShouldContain("nodemode:8");
            }
        }
        finally
        {
            await solution.RunAsync("build-server", "shutdown", "--msbuild");
            solution.With("MSBUILDDISABLENODEREUSE", "1").With("DOTNET_CLI_USE_MSBUILD_SERVER", "0");
        }

        foreach (var service in Services)
        {
            using var owner = new RepositoryOwner(emulator, RepositoryOf(service));
            (await owner.TagsAsync()).ShouldBe(["1.0.0", "first", "second"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task When_one_service_of_a_solution_may_not_be_pushed_none_is_and_the_errors_say_which()
    {
        await using var emulator = await EmulatorAsync(forbidden: "Billing");
        var solution = await sample.NeverBuiltAsync(emulator);
        using var github = new PipelineSystem("GitHub", solution);

        // Of four nodes one sees the command line, and asks before any of them compiles.
        var build = await solution.PublishAsync("-m:4");

        build.ShouldFailWith("ECR2001", "ECR1009");
        build.LineOf("ECR2001").ShouldStartWith("Billing.csproj : ");
        Directory.EnumerateFiles(solution.Folder, "*.dll", SearchOption.AllDirectories).ShouldBeEmpty();
        var heldBack = build.LineOf("ECR1009");
        heldBack.ShouldStartWith("FiveServices.slnx : ");
        heldBack.ShouldContain("the preflight has failed for: Billing. ");
        heldBack.ShouldContain("These wait for it: Catalog, Gateway, Orders, Shipping.");
        PushedManifests(emulator).ShouldBe(0);
        var told = github.TakeWhatItWasTold(build.Output);
        told.ShouldContain("::error title=ECR2001%3A ");
        told.ShouldContain("::error title=ECR1009%3A Another project of the solution cannot be pushed::No project of ");
        told.ShouldContain("### Error [ECR1009](");
    }

    [Fact]
    public async Task Each_service_is_asked_for_once_in_the_configuration_that_the_solution_maps_it_to()
    {
        await using var emulator = await EmulatorAsync(forbidden: "Orders");
        var solution = await sample.NeverBuiltAsync(emulator);
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(Path.Combine(solution.Folder, "mapped")).FullName, "Mapped.slnx"),
            """
            <Solution>
              <Project Path="../libraries/Telemetry/Telemetry.csproj" />
              <Project Path="../services/Billing/Billing.csproj"><BuildType Solution="Release|*" Project="Debug" /></Project>
              <Project Path="../services/Catalog/Catalog.csproj" />
              <Project Path="../services/Gateway/Gateway.csproj"><Build Solution="Release|*" Project="false" /></Project>
              <Project Path="../services/Orders/Orders.csproj" />
            </Solution>
            """,
            TestContext.Current.CancellationToken
        );

        var build = await solution.PublishAsync("mapped/Mapped.slnx");

        build.ShouldFailWith("ECR2001", "ECR1009");
        build.LineOf("ECR1009").ShouldContain("These wait for it: Billing, Catalog.");
        Directory
            .EnumerateFiles(solution.Folder, "preflight.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(solution.Folder, "services"), file).Split("/net10.0/")[0])
            .ShouldBe(["Billing/obj/Debug", "Catalog/obj/Release", "Orders/obj/Release"], ignoreOrder: true);
        emulator.Calls.Count(call => call is { Service: "ecr", Action: "BatchCheckLayerAvailability" }).ShouldBe(3);
    }

    [Fact]
    public async Task A_solution_filter_is_pushed_though_a_service_that_it_leaves_out_may_not_be()
    {
        await using var emulator = await EmulatorAsync(forbidden: "Billing");
        var solution = await sample.PushedToAsync(emulator);
        var filter = await FilterAsync(solution, "Orders");

        var build = (await solution.PublishAsync(filter)).ShouldSucceed();

        build.PushedUri.ShouldBe($"{emulator.Endpoint.Authority}/five-services/orders:1.0.0");
    }

    [Fact]
    public async Task After_a_push_of_a_solution_has_failed_no_other_begins()
    {
        await using var emulator = await EmulatorAsync(forbidden: "Billing");
        var solution = await sample.PushedToAsync(emulator);

        // One after the other, Billing first.
        var build = await solution.PublishAsync("-m:1", "-p:EcrPreflight=Off");

        build.ShouldFailWith("ECR2001", "ECR1009");
        build
            .LineOf("ECR1009")
            .ShouldStartWith(
                "Catalog.csproj : error ECR1009: five-services/catalog is not pushed, because the push of Billing has failed"
            );
        PushedManifests(emulator).ShouldBe(0);
    }

    [Theory]
    [InlineData("-m:1")]
    [InlineData("-m:4")]
    public async Task A_build_of_a_solution_filter_asks_for_the_services_that_it_names_only(string nodes)
    {
        await using var emulator = await EmulatorAsync(forbidden: "Billing");
        var solution = await sample.PushedToAsync(emulator);
        var filter = await FilterAsync(solution, "Orders", "Billing");

        var build = await solution.RunAsync("build", filter, "/t:PushToEcr", nodes);

        build.ShouldFailWith("ECR2001", "ECR1009");
        build.LineOf("ECR1009").ShouldContain("the preflight has failed for: Billing. ");
        build.LineOf("ECR1009").ShouldContain("These wait for it: Orders.");
    }

    public sealed class Sample(ProductFixture product)
    {
        private readonly Lazy<Task<DotnetProject>> solution = new(() => product.CreateSampleAsync("FiveServices"));

        internal async Task<DotnetProject> PushedToAsync(EcrEmulator emulator) =>
            (await solution.Value).PushedTo(emulator);

        /// <summary>As after a fresh clone and restore.</summary>
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

    private static Task<EcrEmulator> EmulatorAsync(string? forbidden = null) =>
        Scenario.StartWithAsync([
            .. Services.Select(service => new EmulatedRepository(RepositoryOf(service))
            {
                Policy = service == forbidden ? null : Scenario.AllowCi,
            }),
        ]);

    /// <summary>A filter of Contracts and these services, in a folder of its own, whose path is relative to the solution's.</summary>
    private static async Task<string> FilterAsync(DotnetProject solution, params string[] services)
    {
        var folder = Directory.CreateDirectory(Path.Combine(solution.Folder, "filters")).FullName;
        var projects = services.Select(service => $"services/{service}/{service}.csproj");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Some.slnf"),
            JsonSerializer.Serialize(
                new
                {
                    solution = new
                    {
                        path = "../FiveServices.slnx",
                        projects = projects.Prepend("libraries/Contracts/Contracts.csproj"),
                    },
                }
            ),
            TestContext.Current.CancellationToken
        );
        return "filters/Some.slnf";
    }

    private static string RepositoryOf(string service) => $"five-services/{service.ToLowerInvariant()}";

    private static int PushedManifests(EcrEmulator emulator) =>
        emulator.Calls.Count(call => call is { Service: "registry", Method: "PUT" });
}
